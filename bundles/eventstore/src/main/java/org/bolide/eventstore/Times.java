package org.bolide.eventstore;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Times as the log writes them: UTC with microseconds, so that they sort as text. Made and read without a formatter, which
 * would be a tenth of the time that an event takes.
 */
final class Times {

    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
    private static final String PATTERN = "0000-00-00T00:00:00.000000Z";

    private Times() {
    }

    /** A time to be compared: cut to the microsecond, and to the years 0 to 9999. */
    static String sortable(Instant time) {
        return format(time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time);
    }

    /** The first time in the log that is not before this one; empty if none in it can be as late. */
    static Optional<String> atOrAfter(Instant time) {
        if (time.isAfter(LAST)) {
            return Optional.empty();
        }
        Instant cut = time.truncatedTo(ChronoUnit.MICROS);
        return Optional.of(sortable(cut.equals(time) ? cut : cut.plus(1, ChronoUnit.MICROS)));
    }

    /** A time that an event states, whatever it is, to be given back exactly. */
    static String exact(Instant time) {
        boolean representable = !time.isBefore(FIRST) && !time.isAfter(LAST)
                && time.equals(time.truncatedTo(ChronoUnit.MICROS));
        return representable ? format(time) : time.toString();
    }

    /** Whether it is in the years 0 to 9999. */
    static boolean isSortable(Instant time) {
        return !time.isBefore(FIRST) && time.isBefore(END);
    }

    /** Whether it is finer than a microsecond. */
    static boolean hasNanos(Instant time) {
        return time.getNano() % 1000 != 0;
    }

    /** What {@link #exact} gives of a time in those years, without the Z: it sorts as text, nanoseconds or not. */
    static String authoredKey(Instant time) {
        String text = exact(time);
        return text.substring(0, text.length() - 1);
    }

    static Instant parse(String text) {
        if (text.length() == PATTERN.length()) {
            int[] fields = {number(text, 0, 4), number(text, 5, 2), number(text, 8, 2), number(text, 11, 2),
                    number(text, 14, 2), number(text, 17, 2), number(text, 20, 6)};
            boolean plain = text.charAt(4) == '-' && text.charAt(7) == '-' && text.charAt(10) == 'T' && text.charAt(13) == ':'
                    && text.charAt(16) == ':' && text.charAt(19) == '.' && text.charAt(26) == 'Z';
            for (int field : fields) {
                plain &= field >= 0;
            }
            if (plain) {
                return LocalDateTime.of(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], fields[6] * 1000)
                        .toInstant(ZoneOffset.UTC);
            }
        }
        return Instant.parse(text);
    }

    private static String format(Instant time) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        byte[] text = PATTERN.getBytes(StandardCharsets.ISO_8859_1);
        put(text, 0, 4, t.getYear());
        put(text, 5, 2, t.getMonthValue());
        put(text, 8, 2, t.getDayOfMonth());
        put(text, 11, 2, t.getHour());
        put(text, 14, 2, t.getMinute());
        put(text, 17, 2, t.getSecond());
        put(text, 20, 6, t.getNano() / 1000);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(byte[] text, int from, int digits, int number) {
        int rest = number;
        for (int i = from + digits - 1; i >= from; i--, rest /= 10) {
            text[i] = (byte) ('0' + rest % 10);
        }
    }

    /** -1 if there is anything but digits. */
    private static int number(String text, int from, int digits) {
        int result = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            result = 10 * result + digit;
        }
        return result;
    }
}
