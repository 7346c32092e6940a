package org.bolide.benchmarks.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the authors know of each event of a run: when it was due and how it ended. The authors' thread writes; subscribers'
 * threads read the instants of events that have reached them; the rest is read when the authors have ended.
 */
final class Ledger {

    /** How an event ended at its author. */
    enum End {
        UNSENT, ACKED, REFUSED, RESET, CLOSED, TIMED_OUT, NOT_CONNECTED, WRONG_ANSWER
    }

    private static final int MOST_REASONS = 20;

    private final AtomicLongArray due;
    private final byte[] ends;
    private final int[] connections;
    private final int[] counts = new int[End.values().length];
    private final Histogram latency = new Histogram();
    private final Histogram lateness = new Histogram();
    private final Map<String, Integer> reasons = new TreeMap<>();
    private long firstSent;
    private long lastAcked;
    private int done;

    Ledger(int most) {
        due = new AtomicLongArray(most);
        ends = new byte[most];
        connections = new int[most];
    }

    int most() {
        return ends.length;
    }

    /** An event is about to be sent: its latency counts from the instant that was planned. */
    void begun(int number, long planned, long now, int connection) {
        connections[number] = connection;
        due.setRelease(number, planned);
        lateness.add(now - planned);
        if (firstSent == 0) {
            firstSent = now;
        }
    }

    void ended(int number, End end, long now) {
        ends[number] = (byte) end.ordinal();
        counts[end.ordinal()]++;
        done++;
        if (end == End.ACKED) {
            latency.add(now - due.getPlain(number));
            lastAcked = now;
        }
    }

    void reason(String text) {
        String known = text.replaceAll("load-[0-9a-f]{8}-[0-9a-f]{8}", "load-*").replaceAll("\\s+", " ");
        if (reasons.size() < MOST_REASONS || reasons.containsKey(known)) {
            reasons.merge(known, 1, Integer::sum);
        }
    }

    /** When an event was due; any thread that has seen the event. */
    long due(int number) {
        return due.getAcquire(number);
    }

    /** The author's connection of an event, for those that keep theirs. */
    int connection(int number) {
        return connections[number];
    }

    boolean acked(int number) {
        return ends[number] == End.ACKED.ordinal();
    }

    boolean open(int number) {
        return ends[number] == End.UNSENT.ordinal();
    }

    int count(End end) {
        return counts[end.ordinal()];
    }

    /** How many events have ended, well or not. */
    int done() {
        return done;
    }

    Histogram latency() {
        return latency;
    }

    /** How late the generator itself was. */
    Histogram lateness() {
        return lateness;
    }

    Map<String, Integer> reasons() {
        return reasons;
    }

    long firstSent() {
        return firstSent;
    }

    long lastAcked() {
        return lastAcked;
    }

    double ackedPerSecond() {
        return lastAcked > firstSent ? count(End.ACKED) * 1e9 / (lastAcked - firstSent) : 0;
    }
}
