package org.bolide.broker;

/** What strangers wrote, made fit to be shown and kept. */
final class Text {

    private Text() {}

    /** So many characters at most, on one line, without control characters. */
    static String cut(String text, int most) {
        StringBuilder cut = new StringBuilder(Math.min(text.length(), most));
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (cut.length() + 3 > most && i < text.length()) {
                return cut.append('…').toString();
            }
            cut.appendCodePoint(Character.isISOControl(character) ? ' ' : character);
        }
        return cut.toString();
    }
}
