package org.bolide.benchmarks.faults;

import java.util.Collection;

/** A sample of durations. */
record Times(long[] sortedNanos) {

    static Times of(Collection<Long> nanos) {
        return new Times(nanos.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    /** The duration that this part of the sample does not exceed; 0 for an empty sample. */
    double millis(double part) {
        if (sortedNanos.length == 0) {
            return 0;
        }
        return sortedNanos[(int) Math.max(0, Math.ceil(part * sortedNanos.length) - 1)] / 1e6;
    }
}
