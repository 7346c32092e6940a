package org.bolide.watch;

import java.time.Duration;
import java.time.Instant;

/**
 * A clock that goes only while the broker can hear: not while it is down, nor while whoever brings the events is not connected.
 * Not thread-safe.
 */
final class Hearing {

    /** Whoever looks at the time less often was asleep, or the clock was set. */
    private static final long LONGEST_STEP_MILLIS = 90_000;

    private final long begun;
    private long millis;
    private Instant asOf;

    /**
     * @param millis that it has gone before
     * @param now by the wall
     */
    Hearing(long millis, Instant now) {
        this.begun = millis;
        this.millis = millis;
        this.asOf = now;
    }

    /** To be called every few seconds; it goes on if the broker could hear since the last call. */
    void tick(Instant now, boolean hears) {
        long step = Duration.between(asOf, now).toMillis();
        if (hears && step > 0 && step <= LONGEST_STEP_MILLIS) {
            millis += step;
        }
        asOf = now;
    }

    /** What it shows, in milliseconds. */
    long millis() {
        return millis;
    }

    /** What it showed, or shows since the last tick, at a time by the wall. */
    long at(Instant time) {
        long since = Duration.between(asOf, time).toMillis();
        return Math.max(begun, millis + Math.min(since, LONGEST_STEP_MILLIS));
    }
}
