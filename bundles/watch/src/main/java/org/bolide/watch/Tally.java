package org.bolide.watch;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.management.Counters;

/** What is counted here. Safe for any number of threads. */
final class Tally implements Counters {

    /** Events of the log. */
    final LongAdder events = new LongAdder();
    /** How often something has fallen silent. */
    final LongAdder alarms = new LongAdder();
    /** Streams that were forgotten for newer ones. */
    final LongAdder forgotten = new LongAdder();
    /** Events that expired before they were counted. */
    final LongAdder expired = new LongAdder();

    @Override
    public SortedMap<String, Long> counters() {
        return new TreeMap<>(Map.of("watch.events", events.sum(), "watch.alarms", alarms.sum(), "watch.forgotten", forgotten.sum(),
                "watch.expired", expired.sum()));
    }
}
