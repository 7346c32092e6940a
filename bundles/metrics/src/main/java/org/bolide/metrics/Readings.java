package org.bolide.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.bolide.api.management.LatencyHistogram;

/** The figures of one moment. Each stands under its family and the values of its labels. Not safe for threads. */
final class Readings {

    private final Map<Family, Map<List<String>, Double>> numbers = new EnumMap<>(Family.class);
    private final Map<Family, Map<List<String>, LatencyHistogram.Snapshot>> times = new EnumMap<>(Family.class);

    /** Adds to a figure: two components of one name, which follow each other, make one. */
    void add(Family family, double value, String... labels) {
        figures(numbers, family, labels).merge(List.of(labels), value, Double::sum);
    }

    /** Has a figure be the highest of those given. */
    void highest(Family family, double value, String... labels) {
        figures(numbers, family, labels).merge(List.of(labels), value, Math::max);
    }

    /** Adds to a histogram. */
    void add(Family family, LatencyHistogram.Snapshot snapshot, String... labels) {
        figures(times, family, labels).merge(List.of(labels), snapshot, Readings::sum);
    }

    Map<List<String>, Double> numbers(Family family) {
        return numbers.getOrDefault(family, Map.of());
    }

    Map<List<String>, LatencyHistogram.Snapshot> times(Family family) {
        return times.getOrDefault(family, Map.of());
    }

    private static <T> Map<List<String>, T> figures(Map<Family, Map<List<String>, T>> all, Family family, String... labels) {
        if (labels.length != family.labels().size()) {
            throw new IllegalArgumentException(family + " has the labels " + family.labels());
        }
        return all.computeIfAbsent(family, f -> new TreeMap<>(Readings::compare));
    }

    private static int compare(List<String> left, List<String> right) {
        for (int i = 0; i < left.size(); i++) {
            int order = left.get(i).compareTo(right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static LatencyHistogram.Snapshot sum(LatencyHistogram.Snapshot left, LatencyHistogram.Snapshot right) {
        List<Long> counts = new ArrayList<>();
        for (int i = 0; i < left.counts().size(); i++) {
            counts.add(left.counts().get(i) + right.counts().get(i));
        }
        return new LatencyHistogram.Snapshot(List.copyOf(counts), left.total().plus(right.total()));
    }
}
