package org.bolide.vocabulary.xml;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.namespace.QName;

/**
 * What one configuration says, checked as far as it can be without its files and its expressions.
 *
 * @param file where it stands, for people
 * @param schemas files and folders, absolute; empty if events are not checked by a schema
 * @param expressions key to XPath, of those that are set
 */
record Settings(String file, Set<QName> roots, boolean envelope, List<Path> schemas, Map<String, String> prefixes,
        Map<String, String> expressions) {

    static final String IDENTIFIER = "identifier";
    static final String ROLE = "role";
    static final String AUTHOR = "author";
    static final String AUTHORED_AT = "authoredAt";
    static final String OBSERVED_AT = "observedAt";

    private static final Pattern ROOT = Pattern.compile("(?:\\{([^{}\\s]*)\\})?([^\\s{}:/<>&\"'=@]+)");
    private static final Pattern PREFIX = Pattern.compile("([\\p{L}_][\\p{L}\\p{N}_.-]*)=(\\S+)");
    private static final Set<String> TAKEN = Set.of("xml", "xmlns", "sky");

    /** @param base where relative paths begin */
    static Settings of(String pid, XmlVocabularyComponent.Config config, Path base) {
        String file = "etc/" + pid + ".cfg.json";
        Map<String, String> expressions = new LinkedHashMap<>();
        expressions.put(IDENTIFIER, config.identifier());
        expressions.put(ROLE, config.role());
        expressions.put(AUTHOR, config.author());
        expressions.put(AUTHORED_AT, config.authoredAt());
        expressions.put(OBSERVED_AT, config.observedAt());
        expressions.values().removeIf(String::isBlank);
        List<Path> schemas = schemas(file, config.schemas(), base);
        if (config.envelope() && schemas.isEmpty()) {
            throw wrong(file, "schemas", "an envelope needs the XSD files of what it may hold: name them, or their folder");
        }
        return new Settings(file, roots(file, config.roots()), config.envelope(), schemas,
                prefixes(file, config.prefixes()), expressions);
    }

    static IllegalArgumentException wrong(String file, String key, String why) {
        return new IllegalArgumentException(file + ", key " + key + ": " + why);
    }

    private static Set<QName> roots(String file, String[] entries) {
        Set<QName> roots = new LinkedHashSet<>();
        for (String entry : entries) {
            Matcher root = ROOT.matcher(entry);
            if (!root.matches()) {
                throw wrong(file, "roots", "'" + entry + "' is no root element; an example is {http://example.org/events}Event");
            }
            roots.add(new QName(root.group(1) == null ? "" : root.group(1), root.group(2)));
        }
        if (roots.isEmpty()) {
            throw wrong(file, "roots", "at least one is needed; an example is {http://example.org/events}Event");
        }
        return roots;
    }

    private static List<Path> schemas(String file, String[] entries, Path base) {
        List<Path> schemas = new ArrayList<>();
        for (String entry : entries) {
            if (entry.isBlank() || entry.matches("\\w{2,}:.*")) {
                throw wrong(file, "schemas", "'" + entry + "' is no file or folder; what is on the network is not read: keep a copy here");
            }
            try {
                schemas.add(base.resolve(entry).toAbsolutePath().normalize());
            } catch (InvalidPathException e) {
                throw wrong(file, "schemas", "'" + entry + "' is no path: " + e.getReason());
            }
        }
        return schemas;
    }

    private static Map<String, String> prefixes(String file, String[] entries) {
        Map<String, String> prefixes = new LinkedHashMap<>();
        for (String entry : entries) {
            Matcher parts = PREFIX.matcher(entry);
            if (!parts.matches()) {
                throw wrong(file, "prefixes", "'" + entry
                        + "' is not of the form prefix=namespace; an example is e=http://example.org/events");
            }
            if (TAKEN.contains(parts.group(1))) {
                throw wrong(file, "prefixes", "'" + entry + "': the prefix " + parts.group(1)
                        + " has a meaning already; choose another one");
            }
            if (prefixes.putIfAbsent(parts.group(1), parts.group(2)) != null) {
                throw wrong(file, "prefixes", "'" + entry + "': the prefix " + parts.group(1) + " stands twice");
            }
        }
        return prefixes;
    }
}
