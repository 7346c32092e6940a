package org.bolide.benchmarks.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** All runs of one scenario against one broker: rates are medians, latencies are of all runs together. */
record Row(Scenario scenario, String broker, List<Outcome> runs) {

    double events() {
        return median(Outcome::ackedPerSecond);
    }

    double deliveries() {
        return median(Outcome::deliveriesPerSecond);
    }

    Histogram ack() {
        return merged(Outcome::ack);
    }

    Histogram delivery() {
        return merged(Outcome::delivery);
    }

    double millisPerEvent() {
        return median(Outcome::millisPerEvent);
    }

    double megabytes() {
        return runs.stream().mapToDouble(run -> run.cost().mostMegabytes()).max().orElse(Double.NaN);
    }

    double heapBytes() {
        return median(Outcome::heapBytes);
    }

    double generatorCores() {
        return runs.stream().mapToDouble(run -> run.cost().generatorCores()).max().orElse(Double.NaN);
    }

    double otherCores() {
        return runs.stream().mapToDouble(run -> run.cost().otherCores()).max().orElse(Double.NaN);
    }

    boolean generatorBound() {
        return runs.stream().anyMatch(Outcome::generatorBound);
    }

    Map<String, Integer> faults() {
        return sum(Outcome::faults);
    }

    Map<String, Integer> notes() {
        return sum(Outcome::notes);
    }

    private Map<String, Integer> sum(Function<Outcome, Map<String, Integer>> counts) {
        Map<String, Integer> all = new TreeMap<>();
        runs.forEach(run -> counts.apply(run).forEach((name, count) -> all.merge(name, count, Integer::sum)));
        return all;
    }

    private Histogram merged(Function<Outcome, Histogram> each) {
        Histogram all = new Histogram();
        runs.forEach(run -> all.add(each.apply(run)));
        return all;
    }

    private double median(ToDoubleFunction<Outcome> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
