package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import static org.awaitility.Awaitility.await;

/** What {@link Lines} wrote down: each call of a handler. */
record Recorded(Path file) {

    /** One call. */
    record Call(int version, long sequence, String ivoid) {}

    /** All of them in their order; a line that is being written is left out. */
    List<Call> calls() throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(line -> line.split(" "))
                .map(words -> new Call(Integer.parseInt(words[0].replaceAll("\\..*", "")), Long.parseLong(words[1]), words[2])).toList();
    }

    Set<String> ivoids() throws IOException {
        Set<String> all = new TreeSet<>();
        calls().forEach(call -> all.add(call.ivoid()));
        return all;
    }

    void awaitAll(Set<String> ivoids) {
        await("all " + ivoids.size() + " events at the handler").atMost(BrokerProcess.CATCH_UP).pollInterval(Duration.ofMillis(500)).until(() -> ivoids().containsAll(ivoids));
    }

    /** Events that came as two different entries of the log: second copies, not repetitions. */
    List<String> copies() throws IOException {
        Map<String, Long> sequences = new HashMap<>();
        List<String> copies = new ArrayList<>();
        for (Call call : calls()) {
            Long before = sequences.putIfAbsent(call.ivoid(), call.sequence());
            if (before != null && before != call.sequence()) {
                copies.add(call.ivoid() + " as " + before + " and " + call.sequence());
            }
        }
        return copies;
    }

    /** How often the place went back: at most once after each crash. */
    int rewinds() throws IOException {
        int rewinds = 0;
        long last = 0;
        for (Call call : calls()) {
            rewinds += call.sequence() <= last ? 1 : 0;
            last = call.sequence();
        }
        return rewinds;
    }

    /** How many calls were repetitions. */
    int repetitions() throws IOException {
        return calls().size() - ivoids().size();
    }
}
