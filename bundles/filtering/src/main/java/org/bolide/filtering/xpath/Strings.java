package org.bolide.filtering.xpath;

import java.util.HashMap;
import java.util.Map;

/** The functions on texts that are more than a call (XPath 1.0, section 4.2). Characters are code points. */
final class Strings {

    private Strings() {
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    static String normalizeSpace(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean pending = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isSpace(c)) {
                pending = out.length() > 0;
            } else {
                if (pending) {
                    out.append(' ');
                    pending = false;
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    /** @param length infinite if there is no third argument */
    static String substring(String text, double position, double length) {
        double first = Numbers.round(position);
        double end = first + Numbers.round(length);
        StringBuilder out = new StringBuilder();
        int at = 1;
        // Comparisons with NaN are false, and that is what the Recommendation wants.
        for (int i = 0; i < text.length() && !(at >= end); i = text.offsetByCodePoints(i, 1), at++) {
            if (at >= first && at < end) {
                out.appendCodePoint(text.codePointAt(i));
            }
        }
        return out.toString();
    }

    static String translate(String text, String from, String to) {
        Map<Integer, Integer> map = new HashMap<>();
        int[] targets = to.codePoints().toArray();
        int[] sources = from.codePoints().toArray();
        for (int i = 0; i < sources.length; i++) {
            map.putIfAbsent(sources[i], i < targets.length ? targets[i] : -1);
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int target = map.getOrDefault(c, c);
            if (target >= 0) {
                out.appendCodePoint(target);
            }
        });
        return out.toString();
    }
}
