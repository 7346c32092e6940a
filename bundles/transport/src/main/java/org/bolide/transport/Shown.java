package org.bolide.transport;

/** How a stranger's text is shown to people: in one line, and not all of it. */
final class Shown {

    private static final int MAX_FILTER = 200;

    private Shown() {
    }

    /** A filter. */
    static String filter(String text) {
        return line(text, MAX_FILTER);
    }

    /** Any text: no line break in it can forge a line of the log. */
    static String line(String text, int most) {
        boolean cut = text.length() > most;
        StringBuilder shown = new StringBuilder(Math.min(text.length(), most) + 1);
        text.substring(0, cut ? most : text.length()).codePoints().forEach(c -> shown.appendCodePoint(isShown(c) ? c : ' '));
        return cut ? shown.append('\u2026').toString() : shown.toString();
    }

    private static boolean isShown(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
