package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** The figures for programs: JSON, described in the README. */
final class Report {

    private Report() {
    }

    static void write(Path file, Map<String, String> head, List<Row> rows) throws IOException {
        JsonObject report = new JsonObject();
        head.forEach(report::addProperty);
        JsonArray results = new JsonArray();
        for (Row row : rows) {
            JsonObject result = new JsonObject();
            result.addProperty("scenario", row.scenario().name());
            result.addProperty("description", row.scenario().description());
            result.addProperty("broker", row.broker());
            result.addProperty("ok", row.faults().isEmpty());
            number(result, "eventsPerSecond", row.events());
            number(result, "deliveriesPerSecond", row.deliveries());
            latency(result, "ackMillis", row.ack());
            latency(result, "deliveryMillis", row.delivery());
            number(result, "brokerCpuMillisPerEvent", row.millisPerEvent());
            number(result, "brokerResidentMegabytes", row.megabytes());
            number(result, "heapBytesPerSubscriber", row.heapBytes());
            JsonArray runs = new JsonArray();
            row.runs().forEach(run -> runs.add(run(run)));
            result.add("runs", runs);
            results.add(result);
        }
        report.add("results", results);
        Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(report) + "\n");
    }

    /**
     * The rate of acknowledgements to compare with: the row's own, or, of a broker that does not keep the connections it
     * should, the best of its one-shot rates.
     */
    static double referenceRate(List<Row> rows, Row row) {
        return row.faults().containsKey("closed") && row.scenario().authors().window() > 0
                ? rows.stream().filter(r -> r.broker().equals(row.broker()) && r.scenario().authors().window() == 0)
                        .mapToDouble(Row::events).max().orElse(Double.NaN)
                : row.events();
    }

    private static JsonObject run(Outcome run) {
        JsonObject json = new JsonObject();
        json.addProperty("events", run.events());
        json.addProperty("acked", run.acked());
        number(json, "eventsPerSecond", run.ackedPerSecond());
        json.addProperty("deliveries", run.deliveries());
        number(json, "deliveriesPerSecond", run.deliveriesPerSecond());
        latency(json, "ackMillis", run.ack());
        latency(json, "deliveryMillis", run.delivery());
        number(json, "generatorLatenessMillisP99", run.latenessMillis());
        Meter.Reading cost = run.cost();
        number(json, "seconds", cost.seconds());
        number(json, "brokerCpuSeconds", cost.brokerSeconds());
        number(json, "brokerCpuMillisPerEvent", run.millisPerEvent());
        number(json, "brokerResidentMegabytesFirst", cost.firstMegabytes());
        number(json, "brokerResidentMegabytesMost", cost.mostMegabytes());
        number(json, "brokerResidentMegabytesLast", cost.lastMegabytes());
        number(json, "generatorCores", cost.generatorCores());
        json.addProperty("generatorBound", run.generatorBound());
        number(json, "otherCores", cost.otherCores());
        number(json, "heapBytesPerSubscriber", run.heapBytes());
        json.add("faults", counts(run.faults()));
        json.add("notes", counts(run.notes()));
        return json;
    }

    private static void latency(JsonObject json, String name, Histogram histogram) {
        if (histogram.total() > 0) {
            JsonObject latency = new JsonObject();
            latency.addProperty("count", histogram.total());
            number(latency, "p50", histogram.millis(0.5));
            number(latency, "p90", histogram.millis(0.9));
            number(latency, "p99", histogram.millis(0.99));
            number(latency, "max", histogram.maxMillis());
            json.add(name, latency);
        }
    }

    private static JsonObject counts(Map<String, Integer> counts) {
        JsonObject json = new JsonObject();
        counts.forEach(json::addProperty);
        return json;
    }

    /** What is not a number is left out. */
    private static void number(JsonObject json, String name, double value) {
        if (!Double.isNaN(value) && !Double.isInfinite(value)) {
            json.addProperty(name, Math.round(value * 1e4) / 1e4);
        }
    }
}
