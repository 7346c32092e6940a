package org.bolide.benchmarks.load;

import java.io.Closeable;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An even rate. A selector waits in whole milliseconds, which would be most of what is measured; so a thread parks until
 * just before the next event is due and wakes the selector, and the author's thread spins for the rest.
 */
final class Pace implements Closeable {

    private static final long EARLY = Duration.ofNanos(100_000).toNanos();
    private static final long IDLE = Duration.ofMillis(50).toNanos();

    private final Selector selector;
    private final double perSecond;
    private final Thread waker = new Thread(this::wake, "load-pace");
    private volatile long start;
    private volatile long wakeAt = Long.MAX_VALUE;
    private volatile boolean closed;

    Pace(Selector selector, double perSecond) {
        this.selector = selector;
        this.perSecond = perSecond;
        waker.setDaemon(true);
    }

    void begin() {
        start = System.nanoTime() + EARLY;
        waker.start();
    }

    long due(int number) {
        return start + (long) (number * 1e9 / perSecond);
    }

    /** Whether an event is due; one that is due in a moment is waited for. */
    boolean isDue(int number, long now) {
        long due = due(number);
        if (due - now > EARLY) {
            return false;
        }
        while (System.nanoTime() < due) {
            Thread.onSpinWait();
        }
        return true;
    }

    /** Wakes the selector when an event is about to be due. */
    void wakeFor(int number) {
        long at = due(number) - EARLY / 2;
        if (at != wakeAt) {
            wakeAt = at;
            LockSupport.unpark(waker);
        }
    }

    private void wake() {
        long done = Long.MIN_VALUE;
        while (!closed) {
            long at = wakeAt;
            long wait = at == done ? IDLE : at - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(Math.min(wait, IDLE));
            } else {
                done = at;
                selector.wakeup();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(waker);
    }
}
