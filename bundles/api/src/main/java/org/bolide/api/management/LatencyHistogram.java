package org.bolide.api.management;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts times in classes, from 0.1 ms to a minute. Safe for any number of threads; no method blocks. */
public final class LatencyHistogram {

    /** The upper bounds of the classes, each included; above the last one there is one more class. */
    public static final List<Duration> BOUNDS = micros(
            100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
            10_000_000, 30_000_000, 60_000_000);

    private static final long[] BOUND_NANOS = BOUNDS.stream().mapToLong(Duration::toNanos).toArray();

    private final LongAdder[] counts = new LongAdder[BOUND_NANOS.length + 1];
    private final LongAdder totalNanos = new LongAdder();

    /** One without any times. */
    public LatencyHistogram() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    private static List<Duration> micros(long... micros) {
        List<Duration> bounds = new ArrayList<>();
        for (long bound : micros) {
            bounds.add(Duration.ofNanos(bound * 1_000));
        }
        return List.copyOf(bounds);
    }

    /** Counts a time; a negative one, which a clock that was set back makes, as none. */
    public void record(long nanos) {
        int i = 0;
        while (i < BOUND_NANOS.length && nanos > BOUND_NANOS[i]) {
            i++;
        }
        counts[i].increment();
        totalNanos.add(Math.max(0, nanos));
    }

    /** What was counted up to now. */
    public Snapshot read() {
        List<Long> read = new ArrayList<>();
        for (LongAdder count : counts) {
            read.add(count.sum());
        }
        return new Snapshot(List.copyOf(read), Duration.ofNanos(totalNanos.sum()));
    }

    /**
     * What was counted.
     *
     * @param counts how many times fell into each class of {@link LatencyHistogram#BOUNDS}, the last of them into none
     * @param total the sum of all times
     */
    public record Snapshot(List<Long> counts, Duration total) {

        /** How many times were counted. */
        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }
    }
}
