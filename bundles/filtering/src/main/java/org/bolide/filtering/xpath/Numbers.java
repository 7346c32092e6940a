package org.bolide.filtering.xpath;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers and their texts, by XPath 1.0, sections 4.2 and 4.4; an exponent is read too, as libxml2 does, but never written. */
final class Numbers {

    private static final double[] POWERS_OF_TEN = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
        1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    private static final long EXACT = 1L << 53;

    private Numbers() {
    }

    static double parse(String text) {
        return parse(text, 0, text.length());
    }

    /** The number that this part of the text is, white space around it; NaN if it is none. */
    static double parse(String text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && Strings.isSpace(text.charAt(start))) {
            start++;
        }
        while (end > start && Strings.isSpace(text.charAt(end - 1))) {
            end--;
        }
        boolean negative = start < end && text.charAt(start) == '-';
        int i = negative ? start + 1 : start;
        long digits = 0;
        int count = 0;
        int fraction = 0;
        for (; i < end && isDigit(text.charAt(i)); i++, count++) {
            digits = digits * 10 + (text.charAt(i) - '0');
        }
        if (i < end && text.charAt(i) == '.') {
            for (i++; i < end && isDigit(text.charAt(i)); i++, count++, fraction++) {
                digits = digits * 10 + (text.charAt(i) - '0');
            }
        }
        if (count == 0) {
            return Double.NaN;
        }
        if (i == end && count <= 18 && digits <= EXACT) {
            // Both are exact, and so the quotient is correctly rounded.
            double value = digits / POWERS_OF_TEN[fraction];
            return negative ? -value : value;
        }
        if (i < end && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
            i++;
            if (i < end && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
                i++;
            }
            int exponent = i;
            while (i < end && isDigit(text.charAt(i))) {
                i++;
            }
            i = i == exponent ? exponent - 1 : i;
        }
        return i == end ? Double.parseDouble(text.substring(start, end)) : Double.NaN;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** As few digits as tell the number from all others. */
    static String toString(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        if (number == (long) number && Math.abs(number) <= EXACT) {
            return Long.toString((long) number);
        }
        // Any double is told by 17 digits, and none that is not subnormal has fewer than 15. Double.toString of Java 17
        // writes a digit too many now and then.
        BigDecimal exact = new BigDecimal(number);
        for (int digits = Math.abs(number) < Double.MIN_NORMAL ? 1 : 15;; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == number) {
                return rounded.stripTrailingZeros().toPlainString();
            }
        }
    }

    /** The nearest integer, of two the greater; -0 of what is between -0.5 and -0 (section 4.4). */
    static double round(double number) {
        double floor = Math.floor(number);
        double rounded = number - floor >= 0.5 ? floor + 1 : floor;
        return rounded == 0 ? Math.copySign(0, number) : rounded;
    }
}
