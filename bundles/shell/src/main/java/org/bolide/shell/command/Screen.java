package org.bolide.shell.command;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How things look on a terminal. */
final class Screen {

    /** No line is longer, in characters. */
    static final int WIDTH = 100;

    private static final DateTimeFormatter MINUTE = utc("uuuu-MM-dd HH:mm");
    private static final DateTimeFormatter SECOND = utc("uuuu-MM-dd HH:mm:ss");

    private Screen() {}

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 event}, {@code 3,400 events}. */
    static String count(long number, String thing) {
        return number(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code 512 bytes}, {@code 1.4 MB}. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return count(bytes, "byte");
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double shown = bytes / 1e3;
        int unit = 0;
        for (; shown >= 999.5 && unit < units.length - 1; unit++) {
            shown /= 1e3;
        }
        return String.format(Locale.ROOT, shown < 9.95 ? "%.1f %s" : "%.0f %s", shown, units[unit]);
    }

    /** {@code 250 ms}, {@code 12 s}, {@code 3 min}, {@code 5 h 20 min}, {@code 12 d 3 h}. */
    static String duration(Duration duration) {
        long millis = duration.toMillis();
        long minutes = duration.toMinutes();
        if (millis < 1_000) {
            return millis + " ms";
        } else if (minutes < 2) {
            return duration.toSeconds() + " s";
        } else if (minutes < 120) {
            return minutes + " min";
        }
        return minutes < 2_880 ? two(minutes / 60, "h", minutes % 60, "min") : two(minutes / 1_440, "d", minutes % 1_440 / 60, "h");
    }

    private static String two(long large, String unit, long small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    private static DateTimeFormatter utc(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    static String minute(Instant time) {
        return MINUTE.format(time);
    }

    static String second(Instant time) {
        return SECOND.format(time);
    }

    /**
     * A stranger's text as one line that does nothing to a terminal. As many characters as before: white space becomes a
     * blank, and what cannot be seen, such as the start of an escape sequence or a change of direction, a replacement
     * character.
     */
    static String line(String text) {
        return text.codePoints().map(Screen::visible).collect(StringBuilder::new, StringBuilder::appendCodePoint,
                StringBuilder::append).toString();
    }

    private static int visible(int c) {
        if (Character.isWhitespace(c)) {
            return ' ';
        }
        return isVisible(c) ? c : '\uFFFD';
    }

    /** Whether a character does no more to a terminal than to be seen. */
    static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> false;
            default -> c != '\u2028' && c != '\u2029';
        };
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text, or its beginning and an ellipsis. */
    static String cut(String text, int width) {
        return width(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
    }

    /** The text, or its beginning and end around an ellipsis: the end of an address or of an IVOID tells most. */
    static String cutInside(String text, int width) {
        int length = width(text);
        if (length <= width) {
            return text;
        }
        int end = Math.max(0, (width - 1) * 2 / 3);
        int begin = Math.max(0, width - 1 - end);
        return text.substring(0, text.offsetByCodePoints(0, begin)) + "…" + text.substring(text.offsetByCodePoints(0, length - end));
    }

    /** The text in lines that fit, broken between words where it can be. */
    static String wrap(String text) {
        return wrap(text, WIDTH);
    }

    /** The same for a narrower place. */
    static String wrap(String text, int room) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n")) {
            String rest = line;
            while (width(rest) > room) {
                int limit = rest.offsetByCodePoints(0, room);
                int blank = rest.lastIndexOf(' ', limit);
                int end = blank > 0 ? blank : limit;
                lines.add(rest.substring(0, end));
                rest = rest.substring(end).stripLeading();
            }
            lines.add(rest);
        }
        return lines.stream().collect(Collectors.joining("\n"));
    }
}
