package org.bolide.filtering;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The core function library of XPath 1.0 (section 4), and all that a filter may call. None of them reaches outside the
 * event.
 *
 * @param least how many arguments there are at least
 * @param most and at most
 * @param nodeSet whether the argument must be a node-set; everything else is converted
 */
record XPathFunction(String name, int least, int most, Type result, boolean nodeSet) {

    private static final Map<String, XPathFunction> ALL = new HashMap<>();

    static {
        add("last", 0, 0, Type.NUMBER);
        add("position", 0, 0, Type.NUMBER);
        ofNodeSet("count", 1, Type.NUMBER);
        add("id", 1, 1, Type.NODE_SET);
        ofNodeSet("local-name", 0, Type.STRING);
        ofNodeSet("namespace-uri", 0, Type.STRING);
        ofNodeSet("name", 0, Type.STRING);
        add("string", 0, 1, Type.STRING);
        add("concat", 2, Integer.MAX_VALUE, Type.STRING);
        add("starts-with", 2, 2, Type.BOOLEAN);
        add("contains", 2, 2, Type.BOOLEAN);
        add("substring-before", 2, 2, Type.STRING);
        add("substring-after", 2, 2, Type.STRING);
        add("substring", 2, 3, Type.STRING);
        add("string-length", 0, 1, Type.NUMBER);
        add("normalize-space", 0, 1, Type.STRING);
        add("translate", 3, 3, Type.STRING);
        add("boolean", 1, 1, Type.BOOLEAN);
        add("not", 1, 1, Type.BOOLEAN);
        add("true", 0, 0, Type.BOOLEAN);
        add("false", 0, 0, Type.BOOLEAN);
        add("lang", 1, 1, Type.BOOLEAN);
        add("number", 0, 1, Type.NUMBER);
        ofNodeSet("sum", 1, Type.NUMBER);
        add("floor", 1, 1, Type.NUMBER);
        add("ceiling", 1, 1, Type.NUMBER);
        add("round", 1, 1, Type.NUMBER);
    }

    static Optional<XPathFunction> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    String arguments() {
        return least == most ? count(least)
                : most == Integer.MAX_VALUE ? count(least) + " or more" : least + " to " + count(most);
    }

    private static String count(int arguments) {
        return arguments == 0 ? "no arguments" : arguments == 1 ? "1 argument" : arguments + " arguments";
    }

    private static void add(String name, int least, int most, Type result) {
        ALL.put(name, new XPathFunction(name, least, most, result, false));
    }

    private static void ofNodeSet(String name, int least, Type result) {
        ALL.put(name, new XPathFunction(name, least, 1, result, true));
    }
}
