package org.bolide.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What the bundles that were just built say about their configuration (OSGi Compendium 7, section 105). */
final class Metatype {

    /**
     * The configuration of one PID.
     *
     * @param bundle the folder of the bundle
     */
    record Definition(String pid, boolean factory, Path bundle, List<Key> keys) {

        /** The name of a file with such a configuration. */
        String file() {
            return factory ? pid + "~NAME.cfg.json" : pid + ".cfg";
        }
    }

    /** One key, each part as the tables write it. */
    record Key(String id, String type, String defaultValue, String allowed, String description) {

        List<String> row() {
            return List.of("`" + id + "`", type, defaultValue, allowed, description);
        }
    }

    private Metatype() {
    }

    /** All definitions by PID. */
    static Map<String, Definition> definitions() {
        Map<String, Definition> byPid = new TreeMap<>();
        for (Path pom : Documents.files(Documents.TOP.resolve("bundles"), path -> path.endsWith("pom.xml"))) {
            Path classes = pom.resolveSibling("target/classes/OSGI-INF/metatype");
            if (classes.toFile().isDirectory()) {
                Documents.files(classes, path -> path.toString().endsWith(".xml"))
                        .forEach(file -> read(file, pom.getParent(), byPid));
            }
        }
        return byPid;
    }

    private static void read(Path file, Path bundle, Map<String, Definition> byPid) {
        Document document = parse(file);
        for (Element designate : elements(document.getDocumentElement(), "Designate")) {
            boolean factory = !designate.getAttribute("factoryPid").isEmpty();
            String pid = designate.getAttribute(factory ? "factoryPid" : "pid");
            String reference = elements(designate, "Object").get(0).getAttribute("ocdref");
            List<Key> keys = elements(document.getDocumentElement(), "OCD").stream()
                    .filter(ocd -> ocd.getAttribute("id").equals(reference))
                    .flatMap(ocd -> elements(ocd, "AD").stream())
                    .map(Metatype::key)
                    .toList();
            byPid.put(pid, new Definition(pid, factory, bundle, keys));
        }
    }

    private static Key key(Element ad) {
        boolean list = !List.of("", "0").contains(ad.getAttribute("cardinality"));
        String type = switch (ad.getAttribute("type")) {
            case "String", "Password" -> list ? "texts" : "text";
            case "Boolean" -> "boolean";
            case "Float", "Double" -> list ? "numbers" : "number";
            default -> list ? "integers" : "integer";
        };
        String value = ad.getAttribute("default");
        boolean required = !"false".equals(ad.getAttribute("required")) && !ad.hasAttribute("default") && !list;
        return new Key(ad.getAttribute("id"), type, required ? "required" : value.isEmpty() ? "" : "`" + value + "`",
                allowed(ad), ad.getAttribute("description"));
    }

    private static String allowed(Element ad) {
        List<String> options = elements(ad, "Option").stream().map(option -> option.getAttribute("value")).toList();
        if (!options.isEmpty()) {
            return options.stream().collect(Collectors.joining("`, `", "`", "`"));
        }
        return Stream.of(bound("from ", ad.getAttribute("min")), bound("to ", ad.getAttribute("max")))
                .filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
    }

    private static String bound(String word, String value) {
        return value.isEmpty() ? "" : word + value;
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static Document parse(Path file) {
        try {
            return DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(file.toFile());
        } catch (Exception e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }
}
