package org.bolide.transport;

import java.util.function.DoubleSupplier;

/** How long to wait before the next attempt: one second, then twice as long each time up to a limit, with jitter. */
final class Backoff {

    private static final long FIRST_MILLIS = 1_000;

    private final DoubleSupplier random;
    private int failures;

    /** @param random from 0 to 1 */
    Backoff(DoubleSupplier random) {
        this.random = random;
    }

    /** Between half of the time that is due and all of it, so that those who lost a broker together return one by one. */
    long nextMillis(long maxMillis) {
        long due = Math.min(maxMillis, FIRST_MILLIS << Math.min(failures, 30));
        failures++;
        return (long) (due * (0.5 + random.getAsDouble() / 2));
    }

    void reset() {
        failures = 0;
    }
}
