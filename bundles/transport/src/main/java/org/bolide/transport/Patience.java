package org.bolide.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what many connections do, each at its time. */
final class Patience {

    private static final long PAUSE_MILLIS = 10;

    private Patience() {
    }

    /**
     * Waits until something is so, on the caller's thread.
     *
     * @return false if it was not within that time, or the thread was interrupted
     */
    static boolean await(BooleanSupplier done, long nanos) {
        long begunAt = System.nanoTime();
        try {
            while (!done.getAsBoolean()) {
                if (System.nanoTime() - begunAt >= nanos) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
