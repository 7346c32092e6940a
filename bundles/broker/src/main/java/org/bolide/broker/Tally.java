package org.bolide.broker;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Named counts, safe for use by any number of threads. */
final class Tally {

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** A tally whose names are all there from the start, at zero. */
    Tally(String... names) {
        for (String name : names) {
            counts.put(name, new LongAdder());
        }
    }

    void count(String name) {
        counts.computeIfAbsent(name, n -> new LongAdder()).increment();
    }

    SortedMap<String, Long> read() {
        SortedMap<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }
}
