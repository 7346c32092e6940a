package org.bolide.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** When one subscriber is asked whether it is alive, and how often it has not answered. Safe for any number of threads. */
final class Pulse {

    private static final int SPREAD = 64;

    private final long session;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile long lastSent = System.nanoTime();

    /** @param session the connection's number */
    Pulse(long session) {
        this.session = session;
    }

    /** Something was sent. */
    void sent(long nowNanos) {
        lastSent = nowNanos;
    }

    /** Something has come. */
    void heard() {
        unanswered.set(0);
    }

    /**
     * Whether it is to be asked, after so many seconds without anything sent. Up to an eighth earlier: thousands who were sent the
     * same last event shall not be asked, and answer, all at once.
     */
    boolean isDue(int seconds, long nowNanos) {
        long latest = TimeUnit.SECONDS.toNanos(seconds);
        return nowNanos - lastSent >= latest - latest / 8 * (session % SPREAD) / SPREAD;
    }

    /** It is about to be asked; returns how often it was, and has not answered. */
    int ask() {
        return unanswered.getAndIncrement();
    }
}
