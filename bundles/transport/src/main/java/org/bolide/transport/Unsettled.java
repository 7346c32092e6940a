package org.bolide.transport;

import java.util.List;

import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Deliveries.Answer;

/**
 * Events that were sent to a subscriber and not answered yet, in the order of sending: a ring that holds nothing while
 * there are none. Knows up to which sequence of the log the subscriber is done: with what it has answered, and with what
 * was not for it if nothing before that is unanswered. Has each answer noted in the book. Safe for any number of threads.
 */
final class Unsettled {

    private static final int LEAST = 16;
    private static final int KEEP = 256;
    private static final String[] NO_IDENTIFIERS = {};
    private static final long[] NO_NUMBERS = {};

    private final DeliveryBook book;
    private String[] identifiers = NO_IDENTIFIERS;
    /** When one is settled, the subscriber is done up to here. */
    private long[] sequences = NO_NUMBERS;
    private long[] sentAt = NO_NUMBERS;
    /** Under which number the book has it. */
    private long[] deliveries = NO_NUMBERS;
    private int first;
    private int size;
    private long done;
    private boolean anySettled;

    Unsettled(DeliveryBook book) {
        this.book = book;
    }

    /** Sending goes on after this place, which may be an earlier one. What is unanswered moves it no more. */
    synchronized void begin(long place) {
        done = place;
        for (int i = 0; i < size; i++) {
            sequences[at(i)] = place;
        }
    }

    /** All events up to this one were sent, or were not for this subscriber. */
    synchronized void reached(long sequence) {
        if (size == 0) {
            done = sequence;
        } else {
            sequences[at(size - 1)] = sequence;
        }
    }

    /** The place in the log up to which the subscriber is done. */
    synchronized long done() {
        return done;
    }

    /** Whether an event was ever answered. */
    synchronized boolean anySettled() {
        return anySettled;
    }

    /**
     * Events are about to be sent.
     *
     * @param first the number of the first delivery in the book; the others follow
     */
    synchronized void sent(List<BrokerEvent> events, long first, long nowNanos) {
        ensureRoom(events.size());
        for (int i = 0; i < events.size(); i++) {
            BrokerEvent event = events.get(i);
            int at = at(size++);
            identifiers[at] = event.header().identifier().orElse("");
            sequences[at] = event.sequence();
            sentAt[at] = nowNanos;
            deliveries[at] = first + i;
        }
    }

    /** The identifier that an answer should name next; null if none is due. */
    synchronized String due() {
        return size == 0 ? null : identifiers[first];
    }

    /**
     * The ack that was due has come.
     *
     * @return the sequence up to which the subscriber is done now
     */
    synchronized long settleDue(long nowNanos) {
        return remove(1, Answer.ACKNOWLEDGED, nowNanos);
    }

    /**
     * An ack or nak has come: it settles the first event of this identifier, and with it all that were sent before. One
     * that names no event settles the oldest, for clients are known that write a fixed identifier.
     *
     * @return the sequence up to which the subscriber is done now; 0 if there was none to be settled
     */
    synchronized long settle(String identifier, Answer answer, long nowNanos) {
        for (int i = 0; i < size; i++) {
            if (identifiers[at(i)].equals(identifier)) {
                return remove(i + 1, answer, nowNanos);
            }
        }
        return size == 0 ? 0 : remove(1, answer, nowNanos);
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

    private long remove(int count, Answer answer, long nowNanos) {
        done = sequences[at(count - 1)];
        anySettled = true;
        for (int i = 0; i < count; i++) {
            int at = at(i);
            identifiers[at] = null;
            book.answered(deliveries[at], i == count - 1 ? answer : Answer.SETTLED, nowNanos - sentAt[at]);
        }
        first = at(count);
        size -= count;
        if (size == 0 && identifiers.length > KEEP) {
            first = 0;
            identifiers = NO_IDENTIFIERS;
            sequences = NO_NUMBERS;
            sentAt = NO_NUMBERS;
            deliveries = NO_NUMBERS;
        }
        return done;
    }

    private void ensureRoom(int more) {
        if (size + more <= identifiers.length) {
            return;
        }
        int room = Math.max(LEAST, Integer.highestOneBit(size + more - 1) << 1);
        String[] newIdentifiers = new String[room];
        long[] newSequences = new long[room];
        long[] newSentAt = new long[room];
        long[] newDeliveries = new long[room];
        int straight = Math.min(size, identifiers.length - first);
        copy(identifiers, newIdentifiers, straight);
        copy(sequences, newSequences, straight);
        copy(sentAt, newSentAt, straight);
        copy(deliveries, newDeliveries, straight);
        first = 0;
        identifiers = newIdentifiers;
        sequences = newSequences;
        sentAt = newSentAt;
        deliveries = newDeliveries;
    }

    /** Copies a ring so that it begins at 0. */
    private void copy(Object from, Object to, int straight) {
        System.arraycopy(from, first, to, 0, straight);
        System.arraycopy(from, 0, to, straight, size - straight);
    }
}
