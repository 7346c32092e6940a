package org.bolide.filtering;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What all filters count together. */
public final class FilterCounters {

    final LongAdder compiled = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder verdicts = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder overran = new LongAdder();
    /** Trees are made by the languages. */
    public final LongAdder trees = new LongAdder();
    public final LongAdder treesFailed = new LongAdder();

    SortedMap<String, Long> counters() {
        SortedMap<String, Long> all = new TreeMap<>();
        all.put("filter.compiled", compiled.sum());
        all.put("filter.refused", refused.sum());
        all.put("filter.verdicts", verdicts.sum());
        all.put("filter.verdicts.failed", failed.sum());
        all.put("filter.verdicts.overran", overran.sum());
        all.put("filter.trees", trees.sum());
        all.put("filter.trees.failed", treesFailed.sum());
        return all;
    }
}
