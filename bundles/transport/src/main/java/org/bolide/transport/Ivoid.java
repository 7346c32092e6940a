package org.bolide.transport;

import java.util.regex.Pattern;

/**
 * An identifier {@code ivo://authority/resource#local} (IVOA Identifiers 2.0, section 2.3).
 *
 * @param text as it was written
 */
record Ivoid(String text) {

    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9][\\w.~*'()-]{2,}");
    private static final Pattern RESOURCE = Pattern.compile("[\\w.~*'()/-]*");
    private static final Pattern LOCAL = Pattern.compile("[\\w.~*'()+=/%!$&,;:@?-]*");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with the rule that it breaks
     */
    static Ivoid parse(String text) {
        if (!text.regionMatches(true, 0, "ivo://", 0, 6)) {
            throw broken(text, "it must begin with ivo://");
        }
        String rest = text.substring(6);
        int hash = indexOfAny(rest, '#', '?');
        String path = hash < 0 ? rest : rest.substring(0, hash);
        int slash = path.indexOf('/');
        String authority = slash < 0 ? path : path.substring(0, slash);
        String resource = slash < 0 ? "" : path.substring(slash);
        if (!AUTHORITY.matcher(authority).matches()) {
            throw broken(text, "its authority '" + authority
                    + "' must have 3 or more characters, begin with a letter or digit, and go on with letters, digits and _-.~*'()");
        }
        if (!RESOURCE.matcher(resource).matches()) {
            throw broken(text, "its resource '" + resource + "' may have only letters, digits, / and _-.~*'()");
        }
        if (resource.contains("//") || (resource + "/").contains("/./") || (resource + "/").contains("/../")) {
            throw broken(text, "its resource '" + resource + "' must not contain //, /./ or /../");
        }
        if (resource.endsWith("/")) {
            throw broken(text, "its resource '" + resource + "' must not end with /");
        }
        if (hash >= 0 && !LOCAL.matcher(rest.substring(hash + 1)).matches()) {
            throw broken(text, "its local part '" + rest.substring(hash + 1) + "' has a character that is not allowed");
        }
        return new Ivoid(text);
    }

    /** Without the local part. */
    String resource() {
        int end = indexOfAny(text, '#', '?');
        return end < 0 ? text : text.substring(0, end);
    }

    private static int indexOfAny(String text, char one, char other) {
        int a = text.indexOf(one);
        int b = text.indexOf(other);
        return a < 0 ? b : b < 0 ? a : Math.min(a, b);
    }

    private static IllegalArgumentException broken(String text, String rule) {
        return new IllegalArgumentException("'" + text + "' is no IVOID: " + rule + "; an example is ivo://example.org/broker");
    }
}
