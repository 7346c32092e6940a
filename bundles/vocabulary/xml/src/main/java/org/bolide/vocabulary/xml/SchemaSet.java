package org.bolide.vocabulary.xml;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.XMLConstants;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;

import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * XSD files put together into one schema. For each target namespace a document is written that includes its files, so
 * that several files may share a namespace; whatever imports a namespace gets that document. Events' envelopes are
 * written into it, too. The processor has all it reads from memory, and nothing else.
 */
final class SchemaSet {

    private static final Pattern CODE = Pattern.compile("^[A-Za-z][\\w]*[.-][\\w.-]*: ?");
    private static final int MAX_LENGTH = 400;
    /** The names under which the processor knows the documents: these, or {@link #FILE} and a number. */
    private static final String ALL = "file:///schemas/all";
    private static final String NAMESPACE = "file:///schemas/namespace/";
    private static final String FILE = "file:///schemas/file/";
    private static final Pattern NAME = Pattern.compile("file:///schemas/(?:all|\\w+/\\d+)");

    private final List<Xsd> files;
    private final Map<Path, Integer> numbers = new HashMap<>();
    private final SortedMap<String, List<Xsd>> tops;
    private final List<String> namespaces;
    private final Set<QName> envelopes;
    private final SortedMap<Path, String> faults = new TreeMap<>();

    /** @param envelopes the root elements that hold one of the files' types each; empty if the files have the roots */
    SchemaSet(SortedMap<Path, Xsd> files, Set<QName> envelopes) {
        this.files = List.copyOf(files.values());
        this.files.forEach(file -> numbers.put(file.path(), numbers.size()));
        this.envelopes = envelopes;
        tops = tops();
        Set<String> all = new TreeSet<>(tops.keySet());
        envelopes.forEach(envelope -> all.add(envelope.getNamespaceURI()));
        namespaces = List.copyOf(all);
        checkReferences();
        if (!envelopes.isEmpty() && types().isEmpty()) {
            faults.put(Path.of(""), "no file declares a global element that an envelope could hold");
        }
    }

    /** The schema; empty if there are {@link #faults}. */
    Optional<Schema> compile() {
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        try {
            // The JDK's own, never one that happens to be on the class path.
            SchemaFactory factory = SchemaFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            // What the resolver gives bears such names; it gives all there is, so that no file is ever opened by its name.
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "file");
            DOMImplementationLS inputs = (DOMImplementationLS) DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder().getDOMImplementation().getFeature("LS", "3.0");
            factory.setResourceResolver((type, namespace, publicId, reference, base) -> {
                String id = resolve(namespace, reference, base);
                if (id == null) {
                    return null;
                }
                LSInput input = inputs.createLSInput();
                input.setSystemId(id);
                input.setByteStream(new ByteArrayInputStream(document(id)));
                return input;
            });
            factory.setErrorHandler(new Listener());
            Schema schema = factory.newSchema(new StreamSource(new ByteArrayInputStream(document(ALL)), ALL));
            return faults.isEmpty() ? Optional.of(schema) : Optional.empty();
        } catch (SAXParseException e) {
            fault(e);
        } catch (SAXException | StackOverflowError e) {
            faults.put(Path.of(""), "the schemas together cannot be compiled: " + e);
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("this Java's XML parser lacks what schemas need", e);
        }
        return Optional.empty();
    }

    /** What is wrong, the first of each file; the empty path stands for the set as a whole. */
    SortedMap<Path, String> faults() {
        return faults;
    }

    /** The elements that may be roots: the envelopes, or what the files declare. */
    Set<QName> roots() {
        return envelopes.isEmpty() ? types(true) : envelopes;
    }

    /**
     * The elements that an envelope may hold: of a file that declares one of its own name only that, because the others
     * are parts of it.
     */
    Set<QName> types() {
        return types(false);
    }

    private Set<QName> types(boolean all) {
        Set<QName> types = new LinkedHashSet<>();
        tops.forEach((namespace, list) -> {
            Set<String> names = new TreeSet<>();
            for (Xsd file : list) {
                String own = file.path().getFileName().toString().replaceFirst("\\.[^.]*$", "");
                if (!all && file.elements().contains(own)) {
                    names.add(own);
                } else {
                    reachable(file).forEach(each -> names.addAll(each.elements()));
                }
            }
            names.forEach(name -> types.add(new QName(namespace, name)));
        });
        types.removeAll(envelopes);
        return types;
    }

    /** The files that no other includes, by namespace; of files that include one another in a ring, the first. */
    private SortedMap<String, List<Xsd>> tops() {
        Set<Xsd> included = new LinkedHashSet<>();
        files.forEach(file -> included.addAll(includes(file)));
        List<Xsd> found = new ArrayList<>(files);
        found.removeAll(included);
        Set<Xsd> reached = new LinkedHashSet<>();
        found.forEach(file -> reached.addAll(reachable(file)));
        for (Xsd file : files) {
            if (!reached.contains(file)) {
                found.add(file);
                reached.addAll(reachable(file));
            }
        }
        SortedMap<String, List<Xsd>> byNamespace = new TreeMap<>();
        found.forEach(file -> byNamespace.computeIfAbsent(file.namespace(), namespace -> new ArrayList<>()).add(file));
        return byNamespace;
    }

    private Set<Xsd> reachable(Xsd file) {
        Set<Xsd> reachable = new LinkedHashSet<>(Set.of(file));
        List<Xsd> next = List.of(file);
        while (!next.isEmpty()) {
            next = next.stream().flatMap(each -> includes(each).stream()).filter(reachable::add).toList();
        }
        return reachable;
    }

    private List<Xsd> includes(Xsd file) {
        return file.references().stream().filter(reference -> !reference.isImport())
                .flatMap(reference -> reference.location().stream()).flatMap(location -> file.resolve(location).stream())
                .filter(numbers::containsKey).map(path -> files.get(numbers.get(path))).toList();
    }

    private void checkReferences() {
        for (Xsd file : files) {
            for (Xsd.Reference reference : file.references()) {
                reference.location().flatMap(location -> wrong(file, reference, location))
                        .ifPresent(why -> faults.putIfAbsent(file.path(), reference.place() + why));
            }
        }
    }

    private Optional<String> wrong(Xsd file, Xsd.Reference reference, String location) {
        Optional<Xsd> target = file.resolve(location).filter(numbers::containsKey).map(path -> files.get(numbers.get(path)));
        if (target.isEmpty()) {
            return Optional.of("it refers to " + location + ", which is not among the files that the key schemas names;"
                    + " nothing else is read: keep a copy there, and refer to it by its relative path");
        }
        return reference.isImport() && !reference.namespace().equals(target.get().namespace())
                ? Optional.of("it imports the namespace \"%s\" from %s, which has \"%s\"".formatted(
                        reference.namespace(), location, target.get().namespace()))
                : Optional.empty();
    }

    /** Null for an import, without a location, of a namespace that no file has: there is nothing to read. */
    private String resolve(String namespace, String reference, String base) {
        if (reference != null && reference.startsWith("file:///schemas/")) {
            return reference;
        }
        Xsd from = file(base).orElseThrow();
        if (reference == null || from.imports(reference)) {
            int number = namespaces.indexOf(namespace == null ? "" : namespace);
            return number < 0 ? null : NAMESPACE + number;
        }
        return FILE + numbers.get(from.resolve(reference).orElseThrow());
    }

    private byte[] document(String id) {
        if (id.equals(ALL)) {
            return SchemaWriter.all(namespaces, number -> NAMESPACE + number);
        }
        Optional<Xsd> file = file(id);
        if (file.isPresent()) {
            return file.get().bytes();
        }
        int number = Integer.parseInt(id.substring(NAMESPACE.length()));
        String namespace = namespaces.get(number);
        List<String> includes = tops.getOrDefault(namespace, List.of()).stream().map(top -> FILE + numbers.get(top.path())).toList();
        List<String> own = envelopes.stream().filter(name -> name.getNamespaceURI().equals(namespace)).map(QName::getLocalPart).toList();
        return SchemaWriter.namespace(namespace, includes, own, types(), imported -> NAMESPACE + namespaces.indexOf(imported));
    }

    private void fault(SAXParseException e) {
        Path path = file(String.valueOf(e.getSystemId())).map(Xsd::path).orElse(Path.of(""));
        String text = CODE.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        text = NAME.matcher(text).replaceAll(name -> Matcher.quoteReplacement(
                file(name.group()).map(file -> file.path().getFileName().toString()).orElse("the vocabulary")));
        faults.putIfAbsent(path, "line " + e.getLineNumber() + ", column " + e.getColumnNumber() + ": "
                + (text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…"));
    }

    private Optional<Xsd> file(String id) {
        return id.startsWith(FILE) ? Optional.of(files.get(Integer.parseInt(id.substring(FILE.length())))) : Optional.empty();
    }

    /** Reads on after an error, so that each broken file is found at once. */
    private final class Listener extends DefaultHandler {

        @Override
        public void error(SAXParseException e) {
            fault(e);
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
