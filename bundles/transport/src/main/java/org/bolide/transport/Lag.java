package org.bolide.transport;

/**
 * How long it takes a subscriber to be done with what the log has: looks now and then whether it has come to where the log was at
 * one of the looks before. Looked at by one thread, read by any.
 */
final class Lag {

    private volatile Mark mark;

    /**
     * A place that the log had.
     *
     * @param at by {@link System#nanoTime}
     */
    private record Mark(long sequence, long at) {}

    /** @param latest the log's newest event now, which the subscriber need not have */
    Lag(long latest, long now) {
        mark = new Mark(latest, now);
    }

    /**
     * Looks at the subscriber.
     *
     * @param done up to where it is done
     * @param latest the log's newest event
     */
    void look(long done, long latest, long now) {
        if (done >= mark.sequence) {
            mark = new Mark(latest, now);
        }
    }

    /** For how long the log has had something with which the subscriber is not done, in nanoseconds, as far as is known. */
    long nanos(long done, long now) {
        Mark last = mark;
        return done >= last.sequence ? 0 : now - last.at;
    }
}
