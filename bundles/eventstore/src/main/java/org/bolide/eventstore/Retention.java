package org.bolide.eventstore;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long the log keeps what it has.
 *
 * @param events how long events and dead letters are kept; empty for ever
 * @param digests how long digests are kept, at least as long as events; empty for ever
 * @param maxBytes of the contents of all events; empty without bound
 */
record Retention(Optional<Duration> events, Optional<Duration> digests, Optional<Long> maxBytes) {

    static final Retention FOR_EVER = new Retention(Optional.empty(), Optional.empty(), Optional.empty());
    static final int MIN_DIGESTS_DAYS = 30;
    private static final int MAX_DAYS = 36_500;

    Retention {
        if (events.isEmpty() || digests.isPresent() && digests.get().compareTo(events.get()) < 0) {
            digests = events;
        }
    }

    /** From the configuration; refuses a value that is not allowed, naming the key. */
    static Retention of(EventStoreConfig config) {
        int keep = config.keepDays();
        int keepDigests = config.keepDigestsDays();
        if (keep < 0 || keep > MAX_DAYS) {
            throw refused("keepDays", keep, "a whole number of days from 1 to " + MAX_DAYS + ", or 0 for ever");
        }
        if (keepDigests != 0 && keepDigests < MIN_DIGESTS_DAYS || keepDigests > MAX_DAYS) {
            throw refused("keepDigestsDays", keepDigests,
                    "a whole number of days from " + MIN_DIGESTS_DAYS + " to " + MAX_DAYS + ", or 0 for ever");
        }
        if (config.maxBytes() < 0) {
            throw refused("maxBytes", config.maxBytes(), "a number of bytes, or 0 for no bound");
        }
        return new Retention(days(keep), days(keepDigests),
                config.maxBytes() == 0 ? Optional.empty() : Optional.of(config.maxBytes()));
    }

    /** Events received before this may go. */
    Optional<Instant> eventsBefore(Instant now) {
        return events.map(now::minus);
    }

    /** Digests of events received before this may go. */
    Optional<Instant> digestsBefore(Instant now) {
        return digests.map(now::minus);
    }

    @Override
    public String toString() {
        return "events and dead letters " + time(events) + ", digests " + time(digests)
                + maxBytes.map(bytes -> ", at most " + bytes + " bytes").orElse("");
    }

    private static String time(Optional<Duration> time) {
        return time.map(duration -> duration.toDays() + " days").orElse("for ever");
    }

    private static Optional<Duration> days(int days) {
        return days == 0 ? Optional.empty() : Optional.of(Duration.ofDays(days));
    }

    private static IllegalArgumentException refused(String key, long value, String allowed) {
        return new IllegalArgumentException(
                JdbcEventStore.PID + ": " + key + " = " + value + " is not allowed; give " + allowed + ".");
    }
}
