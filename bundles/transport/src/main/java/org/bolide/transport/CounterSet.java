package org.bolide.transport;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.management.Counters;

/** What one component counts; a count exists from its first mention. Safe for any number of threads. */
final class CounterSet implements Counters {

    private final String prefix;
    private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();

    CounterSet(String component) {
        prefix = component + ".";
    }

    /** Counts one. */
    void count(String name) {
        of(name).increment();
    }

    /** The count of this name. */
    LongAdder of(String name) {
        return counts.computeIfAbsent(name, key -> new LongAdder());
    }

    @Override
    public SortedMap<String, Long> counters() {
        SortedMap<String, Long> result = new TreeMap<>();
        counts.forEach((name, count) -> result.put(prefix + name, count.sum()));
        return result;
    }
}
