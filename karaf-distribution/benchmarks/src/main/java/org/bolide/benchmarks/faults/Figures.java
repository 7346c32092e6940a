package org.bolide.benchmarks.faults;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;

import static java.util.stream.Collectors.joining;

/** What a run measured, by names with their unit, in the order in which it was measured. */
public final class Figures {
    private final Map<String, Number> values = new LinkedHashMap<>();

    synchronized void put(String name, long value) {
        values.put(name, value);
    }

    synchronized void put(String name, double value) {
        values.put(name, Math.round(value * 100) / 100.0);
    }

    /** Half and nearly all of the times, in milliseconds. */
    void putTimes(String name, Times times) {
        put(name + "-p50-ms", times.millis(0.5));
        put(name + "-p99-ms", times.millis(0.99));
        put(name + "-max-ms", times.millis(1));
    }

    /** As {@code name value, name value}. */
    @Override
    public synchronized String toString() {
        return values.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).collect(joining(", "));
    }

    synchronized String json() {
        return values.entrySet().stream().map(Figures::member).collect(joining(", ", "{", "}"));
    }

    private static String member(Entry<String, Number> each) {
        return String.format(Locale.ROOT, "\"%s\": %s", each.getKey(), each.getValue());
    }
}
