package org.bolide.handler.mail;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** When the next mail may go: a while after the last one, and at most so many in any hour. One thread at a time. */
final class Pace {

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final long between;
    private final int perHour;
    private final LongSupplier nanoTime;
    private final Deque<Long> sent = new ArrayDeque<>();

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    Pace(Duration between, int perHour, LongSupplier nanoTime) {
        this.between = between.toNanos();
        this.perHour = perHour;
        this.nanoTime = nanoTime;
    }

    /** How long the next mail has to wait; zero or negative if it may go. */
    Duration untilNext() {
        if (sent.isEmpty()) {
            return Duration.ZERO;
        }
        long wait = sent.getLast() + between - nanoTime.getAsLong();
        return Duration.ofNanos(isFull() ? Math.max(wait, sent.getFirst() + HOUR - nanoTime.getAsLong()) : wait);
    }

    /** Whether it is the hour's limit that the next mail waits for. */
    boolean isFull() {
        while (!sent.isEmpty() && nanoTime.getAsLong() - sent.getFirst() >= HOUR) {
            sent.removeFirst();
        }
        return sent.size() >= perHour;
    }

    void sent() {
        sent.addLast(nanoTime.getAsLong());
    }
}
