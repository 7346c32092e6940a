package org.bolide.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** So many times within so many seconds, and no more. Safe for any number of threads. */
final class Pace {

    private final int times;
    private final long windowNanos;
    private final LongSupplier clock;
    private long began;
    private long used;
    private long leftOut;

    Pace(int times, int seconds) {
        this(times, seconds, System::nanoTime);
    }

    Pace(int times, int seconds, LongSupplier clock) {
        this.times = times;
        this.clock = clock;
        this.began = clock.getAsLong();
        this.windowNanos = TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Whether it may be done once more now. */
    synchronized boolean may() {
        long now = clock.getAsLong();
        if (now - began > windowNanos) {
            began = now;
            leftOut += Math.max(0, used - times);
            used = 0;
        }
        return used++ < times;
    }

    /** How often it might not be done, in the windows before this one; each is told once. */
    synchronized long leftOut() {
        long result = leftOut;
        leftOut = 0;
        return result;
    }
}
