package org.bolide.broker;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.bolide.api.KeptState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers that an operator has stand still, whether they are there or not, and since when; kept across restarts. Changed
 * by one thread at a time, read by any.
 */
final class Pauses {

    private static final Logger LOG = LoggerFactory.getLogger(Pauses.class);
    private static final String KIND = "pause";

    private final KeptState kept;
    private final Map<String, Instant> since = new ConcurrentHashMap<>();

    Pauses(KeptState kept) {
        this.kept = kept;
        kept.read(KIND).forEach((handler, time) -> since.put(handler, parse(handler, time)));
    }

    private static Instant parse(String handler, String time) {
        try {
            return Instant.parse(time);
        } catch (DateTimeParseException e) {
            LOG.warn("handler {} is paused, though it is not known since when: \"{}\" is no time", handler, time);
            return Instant.now();
        }
    }

    /** Does not block. */
    Optional<Instant> since(String handler) {
        return Optional.ofNullable(since.get(handler));
    }

    /** Notes a pause, if it is not noted; returns since when it is. May wait for the disk. */
    Instant add(String handler) {
        Instant known = since.get(handler);
        if (known != null) {
            return known;
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        kept.write(KIND, Map.of(handler, Optional.of(now.toString())));
        since.put(handler, now);
        return now;
    }

    /** May wait for the disk. */
    void remove(String handler) {
        kept.write(KIND, Map.of(handler, Optional.empty()));
        since.remove(handler);
    }
}
