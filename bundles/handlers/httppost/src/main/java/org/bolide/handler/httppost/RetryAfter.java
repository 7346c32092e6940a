package org.bolide.handler.httppost;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What an answer's {@code Retry-After} asks for: seconds, or a date (RFC 9110, section 10.2.3). */
final class RetryAfter {

    private static final int LONGEST_NUMBER = 9;

    private RetryAfter() {
    }

    /** How long to wait; empty for a value that is neither. */
    static Optional<Duration> of(Optional<String> value, Instant now) {
        String text = value.orElse("").strip();
        if (text.matches("[0-9]+")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(
                    text.substring(0, Math.min(text.length(), LONGEST_NUMBER)))));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(until.isBefore(now) ? Duration.ZERO : Duration.between(now, until));
        } catch (DateTimeException e) {
            return Optional.empty(); // the lane's own pause holds
        }
    }
}
