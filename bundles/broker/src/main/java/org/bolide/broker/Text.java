package org.bolide.broker;

/** What strangers wrote, made fit to be shown and kept. */
final class Text {

    private Text() {}

    /** So many characters at most, on one line, without control characters. */
    static String cut(String text, int most) {
        int end = text.length() <= most ? text.length() : most - 1;
        if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        StringBuilder cut = new StringBuilder(end + 1);
        text.chars().limit(end).forEach(character -> cut.append(Character.isISOControl(character) ? ' ' : (char) character));
        return end < text.length() ? cut.append('…').toString() : cut.toString();
    }
}
