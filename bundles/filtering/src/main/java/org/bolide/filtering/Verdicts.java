package org.bolide.filtering;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.bolide.api.BrokerEvent;
import org.bolide.filtering.Filter.Verdict;

/**
 * What the filters say of one event, kept with it: however many ask, each filter is evaluated once. A byte for a filter,
 * and no reference to it: there may be ten thousand filters, and thousands of events in memory.
 */
final class Verdicts {

    private static final int SHELF = 256;
    private static final Verdict[] ALL = Verdict.values();
    private static final Object[] LOCKS = Stream.generate(Object::new).limit(256).toArray();

    /** For each shelf of filters one byte a filter: 0 if there is no verdict yet, or 1 more than its ordinal. */
    private final Map<Object, byte[]> shelves = new ConcurrentHashMap<>(2);

    /**
     * A filter's own, never given again: the shelf, which it shares with those that were compiled just before or after
     * it, and which place there.
     */
    record Place(Object shelf, int slot) {

        private static Place last = new Place(new Object(), -1);

        static synchronized Place next() {
            last = last.slot + 1 < SHELF ? new Place(last.shelf, last.slot + 1) : new Place(new Object(), 0);
            return last;
        }
    }

    Verdict of(Filter filter, BrokerEvent event) {
        byte[] verdicts = shelves.computeIfAbsent(filter.place.shelf, shelf -> new byte[SHELF]);
        int slot = filter.place.slot;
        // Without the lock at first: a byte is read whole, and one that is not 0 is final.
        int known = verdicts[slot];
        if (known == 0) {
            // Some locks for all: one for each verdict would be larger than it. Whoever holds one takes no other of them.
            synchronized (LOCKS[(System.identityHashCode(verdicts) + slot) % LOCKS.length]) {
                known = verdicts[slot];
                if (known == 0) {
                    known = 1 + filter.evaluate(event).ordinal();
                    verdicts[slot] = (byte) known;
                }
            }
        }
        return ALL[known - 1];
    }
}
