package org.bolide.itests;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits, inside the container, until something can be seen there; Awaitility does not resolve beside Pax Exam's older Hamcrest. */
final class Eventually {
    private static final long PAUSE_MILLIS = 50;

    private Eventually() { }

    static void eventually(String what, Duration atMost, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + atMost + ": " + what);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
