package org.bolide.api.xml;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as events have them. A time without a zone is UTC (VOEvent 2.0, section 3.2.3). Times in other scales, such as
 * TT, are read as if they were UTC: what is lost is about a minute, and the event itself tells. For vocabularies, and for
 * filters that are given a time as text.
 */
public final class IsoTime {

    private static final Pattern FORM = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)"
            + "(?:[T ](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,30}))?)?)?\\s*(Z|UTC?|[+-]\\d\\d:?\\d\\d)?");

    private IsoTime() {
    }

    /** Empty for what is not a time. A date alone is its first moment; a leap second is the next second. */
    public static Optional<Instant> parse(String text) {
        Matcher part = FORM.matcher(text.strip());
        if (!part.matches()) {
            return Optional.empty();
        }
        try {
            int second = number(part.group(4));
            LocalTime time = LocalTime.of(number(part.group(2)), number(part.group(3)), Math.min(second, 59), nanos(part.group(5)));
            String zone = part.group(6) == null || part.group(6).startsWith("UT") ? "Z" : part.group(6);
            Instant instant = LocalDate.parse(part.group(1)).atTime(time).toInstant(ZoneOffset.of(zone));
            return switch (second) {
                case 60 -> Optional.of(instant.plusSeconds(1));
                default -> second < 60 ? Optional.of(instant) : Optional.empty();
            };
        } catch (DateTimeException e) {
            // The thirteenth month and the like: documented above to be empty.
            return Optional.empty();
        }
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }
}
