package org.bolide.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** docs/metrics.md has a row for each metric, with its type, unit and labels. */
class MetricsPageTest {

    private static final Path PAGE = Path.of("../../docs/metrics.md");

    @Test
    void shouldDescribeEachMetric() throws IOException {
        String described = Files.readAllLines(PAGE).stream().filter(line -> line.startsWith("| `bolide_"))
                .map(MetricsPageTest::row).sorted().collect(Collectors.joining("\n"));
        String there = Arrays.stream(Family.values()).map(MetricsPageTest::row).sorted().collect(Collectors.joining("\n"));

        assertEquals(there, described);
    }

    private static String row(String line) {
        String[] cells = line.split("\\|");
        String name = cells[1].replace("`", "").strip();
        assertTrue(!name.contains("_seconds") || cells[3].contains("seconds"), name + " is in seconds");
        assertTrue(!name.contains("_bytes") || cells[3].contains("bytes"), name + " is in bytes");
        return name + " " + cells[2].strip() + " " + cells[4].replace("`", "").strip();
    }

    private static String row(Family family) {
        String type = family.type() == Family.Type.INFO ? "gauge" : family.type().name().toLowerCase(Locale.ROOT);
        return family.shown() + " " + type + " " + String.join(", ", family.labels());
    }

    @Test
    void shouldNameOnlyMetricsThatThereAre() throws IOException {
        List<String> names = Arrays.stream(Family.values()).map(Family::shown).toList();
        String rules = Files.readString(PAGE).replaceFirst("(?s)## JMX.*", "");

        for (String word : rules.split("[^a-z_]+")) {
            if (word.startsWith("bolide_")) {
                assertTrue(names.contains(word.replaceFirst("_bucket$", "")), PAGE + " asks for " + word);
            }
        }
    }
}
