package org.bolide.archive;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as voeventdb reads and writes them: what is left out of a date is January, the first, midnight; without a zone it is UTC.
 */
final class IsoTime {

    private static final Pattern FORM = Pattern.compile("(?<year>\\d{4})"
            + "((-(?<monthDash>\\d{1,2})|(?<month>\\d{2})(?!$))"
            + "((-(?<dayDash>\\d{1,2})|(?<day>\\d{2}))"
            + "([ T](?<hour>\\d{2})(:?(?<minute>\\d{2})(:?(?<second>\\d{1,2})([.,](?<fraction>\\d+))?)?)?"
            + "(?<zone>Z|(?<sign>[+-])(?<zoneHour>\\d{2}):?(?<zoneMinute>\\d{2})?)?)?)?)?");

    private static final DateTimeFormatter WHOLE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'+00:00'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter PARTS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'").withZone(ZoneOffset.UTC);

    private IsoTime() {
    }

    /** @throws DateTimeException if it is no date */
    static Instant parse(String text) {
        Matcher found = FORM.matcher(text);
        if (!found.matches()) {
            throw new DateTimeException("no date: " + text);
        }
        LocalDateTime local = LocalDateTime.of(number(found, "year", 0),
                number(found, "monthDash", number(found, "month", 1)), number(found, "dayDash", number(found, "day", 1)),
                number(found, "hour", 0), number(found, "minute", 0), number(found, "second", 0), nanos(found.group("fraction")));
        if (found.group("sign") == null) {
            return local.toInstant(ZoneOffset.UTC);
        }
        int sign = found.group("sign").equals("-") ? -1 : 1;
        return OffsetDateTime.of(local, ZoneOffset.ofHoursMinutes(sign * number(found, "zoneHour", 0), sign * number(found, "zoneMinute", 0)))
                .toInstant();
    }

    private static int number(Matcher found, String group, int otherwise) {
        return found.group(group) == null ? otherwise : Integer.parseInt(found.group(group));
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    /** As Python's {@code isoformat} writes it: whole seconds, or six digits of a fraction. */
    static String format(Instant time) {
        return (time.getNano() / 1000 == 0 ? WHOLE : PARTS).format(time);
    }
}
