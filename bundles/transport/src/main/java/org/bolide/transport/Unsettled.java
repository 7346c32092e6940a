package org.bolide.transport;

import java.util.List;

import org.bolide.api.BrokerEvent;

/**
 * Events that were sent to a subscriber and not answered yet, in the order of sending: a ring that holds nothing while
 * there are none. Safe for any number of threads.
 */
final class Unsettled {

    private static final int LEAST = 16;
    private static final int KEEP = 256;
    private static final String[] NO_IDENTIFIERS = {};
    private static final long[] NO_NUMBERS = {};

    private String[] identifiers = NO_IDENTIFIERS;
    private long[] sequences = NO_NUMBERS;
    private long[] sentAt = NO_NUMBERS;
    private int first;
    private int size;

    /** Events are about to be sent. */
    synchronized void sent(List<BrokerEvent> events, long nowNanos) {
        ensureRoom(events.size());
        for (int i = 0; i < events.size(); i++) {
            BrokerEvent event = events.get(i);
            int at = at(size++);
            identifiers[at] = event.header().identifier().orElse("");
            sequences[at] = event.sequence();
            sentAt[at] = nowNanos;
        }
    }

    /** The identifier that an answer should name next; null if none is due. */
    synchronized String due() {
        return size == 0 ? null : identifiers[first];
    }

    /**
     * The answer that was due has come.
     *
     * @return the sequence of the event that it settles
     */
    synchronized long settleDue() {
        return remove(1);
    }

    /**
     * An ack or nak has come: it settles the first event of this identifier, and with it all that were sent before. One
     * that names no event settles the oldest, for clients are known that write a fixed identifier.
     *
     * @return the sequence of the latest event that is settled now; 0 if none was to be settled
     */
    synchronized long settle(String identifier) {
        for (int i = 0; i < size; i++) {
            if (identifiers[at(i)].equals(identifier)) {
                return remove(i + 1);
            }
        }
        return size == 0 ? 0 : remove(1);
    }

    synchronized int size() {
        return size;
    }

    /** For how long the oldest has been waiting, in nanoseconds; 0 if there is none. */
    synchronized long age(long nowNanos) {
        return size == 0 ? 0 : nowNanos - sentAt[first];
    }

    private int at(int index) {
        return first + index & identifiers.length - 1;
    }

    private long remove(int count) {
        long latest = sequences[at(count - 1)];
        for (int i = 0; i < count; i++) {
            identifiers[at(i)] = null;
        }
        first = at(count);
        size -= count;
        if (size == 0 && identifiers.length > KEEP) {
            first = 0;
            identifiers = NO_IDENTIFIERS;
            sequences = NO_NUMBERS;
            sentAt = NO_NUMBERS;
        }
        return latest;
    }

    private void ensureRoom(int more) {
        if (size + more <= identifiers.length) {
            return;
        }
        int room = Math.max(LEAST, Integer.highestOneBit(size + more - 1) << 1);
        String[] newIdentifiers = new String[room];
        long[] newSequences = new long[room];
        long[] newSentAt = new long[room];
        int straight = Math.min(size, identifiers.length - first);
        copy(identifiers, newIdentifiers, straight);
        copy(sequences, newSequences, straight);
        copy(sentAt, newSentAt, straight);
        first = 0;
        identifiers = newIdentifiers;
        sequences = newSequences;
        sentAt = newSentAt;
    }

    /** Copies a ring so that it begins at 0. */
    private void copy(Object from, Object to, int straight) {
        System.arraycopy(from, first, to, 0, straight);
        System.arraycopy(from, 0, to, straight, size - straight);
    }
}
