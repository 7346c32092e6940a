package org.bolide.transport;

import java.util.concurrent.TimeUnit;

/**
 * What one subscriber's filters cost on an event, by a moving average; its address is told, which may have more of them. Used in its
 * delivery's work only.
 */
final class FilterCost {

    /** When a connection's filters take longer on an event, by the average, it is served by the threads apart. */
    private static final long COSTLY_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** When those of an address do together, all its connections are. */
    private static final long COSTLY_TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** New filters stay there for so many events, until it is known what they cost. */
    private static final int UNPROVEN_EVENTS = 16;
    private static final int AVERAGED_EVENTS = 8;
    private static final int MEASURED_DRAINS = 8;

    private final Peers.Peer peer;
    private FilterSet set = FilterSet.EVERYTHING;
    /** What was spent on an event that is not decided on yet. */
    private long spentNanos;
    private int unproven;
    private int unmeasured;
    private long average;
    private long ofAll;

    FilterCost(Peers.Peer peer) {
        this.peer = peer;
    }

    /** The filters whose cost it is. */
    FilterSet set() {
        return set;
    }

    /**
     * Asking for a thread's time takes a while too: now and then will do for filters that are known to cost little.
     *
     * @param known whether they are
     */
    boolean isToBeMeasured(FilterSet tried, boolean known) {
        return !tried.filters().isEmpty() && (!known || ++unmeasured % MEASURED_DRAINS == 0);
    }

    /** Filters were tried for so long, and no event was decided on by a time that was measured. */
    void spent(FilterSet tried, long nanos) {
        if (tried == set) {
            spentNanos += nanos;
        }
    }

    /**
     * Filters were tried for so long on so many events, at least one, and perhaps a part of them on one more.
     *
     * @return whether that counts: they may be others than those whose cost this is
     */
    boolean tookOn(FilterSet tried, long nanos, int events) {
        boolean counts = tried == set;
        if (counts) {
            spentNanos += nanos;
            unproven = Math.max(0, unproven - events);
            book(average + (spentNanos / events - average) * Math.min(events, AVERAGED_EVENTS) / AVERAGED_EVENTS);
            spentNanos = 0;
        }
        return counts;
    }

    /**
     * Tells the address again what the filters cost. Other filters than before must show that anew.
     *
     * @return whether they are others
     */
    boolean settle(FilterSet inForce) {
        boolean others = set != inForce;
        if (others) {
            set = inForce;
            unproven = UNPROVEN_EVENTS;
            startOver();
        }
        book(others ? 0 : average);
        return others;
    }

    /** The event that was begun is not decided on. */
    void startOver() {
        spentNanos = 0;
    }

    /** The subscriber has gone. */
    void forget() {
        book(0);
    }

    private void book(long now) {
        ofAll = peer.filtersCost(now - average);
        average = now;
    }

    /** Whether they belong to the threads apart. */
    boolean isCostly() {
        return !set.filters().isEmpty() && (unproven > 0 || average > COSTLY_NANOS || ofAll > COSTLY_TOGETHER_NANOS);
    }
}
