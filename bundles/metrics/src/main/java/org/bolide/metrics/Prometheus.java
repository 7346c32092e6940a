package org.bolide.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import org.bolide.api.management.LatencyHistogram;

/**
 * The broker's readings in the Prometheus client's terms, taken anew for each scrape. The bundles have counted already: there is
 * nothing to register, to count twice, or to forget when a component goes.
 */
final class Prometheus implements MultiCollector {

    private static final double[] BOUNDS = bounds();

    private final Supplier<Readings> readings;

    Prometheus(Supplier<Readings> readings) {
        this.readings = readings;
    }

    private static double[] bounds() {
        double[] bounds = new double[LatencyHistogram.BOUNDS.size() + 1];
        for (int i = 0; i < bounds.length - 1; i++) {
            bounds[i] = LatencyHistogram.BOUNDS.get(i).toNanos() / 1e9;
        }
        bounds[bounds.length - 1] = Double.POSITIVE_INFINITY;
        return bounds;
    }

    @Override
    public MetricSnapshots collect() {
        Readings now = readings.get();
        List<MetricSnapshot> all = new ArrayList<>();
        for (Family family : Family.values()) {
            if (!now.numbers(family).isEmpty() || !now.times(family).isEmpty()) {
                all.add(snapshot(family, now));
            }
        }
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot snapshot(Family family, Readings now) {
        MetricMetadata metadata = metadata(family);
        return switch (family.type()) {
            case COUNTER -> new CounterSnapshot(metadata, points(family, now,
                    (value, labels) -> new CounterDataPointSnapshot(value, labels, null, 0)));
            case GAUGE -> new GaugeSnapshot(metadata, points(family, now,
                    (value, labels) -> new GaugeDataPointSnapshot(value, labels, null)));
            case INFO -> new InfoSnapshot(metadata, points(family, now, (value, labels) -> new InfoDataPointSnapshot(labels)));
            case UNTYPED -> new UnknownSnapshot(metadata, points(family, now,
                    (value, labels) -> new UnknownDataPointSnapshot(value, labels, null)));
            case HISTOGRAM -> new HistogramSnapshot(metadata, now.times(family).entrySet().stream()
                    .map(times -> histogram(times.getValue(), labels(family, times.getKey())))
                    .toList());
        };
    }

    /** The text format adds the endings itself. */
    private static MetricMetadata metadata(Family family) {
        String name = family.shown().replaceFirst("(_total|_info)$", "");
        Unit unit = name.endsWith("_seconds") ? Unit.SECONDS : name.endsWith("_bytes") ? Unit.BYTES : null;
        return new MetricMetadata(name, family.help(), unit);
    }

    private interface Point<P> {
        P make(double value, Labels labels);
    }

    private static <P> List<P> points(Family family, Readings now, Point<P> point) {
        return now.numbers(family).entrySet().stream()
                .map(figure -> point.make(figure.getValue(), labels(family, figure.getKey())))
                .toList();
    }

    private static HistogramDataPointSnapshot histogram(LatencyHistogram.Snapshot times, Labels labels) {
        long[] counts = times.counts().stream().mapToLong(Long::longValue).toArray();
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(BOUNDS, counts), times.total().toNanos() / 1e9, labels, null, 0);
    }

    private static Labels labels(Family family, List<String> values) {
        return Labels.of(family.labels(), values);
    }
}
