package org.bolide.api.xml;

/** Which characters may stand where (XML 1.0, fifth edition), and how the special ones are written. */
final class XmlCharacters {

    /** Pairs of first and last code points: section 2.3, {@code NameStartChar}, without the colon. */
    private static final int[] NAME_START = {
        'A', 'Z', '_', '_', 'a', 'z', 0xC0, 0xD6, 0xD8, 0xF6, 0xF8, 0x2FF, 0x370, 0x37D, 0x37F, 0x1FFF, 0x200C, 0x200D,
        0x2070, 0x218F, 0x2C00, 0x2FEF, 0x3001, 0xD7FF, 0xF900, 0xFDCF, 0xFDF0, 0xFFFD, 0x10000, 0xEFFFF};
    /** What {@code NameChar} adds to them. */
    private static final int[] NAME_MORE = {'-', '.', '0', '9', 0xB7, 0xB7, 0x300, 0x36F, 0x203F, 0x2040};
    /** Section 2.2, {@code Char}. */
    private static final int[] CHARACTER = {'\t', '\n', '\r', '\r', ' ', 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF};

    private XmlCharacters() {
    }

    /** @throws IllegalArgumentException if it is no name without a colon (Namespaces in XML 1.0, section 4) */
    static void checkName(String what, String name, String place) {
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            if (!isAmong(c, NAME_START) && (i == 0 || !isAmong(c, NAME_MORE))) {
                throw new IllegalArgumentException("%s\"%s\" is no name for %s: %s cannot %s one".formatted(
                        place, name, article(what), show(c), i == 0 ? "begin" : "stand in"));
            }
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException(place + "the name of " + article(what) + " is empty");
        }
    }

    /** @throws IllegalArgumentException if a character cannot stand in XML, not even escaped */
    static void check(String text, String place) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!isAmong(text.codePointAt(i), CHARACTER)) {
                throw new IllegalArgumentException("%sthe character %s at index %d cannot stand in XML: leave it out, or encode the text"
                        .formatted(place, show(text.codePointAt(i)), i));
            }
        }
    }

    /** A parser makes a line feed of a carriage return unless it is escaped (section 2.11). */
    static void appendText(StringBuilder xml, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '>' -> xml.append("&gt;");
                case '\r' -> xml.append("&#13;");
                default -> xml.append(c);
            }
        }
    }

    /** A parser makes blanks of white space in an attribute unless it is escaped (section 3.3.3). */
    static void appendValue(StringBuilder xml, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '&' -> xml.append("&amp;");
                case '<' -> xml.append("&lt;");
                case '"' -> xml.append("&quot;");
                case '\t', '\n', '\r' -> xml.append("&#").append((int) c).append(';');
                default -> xml.append(c);
            }
        }
    }

    private static boolean isAmong(int c, int[] ranges) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (c >= ranges[i] && c <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    private static String article(String what) {
        return (what.matches("[aeiou].*") ? "an " : "a ") + what;
    }

    private static String show(int c) {
        return c > ' ' && c < 0x7F ? "\"" + (char) c + "\"" : "U+%04X".formatted(c);
    }
}
