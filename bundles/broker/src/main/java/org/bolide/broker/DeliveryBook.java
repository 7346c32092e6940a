package org.bolide.broker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Outcome;
import org.bolide.api.management.Deliveries;

/** What the lanes remember of the newest events that they gave to handlers. Safe for any number of threads. */
final class DeliveryBook implements Deliveries {

    private static final int ROOM = 32_768;

    /** One event, given to one handler. */
    private static final class Entry {

        private final String handler;
        private final long sequence;
        private final Instant givenAt;
        private Answer answer = Answer.NONE;
        private Instant answeredAt;

        private Entry(String handler, long sequence, Instant givenAt) {
            this.handler = handler;
            this.sequence = sequence;
            this.givenAt = givenAt;
        }

        private Delivery told() {
            return new Delivery("handler", handler, givenAt, answer, Optional.ofNullable(answeredAt));
        }
    }

    /** Events that a handler has been given together. */
    final class Given {

        private final List<Entry> entries;

        private Given(List<Entry> entries) {
            this.entries = entries;
        }

        /** It has taken them all, or wants none of them. */
        void ended(Outcome outcome) {
            answer(entries, switch (outcome) {
                case DONE -> Answer.ACKNOWLEDGED;
                case DISCARD -> Answer.REFUSED;
                case RETRY -> Answer.NONE;
            });
        }

        /** One of them has become a dead letter, or stays one. */
        void buried(int index) {
            answer(entries.subList(index, index + 1), Answer.BURIED);
        }
    }

    private final int room;
    private final ArrayDeque<Entry> newest = new ArrayDeque<>();
    private Instant since = Instant.now();

    DeliveryBook() {
        this(ROOM);
    }

    /** @param room how many are remembered */
    DeliveryBook(int room) {
        this.room = room;
    }

    /** A handler is about to be called. */
    Given given(String handler, List<BrokerEvent> batch) {
        List<Entry> entries = new ArrayList<>(batch.size());
        synchronized (this) {
            Instant now = Instant.now();
            for (BrokerEvent event : batch) {
                Entry entry = new Entry(handler, event.sequence(), now);
                entries.add(entry);
                newest.add(entry);
            }
            while (newest.size() > room) {
                newest.remove();
                since = newest.element().givenAt;
            }
        }
        return new Given(entries);
    }

    private synchronized void answer(List<Entry> entries, Answer answer) {
        Instant now = Instant.now();
        for (Entry entry : entries) {
            entry.answer = answer;
            entry.answeredAt = answer == Answer.NONE ? null : now;
        }
    }

    @Override
    public synchronized List<Delivery> of(long sequence) {
        return newest.stream().filter(entry -> entry.sequence == sequence).map(Entry::told).toList();
    }

    @Override
    public synchronized Instant since() {
        return since;
    }
}
