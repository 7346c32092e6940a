package org.bolide.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times for people. */
final class Spans {

    private Spans() {
    }

    /** {@code 40 s}, {@code 12 min}, {@code 7.5 h}, {@code 3.2 days}. */
    static String text(Duration span) {
        double seconds = span.toMillis() / 1_000.0;
        if (seconds < 120) {
            return number(seconds) + " s";
        }
        if (seconds < 7_200) {
            return number(seconds / 60) + " min";
        }
        return seconds < 172_800 ? number(seconds / 3_600) + " h" : number(seconds / 86_400) + " days";
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, value < 9.95 ? "%.1f" : "%.0f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
