package org.bolide.filtering.xpath;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The functions on texts that are more than a call (XPath 1.0, section 4.2). Characters are code points. */
final class Strings {

    private static final int PLAIN = 128;
    private static final int SAME = -1;
    private static final int GONE = -2;

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
        // What most texts are made of has its place in an array.
        int[] plain = new int[PLAIN];
        Arrays.fill(plain, SAME);
        Map<Integer, Integer> others = new HashMap<>();
        for (int i = 0, j = 0; i < from.length(); i = from.offsetByCodePoints(i, 1)) {
            int target = j < to.length() ? to.codePointAt(j) : GONE;
            int source = from.codePointAt(i);
            if (source >= PLAIN) {
                others.putIfAbsent(source, target);
            } else if (plain[source] == SAME) {
                plain[source] = target;
            }
            j = j < to.length() ? to.offsetByCodePoints(j, 1) : j;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            int source = text.codePointAt(i);
            int target = source < PLAIN ? plain[source] : others.isEmpty() ? SAME : others.getOrDefault(source, SAME);
            if (target != GONE) {
                out.appendCodePoint(target == SAME ? source : target);
            }
        }
        return out.toString();
    }
}
