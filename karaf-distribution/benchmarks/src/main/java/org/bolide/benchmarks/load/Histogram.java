package org.bolide.benchmarks.load;

/** Counts durations in nanoseconds; a percentile is at most 0.8 % too long. One thread writes. */
final class Histogram {

    private static final int BITS = 7;

    private final long[] counts = new long[(64 - BITS + 1) << BITS];
    private long total;
    private long max;

    void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        total++;
        max = Math.max(max, value);
    }

    void add(Histogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        max = Math.max(max, other.max);
    }

    long total() {
        return total;
    }

    /** The duration that this share of all does not exceed, in milliseconds; NaN where none was counted. */
    double millis(double share) {
        if (total == 0) {
            return Double.NaN;
        }
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        int bucket = -1;
        while (seen < wanted) {
            seen += counts[++bucket];
        }
        return Math.min(end(bucket), max) / 1e6;
    }

    double maxMillis() {
        return total == 0 ? Double.NaN : max / 1e6;
    }

    private static int bucket(long value) {
        if (value < 1 << BITS) {
            return (int) value;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        return ((exponent - BITS + 1) << BITS) + (int) (value >> exponent - BITS & (1 << BITS) - 1);
    }

    private static long end(int bucket) {
        if (bucket < 1 << BITS) {
            return bucket;
        }
        int exponent = (bucket >> BITS) + BITS - 1;
        long mantissa = bucket & (1 << BITS) - 1;
        return ((1L << BITS | mantissa) + 1 << exponent - BITS) - 1;
    }
}
