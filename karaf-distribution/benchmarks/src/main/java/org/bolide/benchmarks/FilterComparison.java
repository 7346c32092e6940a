package org.bolide.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Times the same filters on the same events in Bolide and in libxml2, one after the other, and prints both. */
public final class FilterComparison {

    private record Reference(double median, long passed) {}

    private FilterComparison() {
    }

    public static void main(String[] args) throws IOException, InterruptedException, RunnerException {
        Path folder = Files.createTempDirectory("bolide-filters");
        lay(folder);
        Map<String, Reference> libxml2 = reference(folder, args.length > 0 ? args[0] : "python3");
        Options options = new OptionsBuilder().include(FilterBenchmark.class.getSimpleName()).shouldFailOnError(true).build();
        Collection<RunResult> results = new Runner(options).run();
        System.out.printf("%nMicroseconds for one event, median%n");
        System.out.printf("%-16s %8s %10s %10s %8s%n", "workload", "events", "libxml2", "Bolide", "ratio");
        for (RunResult result : results) {
            FilterWorkload workload = FilterWorkload.valueOf(result.getParams().getParam("workload"));
            double ours = result.getPrimaryResult().getStatistics().getPercentile(50)
                    / FilterBenchmark.eventsOfAPass(workload);
            double theirs = libxml2.get(workload.label()).median;
            System.out.printf(Locale.ROOT, "%-16s %8d %10.2f %10.2f %7.1fx%n", workload.label(),
                    workload.events().size(), theirs, ours, theirs / ours);
        }
    }

    private static void lay(Path folder) throws IOException {
        for (FilterWorkload workload : FilterWorkload.values()) {
            Path events = Files.createDirectories(folder.resolve(workload.label()).resolve("events"));
            List<byte[]> contents = workload.events();
            for (int i = 0; i < contents.size(); i++) {
                Files.write(events.resolve("%05d.xml".formatted(i)), contents.get(i));
            }
            Files.writeString(events.resolveSibling("filters"), String.join("\n", workload.filters()));
        }
    }

    private static Map<String, Reference> reference(Path folder, String python) throws IOException, InterruptedException {
        Path script = Files.createTempFile("filters", ".py");
        try (InputStream resource = FilterComparison.class.getResourceAsStream("filters.py")) {
            Files.copy(resource, script, StandardCopyOption.REPLACE_EXISTING);
        }
        Process process = new ProcessBuilder(python, script.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        Map<String, Reference> results = new HashMap<>();
        for (String line : new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
            System.out.println(line);
            String[] fields = line.split("\t");
            if (!fields[0].equals("lxml")) {
                results.put(fields[0], new Reference(Double.parseDouble(fields[1]), Long.parseLong(fields[3])));
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("libxml2 was not timed: " + python + " needs lxml (Debian: python3-lxml, /usr/bin/python3)");
        }
        return results;
    }
}
