package org.bolide.eventstore;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/** Times as the log writes them: UTC with microseconds, so that they sort as text. */
final class Times {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Times() {
    }

    /** A time to be compared: cut to the microsecond, and to the years 0 to 9999. */
    static String sortable(Instant time) {
        Instant within = time.isBefore(FIRST) ? FIRST : time.isAfter(LAST) ? LAST : time;
        return MICROSECONDS.format(within);
    }

    /** A time that an event states, whatever it is, to be given back exactly. */
    static String exact(Instant time) {
        boolean representable = !time.isBefore(FIRST) && !time.isAfter(LAST)
                && time.equals(time.truncatedTo(ChronoUnit.MICROS));
        return representable ? MICROSECONDS.format(time) : time.toString();
    }

    static Instant parse(String text) {
        return Instant.parse(text);
    }
}
