package org.bolide.transport;

import java.util.concurrent.TimeUnit;

/** So many times within so many seconds, and no more. Safe for any number of threads. */
final class Pace {

    private final int times;
    private final long windowNanos;
    private long began = System.nanoTime();
    private int used;

    Pace(int times, int seconds) {
        this.times = times;
        this.windowNanos = TimeUnit.SECONDS.toNanos(seconds);
    }

    /** Whether it may be done once more now. */
    synchronized boolean may() {
        long now = System.nanoTime();
        if (now - began > windowNanos) {
            began = now;
            used = 0;
        }
        return used++ < times;
    }
}
