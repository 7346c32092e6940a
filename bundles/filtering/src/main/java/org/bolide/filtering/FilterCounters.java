package org.bolide.filtering;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What filtering counts. */
final class FilterCounters {

    final LongAdder compiled = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder verdicts = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder trees = new LongAdder();
    final LongAdder treesFailed = new LongAdder();

    SortedMap<String, Long> counters() {
        SortedMap<String, Long> all = new TreeMap<>();
        all.put("filter.compiled", compiled.sum());
        all.put("filter.refused", refused.sum());
        all.put("filter.verdicts", verdicts.sum());
        all.put("filter.verdicts.failed", failed.sum());
        all.put("filter.trees", trees.sum());
        all.put("filter.trees.failed", treesFailed.sum());
        return all;
    }
}
