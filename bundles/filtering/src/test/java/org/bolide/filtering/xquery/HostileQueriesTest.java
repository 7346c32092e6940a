package org.bolide.filtering.xquery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.Filter;
import org.bolide.filtering.Filter.Verdict;
import org.bolide.filtering.FilterRegistry;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Queries that would read, reach out, take for ever or fill the memory: each is refused when it is compiled or comes to an
 * end. That they end is counted in steps, not in time; the deadline is only there to fail.
 */
class HostileQueriesTest {

    private static final long DEADLINE_SECONDS = 60;
    /** Of the threads that filters run on, the JVM's own figure on the machines that Bolide is for; half of it must do. */
    private static final long STACK_BYTES = 1 << 19;

    /** What Saxon or Java throws without meaning to: a stack that overflows, a null. */
    private static final Pattern UNFORESEEN = Pattern.compile("java\\.[a-z.]+\\.\\w+(Error|Exception)");

    private final XQueryLanguage language = new XQueryLanguage(new FilterRegistry(), Map.of());

    @Test
    void shouldRefuseOrEndWhatStrangersMightSend() {
        List<String> wrong = new ArrayList<>();
        for (String line : lines()) {
            String expected = line.substring(0, line.indexOf(' '));
            String query = line.substring(line.indexOf(' ') + 1);
            String outcome = outcome(query);
            if (!outcome.equals(expected)) {
                wrong.add(expected + " expected, but " + outcome + ": " + query);
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void shouldRefuseOrEndWhatOthersHaveCollected() throws IOException {
        Optional<Path> folder = SharedData.folder();
        if (folder.isEmpty()) {
            return;
        }
        int[] counts = new int[3];
        List<String> lines = Files.readAllLines(folder.get().resolve("filters/hostile-filters.txt"));
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).matches("# H\\d.*")) {
                String name = lines.get(i);
                String outcome = outcome(lines.get(++i));
                assertTrue(List.of("refused", "overruns", "ends").contains(outcome), outcome + " " + name);
                counts[List.of("refused", "overruns", "ends").indexOf(outcome)]++;
                // From H50 on they reach outside.
                assertTrue(name.compareTo("# H50") < 0 || outcome.equals("refused"), name);
            }
        }
        System.out.printf("hostile filters as XQuery: %d refused, %d overran, %d ended%n", counts[0], counts[1], counts[2]);
    }

    @Test
    void shouldEndWhatIsNestedAsDeepAsATextAllows() {
        List<String> deep = new ArrayList<>();
        for (String[] each : new String[][] {
            {"(", "1", ")"}, {"[", "1", "]"}, {"not(", "1", ")"}, {"//a[", "1", "]"}, {"function(){", "1", "}"}, {"map{1:", "1", "}"},
            {"if(1)then ", "1", " else 1"}, {"-", "1", ""}, {"let $a:=1 return ", "$a", ""}, {"for $a in . return ", "$a", ""},
            {"some $a in . satisfies ", "$a", ""}, {"try{", "1", "}catch*{1}"}, {"sort(", "1", ")"}, {"(1 to 2)!(", "1", ")"},
            {"", "1", "+1"}, {"", "1", "||1"}, {"", "a", "/a"}, {"", "a", "[1]"}, {"", "a", "|a"}, {"", "1", " or 1"},
            {"", "1", "=>string()"}, {"", ".", "?a"}, {"", "1", "!1"}, {"(:", "1", ":)"}, {"(1,", "1", ")"}}) {
            for (int times : new int[] {20, 90, 400, 8000 / (each[0].length() + each[2].length())}) {
                deep.add(each[0].repeat(times) + each[1] + each[2].repeat(times));
            }
        }
        deep.add("(".repeat(8000));
        deep.add("[{(".repeat(2700));
        for (String query : deep) {
            String outcome = outcome(query);
            assertTrue(List.of("refused", "overruns", "ends").contains(outcome), () -> outcome + ": " + query.substring(0, 80));
        }
    }

    @Test
    void shouldEndAllSizesOfAnEvent() {
        byte[] large = large(5000);
        for (String query : List.of("//*[//*[//*[. = 'x']]]", "//Param[not(@name = preceding::Param/@name)]/@nosuch",
                "some $i in 1 to 1000 satisfies not(deep-equal(/, /))", "for $a in //Param, $b in //Param where $a/@name = $b/@value return $a",
                "let $d := . return string-length(string-join((1 to 1000) ! deep-equal($d, $d))) < 0", "sort(for $p in //Param, $i in 1 to 100 return $p/..)")) {
            assertEquals("overruns", outcome(query, large), query);
        }
        assertEquals("ends", outcome("exists(//Param[@name = 'p4999'][@value = 4999])", large));
        assertEquals("ends", outcome("count(distinct-values(//Param/@name)) = 5000", large));
    }

    @Test
    void shouldTellNeitherTheLogNorTheConsole() {
        try (CapturedLog log = new CapturedLog()) {
            outcome("error(QName('urn:x', 'x'), 'a&#10;2026-01-01 ERROR all is lost')");
            outcome("1 = <a/>");
            outcome("let $unused := 1 return 'a' = 1");
            assertTrue(log.lines().stream().allMatch(line -> line.contains(" DEBUG ")), log.text());
            assertFalse(log.lines().stream().anyMatch(line -> line.startsWith("2026-01-01")), log.text());
        }
    }

    @Test
    void shouldBeOfUseWhenOthersHaveBeenEnded() throws Exception {
        IntStream.range(0, 20).forEach(i -> outcome("declare function local:f($n) { local:f($n + " + i + ") + 1 }; local:f(1)"));
        assertTrue(language.compile("//Param/@name = 'Packet_Type'", Map.of())
                .matches(TestEvent.of(1, TestEvent.header(Optional.empty()), SampleEvents.swift())));
    }

    @Test
    void shouldEndAlikeWhateverRanBefore() throws Exception {
        // Saxon learns from earlier runs whether to compute variables at once; it must not matter.
        for (int size = 100; size < 400; size += 50) {
            String query = "let $s := for $i in 1 to " + size + " return $i return count(for $a in $s, $b in $s where $a = $b return $a) > 0";
            Filter filter = (Filter) language.compile(query, Map.of());
            Verdict first = filter.verdict(event(SampleEvents.test()));
            for (int i = 0; i < 60; i++) {
                assertEquals(first, filter.verdict(event(SampleEvents.test())), query);
            }
        }
    }

    private String outcome(String query) {
        return outcome(query, SampleEvents.swift());
    }

    private String outcome(String query, byte[] content) {
        String[] outcome = {"takes for ever"};
        Thread thread = new Thread(null, () -> outcome[0] = run(query, content), "filter", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(SECONDS.toMillis(DEADLINE_SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return outcome[0];
    }

    private String run(String query, byte[] content) {
        Filter filter;
        try {
            filter = (Filter) language.compile(query, Map.of());
        } catch (FilterSyntaxException e) {
            return e.getMessage().contains("engine") ? e.getMessage() : "refused";
        }
        try (CapturedLog log = new CapturedLog()) {
            Verdict verdict = filter.verdict(event(content));
            if (UNFORESEEN.matcher(log.text()).find()) {
                return log.text();
            }
            assertEquals(filter.overran(), verdict == Verdict.OVERRAN);
            return verdict == Verdict.OVERRAN ? "overruns" : "ends";
        }
    }

    private static BrokerEvent event(byte[] content) {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), content);
    }

    private static byte[] large(int params) {
        StringBuilder text = new StringBuilder("<VOEvent><What>");
        for (int i = 0; i < params; i++) {
            text.append("<Param name=\"p").append(i).append("\" value=\"").append(i).append("\"/>");
        }
        return text.append("</What></VOEvent>").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> lines() {
        try (var in = HostileQueriesTest.class.getResourceAsStream("hostile-queries.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
