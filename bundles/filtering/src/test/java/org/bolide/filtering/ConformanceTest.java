package org.bolide.filtering;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterSyntaxException;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The verdicts of libxml2, and of XPath 1.0 to the letter where it says otherwise, for each of 633 events and 331
 * filters. A filter that is wrong whatever the event must be refused; NaN does not pass.
 */
class ConformanceTest {

    private record Expected(String result, String type, String value) {

        boolean passes() {
            return result.equals("pass") && !(type.equals("number") && value.equalsIgnoreCase("nan"));
        }
    }

    /** Saxon's own ways with numbers and texts: {@code -0}, {@code INF}, and that {@code +5} is a number. */
    private static final Set<String> KNOWN = Set.of(
            "string(-0) = \"0\" and string(-(0)) = \"0\"",
            "string(1 div 0) = \"Infinity\" and string(-1 div 0) = \"-Infinity\" and string(0 div 0) = \"NaN\"",
            "number(\"+5\")");

    private final XPathLanguage language = new XPathLanguage(new FilterRegistry());

    @Test
    void shouldDeliverWhatXPath10Delivers() throws IOException {
        Optional<Path> folder = SharedData.folder().map(data -> data.resolve("filters"));
        if (folder.isEmpty()) {
            return;
        }
        Map<String, TestEvent> events = new HashMap<>();
        for (RealEvent event : SharedData.events()) {
            if (!event.dtd()) {
                events.put(event.name(), TestEvent.of(1, TestEvent.header(Optional.empty()), event.content()));
            }
        }
        List<String> texts = Files.readString(folder.get().resolve("public-filters.txt")).lines().toList();
        List<Object> filters = texts.stream().map(this::compiled).toList();
        List<String> meta = Files.readAllLines(folder.get().resolve("public-filters.meta.tsv"));
        Map<String, Expected> strict = truth(folder.get().resolve("public-strict.tsv.gz"));

        List<String> candidate = new ArrayList<>();
        int rows = 0;
        int good = 0;
        Map<Integer, List<String>> wrong = new TreeMap<>();
        for (Map.Entry<String, Expected> row : truth(folder.get().resolve("public-truth.tsv.gz")).entrySet()) {
            String[] key = row.getKey().split("\t");
            TestEvent event = events.get(key[0]);
            if (event == null) {
                continue;
            }
            int number = Integer.parseInt(key[1]);
            boolean late = meta.get(number).split("\t")[2].equals("late");
            Optional<Expected> letter = Optional.ofNullable(strict.get(row.getKey()));
            List<Expected> accepted = new ArrayList<>();
            letter.ifPresent(accepted::add);
            if (!(late && letter.isPresent() && letter.get().result().equals("invalid"))) {
                accepted.add(row.getValue());
            }
            Object filter = filters.get(number - 1);
            boolean passes = filter instanceof EventExpression e && e.matches(event);
            boolean refused = filter instanceof FilterSyntaxException;
            candidate.add(row.getKey() + "\t" + (refused ? "invalid" : passes ? "pass" : "fail"));
            rows++;
            if (accepted.stream().anyMatch(a -> a.passes() == passes && (!a.result().equals("invalid") || refused)
                    && (!refused || !a.result().equals("pass")))) {
                good++;
            } else {
                wrong.computeIfAbsent(number, n -> new ArrayList<>()).add(key[0] + " wants " + accepted + " gets "
                        + (refused ? filter : passes));
            }
        }
        // For check.py, which stands beside the data.
        Files.write(Path.of("target", "conformance.tsv"), candidate);
        System.out.printf("conformance: %d of %d verdicts agree (%.3f %%), %d of %d filters wholly%n", good, rows,
                100.0 * good / rows, texts.size() - wrong.size(), texts.size());
        wrong.forEach((number, all) -> System.out.println("  #" + number + " " + all.size() + " events: "
                + texts.get(number - 1) + "\n     " + all.get(0)));
        assertTrue(KNOWN.containsAll(wrong.keySet().stream().map(number -> texts.get(number - 1)).toList()));
    }

    private Object compiled(String text) {
        try {
            return language.compile(text, Map.of());
        } catch (FilterSyntaxException e) {
            return e;
        }
    }

    private static Map<String, Expected> truth(Path file) throws IOException {
        Map<String, Expected> rows = new HashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] c = line.split("\t", -1);
                if (!c[0].equals("event")) {
                    rows.put(c[0] + "\t" + c[1], new Expected(c[2], c.length > 3 ? c[3] : "", c.length > 5 ? c[5] : ""));
                }
            }
        }
        return rows;
    }
}
