package org.bolide.rules;

import java.util.SortedMap;
import java.util.concurrent.atomic.LongAdder;

/** How often a rule has decided, whatever edits it has seen. Safe for any number of threads. */
final class Tally {

    private final LongAdder allowed = new LongAdder();
    private final LongAdder denied = new LongAdder();
    private final LongAdder undecided = new LongAdder();

    void decided(boolean allow) {
        (allow ? allowed : denied).increment();
    }

    void undecided() {
        undecided.increment();
    }

    long matched() {
        return allowed.sum() + denied.sum();
    }

    /** Adds the counts under names that begin so. */
    void addTo(SortedMap<String, Long> counts, String prefix) {
        counts.put(prefix + ".allowed", allowed.sum());
        counts.put(prefix + ".denied", denied.sum());
        counts.put(prefix + ".undecided", undecided.sum());
    }
}
