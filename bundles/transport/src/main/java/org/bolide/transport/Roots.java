package org.bolide.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.xml.namespace.QName;

/** Which events a listener carries, by their root elements. Immutable. */
final class Roots {

    private static final String ANY = "*";
    private static final Pattern ENTRY = Pattern.compile("(\\{[^{}\\s]*})?[\\p{L}_][\\p{L}\\p{N}_.-]*");

    private final List<String> entries;

    private Roots(List<String> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * Reads a list of names: {@code name} in whatever namespace, <code>{namespace}name</code>, or {@code *} for all. Blank
     * entries are left out.
     *
     * @throws IllegalArgumentException naming the entry and what would be right
     */
    static Roots parse(String... entries) {
        List<String> roots = new ArrayList<>();
        for (String entry : entries) {
            String root = entry.strip();
            if (!root.isEmpty() && !root.equals(ANY) && !ENTRY.matcher(root).matches()) {
                throw new IllegalArgumentException("'" + root + "' names no element; examples are VOEvent, {http://www.gonicus.de/Events}Event, *");
            }
            if (!root.isEmpty()) {
                roots.add(root);
            }
        }
        if (roots.isEmpty()) {
            throw new IllegalArgumentException("no root element is named, so nothing would pass; for VOEvents write VOEvent, for all events *");
        }
        return new Roots(roots);
    }

    boolean contains(QName root) {
        for (String entry : entries) {
            if (entry.equals(root.getLocalPart()) || entry.equals(ANY) || entry.equals("{" + root.getNamespaceURI() + "}" + root.getLocalPart())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(", ", entries);
    }
}
