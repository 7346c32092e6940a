package org.bolide.filtering.xpath;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.GZIPInputStream;

import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.EventParser;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/**
 * What libxml2 gives, and XPath 1.0 to the letter where it says otherwise, for each of 634 events and 331 filters: whether
 * the event passes, and the type, the number of nodes and the value. A filter that is wrong whatever the event must be
 * refused.
 */
class ConformanceTest {

    private static final int SHOWN = 240;

    /** Counts texts that are numbers: with exponents, as libxml2, but without its "-", "1e" and "1e+". */
    private static final String BETWEEN_BOTH = "count(//Group[@name=\"Numbers\"]/Param[number(@value) = number(@value)])";

    /** @param result pass, fail, error or invalid */
    private record Row(String result, String type, String count, String value) {

        boolean agrees(Row given, boolean withValue) {
            boolean refused = given.result.equals("invalid");
            if (result.equals("error")) {
                return given.result.equals("fail") || refused;
            }
            if (!result.equals(given.result) || refused || !withValue) {
                return result.equals(given.result);
            }
            return type.equals(given.type) && switch (type) {
                case "number" -> Double.compare(number(value), number(given.value)) == 0 || number(value) == number(given.value);
                case "nodeset" -> count.equals(given.count) && shown(value).equals(shown(given.value));
                default -> shown(value).equals(shown(given.value));
            };
        }

        private static double number(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "nan" -> Double.NaN;
                case "inf", "infinity" -> Double.POSITIVE_INFINITY;
                case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> Double.parseDouble(text);
            };
        }

        private static String shown(String text) {
            String whole = text.endsWith("…") ? text.substring(0, text.length() - 1) : text;
            return whole.codePointCount(0, whole.length()) <= SHOWN ? whole : whole.substring(0, whole.offsetByCodePoints(0, SHOWN));
        }

        String tsv() {
            return result + "\t" + type + "\t" + count + "\t" + value;
        }
    }

    private final Trees trees = new Trees(new EventParser()::parse, new LongAdder(), new LongAdder());

    @Test
    void shouldGiveWhatXPath10Gives() throws IOException {
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
        List<Object> asComet = texts.stream().map(text -> compiled(text, true)).toList();
        List<Object> byDefault = texts.stream().map(text -> compiled(text, false)).toList();
        List<String> meta = Files.readAllLines(folder.get().resolve("public-filters.meta.tsv"));
        Map<String, Row> strict = truth(folder.get().resolve("public-strict.tsv.gz"));

        List<String> candidate = new ArrayList<>();
        int rows = 0;
        Map<Integer, List<String>> wrong = new TreeMap<>();
        Set<Integer> ofNaN = new TreeSet<>();
        Set<Integer> differing = new TreeSet<>();
        for (Map.Entry<String, Row> truth : truth(folder.get().resolve("public-truth.tsv.gz")).entrySet()) {
            String[] key = truth.getKey().split("\t");
            TestEvent event = events.get(key[0]);
            if (event == null) {
                continue;
            }
            int number = Integer.parseInt(key[1]);
            String[] about = meta.get(number).split("\t");
            boolean withValue = !about[3].equals("1") && !texts.get(number - 1).equals(BETWEEN_BOTH);
            List<Row> wanted = new ArrayList<>();
            Optional.ofNullable(strict.get(truth.getKey())).ifPresent(wanted::add);
            if (!(about[2].equals("late") && !wanted.isEmpty() && wanted.get(0).result().equals("invalid"))) {
                wanted.add(truth.getValue());
            }
            Row given = row(asComet.get(number - 1), event);
            candidate.add(truth.getKey() + "\t" + given.tsv());
            rows++;
            if (wanted.stream().noneMatch(w -> w.agrees(given, withValue))) {
                wrong.computeIfAbsent(number, n -> new ArrayList<>()).add(key[0] + " wants " + wanted + " gets " + given);
            }
            if (given.type().equals("number") && given.value().equals("NaN")) {
                ofNaN.add(number);
            }
            if (!row(byDefault.get(number - 1), event).result().equals(given.result())) {
                differing.add(number);
            }
        }
        // For check.py, which stands beside the data.
        Files.write(Path.of("target", "conformance.tsv"), candidate);
        System.out.printf("conformance, NaN as in Comet: %d verdicts and values, %d of %d filters agree wholly; by default %d"
                + " filters differ from that%n", rows, texts.size() - wrong.size(), texts.size(), differing.size());
        wrong.forEach((number, all) -> System.out.println("  #" + number + " " + all.size() + " events: "
                + texts.get(number - 1) + "\n     " + all.get(0)));
        assertEquals(Set.of(), wrong.keySet());
        assertEquals(11, ofNaN.size());
        assertEquals(ofNaN, differing);
    }

    private Object compiled(String text, boolean nanPasses) {
        try {
            return new XPathEngine(trees, nanPasses).compile(text, Map.of());
        } catch (FilterSyntaxException e) {
            return e;
        }
    }

    private static Row row(Object filter, TestEvent event) {
        if (!(filter instanceof XPath xpath)) {
            return new Row("invalid", "-", "", "");
        }
        List<String> values = xpath.values(event);
        String type = xpath.type().name().toLowerCase(Locale.ROOT).replace("_", "");
        String value = values.isEmpty() ? "" : values.get(0).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
                .replace("\r", "\\r");
        boolean passes = xpath.passes(event);
        assertFalse(passes && xpath.excludes(event));
        return new Row(passes ? "pass" : "fail", type, type.equals("nodeset") ? "" + values.size() : "", value);
    }

    private static Map<String, Row> truth(Path file) throws IOException {
        Map<String, Row> rows = new HashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)),
                StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] c = line.split("\t", -1);
                if (!c[0].equals("event")) {
                    rows.put(c[0] + "\t" + c[1], new Row(c[2], cell(c, 3), cell(c, 4), cell(c, 5)));
                }
            }
        }
        return rows;
    }

    private static String cell(String[] cells, int i) {
        return i < cells.length ? cells[i] : "";
    }
}
