package org.bolide.shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Filters;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FilterCommandsTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant RECEIVED = Instant.parse("2026-11-22T10:15:03.7Z");
    private static final Instant SINCE = RECEIVED.minusSeconds(2 * 86_400);

    private final MemoryBroker broker = new MemoryBroker();
    private final Answers answers = new Answers();
    private final TestServices services = new TestServices().with(answers).with(broker);
    private final TestCaller caller = new TestCaller(Path.of(""));

    private int type(String... words) throws Refusal, InterruptedException {
        return caller.type(services, Clock.fixed(NOW, ZoneOffset.UTC), words);
    }

    private String said() {
        return caller.said().replace(System.lineSeparator(), "\n");
    }

    private String refusal(String... words) {
        return assertThrows(Refusal.class, () -> type(words)).getMessage();
    }

    private String refused(String filter) {
        return refusal("filter-test", filter);
    }

    @Test
    void shouldListFiltersInAHundredColumns() throws Exception {
        answers.filters = List.of(
                new Filters.FilterStatus("xpath", "//Param[@name='magnitude' and @value<15]\n  | //How[contains(Description, 'Swift')]",
                        3_400, 12, 0, 1, Duration.ofMillis(1)),
                new Filters.FilterStatus("xquery", "\u001b[2Jtrue()", 1_234_567, 0, 3, 0, Duration.ofSeconds(125)),
                new Filters.FilterStatus("xpath", "//Who", 0, 0, 0, 0, Duration.ZERO));
        type("filters");
        assertEquals("""
                Language  Evaluated  Passed  Failed  Overran  Mean µs  Filter
                xpath         3,400      12       0        1      0.3  //Param[@name='magnitude' and @value<15] |
                                                                       //How[contains(Description, 'Swift')]
                xquery    1,234,567       0       3        0    101.3  �[2Jtrue()
                xpath             0       0       0        0        -  //Who
                """, said());
    }

    @Test
    void shouldSayThatNoFilterIsInUse() throws Exception {
        type("filters");
        assertEquals("No filter is in use.\n", said());
    }

    @Test
    void shouldTellWhatPassesAndNameTheNewest() throws Exception {
        answers.trial = new Filters.Trial(3_400, 12, 0, false, SINCE, List.of(
                new Filters.Match(12_345, Optional.of("ivo://nasa.gsfc.gcn/Fermi#GBM_Fin_Pos2014-04-30T07:16:01.45_420534964_0-220"), RECEIVED),
                new Filters.Match(999, Optional.empty(), RECEIVED.minusSeconds(86_400))));
        type("filter-test", "--days=30", "--matches=2", "//Param");
        assertEquals("xpath //Param 2026-10-23T12:00:00Z 2", answers.asked);
        assertEquals("""
                12 of 3,400 events in 30 days pass, the last on 2026-11-22 at 10:15:03 UTC.
                 Seq.  Received (UTC)    IVOID
                12345  2026-11-22 10:15  ivo://nasa.gsfc.gcn/Fermi#GBM_Fin_Pos2014-04-30T07:16:01.45_420534964_0-220
                  999  2026-11-21 10:15  -
                and 10 older; --matches=NUMBER shows more
                """, said());
    }

    @Test
    void shouldSpeakOfOneEventAndOfNone() throws Exception {
        answers.trial = new Filters.Trial(3_400, 1, 0, false, SINCE, List.of(new Filters.Match(7, Optional.of("ivo://a.b/c#d"), RECEIVED)));
        type("filter-test", "--days=1", "--matches=10", "//Param");
        answers.trial = new Filters.Trial(3_400, 0, 2, false, SINCE, List.of());
        type("filter-test", "--days=30", "--matches=10", "//Param");
        answers.trial = new Filters.Trial(1, 0, 0, true, SINCE, List.of());
        type("filter-test", "--days=30", "--matches=10", "//Param");
        answers.trial = new Filters.Trial(0, 0, 0, false, SINCE, List.of());
        type("filter-test", "--days=30", "--matches=10", "//Param");
        assertEquals("""
                1 of 3,400 events in 1 day passes, received on 2026-11-22 at 10:15:03 UTC.
                Seq.  Received (UTC)    IVOID
                   7  2026-11-22 10:15  ivo://a.b/c#d
                None of 3,400 events in 30 days passes.
                At 2 events the filter ended in an error, which does not pass.
                The one event in 30 days does not pass.
                The filter costs too much: at one event or more it was ended. A subscriber would lose it.
                There is no event to try the filter on: the log has received none in 30 days.
                """, said());
    }

    @Test
    void shouldSayThatItWasEndedEarlyAndLeaveTheFlag() throws Exception {
        answers.trial = new Filters.Trial(5, 0, 0, false, SINCE, List.of());
        Thread.currentThread().interrupt();
        type("filter-test", "--days=30", "--matches=10", "//Param");
        assertTrue(Thread.interrupted());
        assertEquals("\nEnded early; tried were the newest:\nNone of 5 events since 2026-11-20 at 10:15:03 UTC passes.\n", said());
    }

    @Test
    void shouldSayThatItWasEndedBeforeItBegan() throws Exception {
        answers.trial = new Filters.Trial(0, 0, 0, false, SINCE, List.of());
        Thread.currentThread().interrupt();
        type("filter-test", "//Param");
        assertTrue(Thread.interrupted());
        assertEquals("\nEnded before any event was tried.\n", said());
    }

    @Test
    void shouldShowWhereAFilterIsWrong() {
        answers.fault = new FilterSyntaxException("] is expected, not the end", 16);
        assertEquals("""
                //Param[@name="x
                                ^
                ] is expected, not the end""", refused("//Param[@name=\"x"));
        String lines = "true() and\n//🔭[@a\tand !@b]\n or false()";
        answers.fault = new FilterSyntaxException("! stands alone", lines.indexOf('!'));
        assertEquals("""
                //🔭[@a and !@b]
                           ^
                ! stands alone""", refused(lines));
        answers.fault = new FilterSyntaxException("no filter language is called \"xpth\"; there is xpath", -1);
        assertEquals("no filter language is called \"xpth\"; there is xpath", refused("//Param"));
    }

    @Test
    void shouldShowThePlaceInALongFilterAndWrapTheReason() {
        String text = "//Param[@name='a'] | ".repeat(10) + "!";
        answers.fault = new FilterSyntaxException("reason ".repeat(20).strip(), 210);
        String shown = refused(text);
        String[] lines = shown.split("\n");
        assertEquals("…" + text.substring(150), lines[0]);
        assertEquals(" ".repeat(61) + "^", lines[1]);
        assertEquals("reason ".repeat(14).strip(), lines[2]);
        assertEquals("reason ".repeat(6).strip(), lines[3]);
    }

    @Test
    void shouldRefuseNumbersThatMakeNoSense() {
        assertEquals("filter-test: --days is 1 or more, not 0; see bolide filter-test --help", refusal("filter-test", "--days=0", "//Param"));
        assertEquals("filter-test: --matches is a whole number, not \"-1\"; see bolide filter-test --help",
                refusal("filter-test", "--matches=-1", "//Param"));
    }

    @Test
    void shouldExplainByEachPartOfTheFilter() throws Exception {
        String longOne = "contains(//How/Description, 'Swift') or contains(//How/Description, 'Fermi')";
        answers.explanation = Optional.of(new Explanation("//Param and (" + longOne + ")", "does not pass: false", List.of(
                new Explanation("//Param", "3 nodes: \u001b[31mred " + "blue ".repeat(20), List.of()),
                new Explanation(longOne, "false", List.of(
                        new Explanation("contains(//How/Description, 'Swift')", "false", List.of(
                                new Explanation("contains(//How/Description, 'Swift')", "false", List.of(
                                        new Explanation("//How/Description", "0 nodes", List.of()))))))))));
        type("filter-explain", "17", "//Param");
        assertEquals("xpath //Param 17", answers.asked);
        assertEquals("""
                //Param and (contains(//How/Description, 'Swift') or contains(//How/Description, 'Fermi'))
                    → does not pass: false
                  //Param  → 3 nodes: �[31mred blue blue blue blue blue blue blue blue blue blue blue blue blue blu…
                  contains(//How/Description, 'Swift') or contains(//How/Description, 'Fermi')  → false
                    contains(//How/Description, 'Swift')  → false
                      //How/Description  → 0 nodes
                """, said());
    }

    @Test
    void shouldAnswerScriptsAsWell() throws Exception {
        answers.trial = new Filters.Trial(3_400, 12, 1, true, SINCE, List.of(new Filters.Match(12_345, Optional.of("ivo://a.b/c#d"), RECEIVED)));
        type("filter-test", "--json", "//Param");
        JsonObject trial = JsonParser.parseString(caller.said()).getAsJsonObject();
        assertEquals(12, trial.get("passed").getAsLong());
        assertTrue(trial.get("overran").getAsBoolean());
        assertEquals("2026-11-20T10:15:03.700Z", trial.get("since").getAsString());
        assertEquals("2026-11-22T10:15:03.700Z", trial.get("newest").getAsJsonArray().get(0).getAsJsonObject().get("receivedAt").getAsString());
        caller.outBytes.reset();
        answers.explanation = Optional.of(new Explanation("a or b", "passes: true", List.of(new Explanation("a", "true", List.of()))));
        type("filter-explain", "17", "a or b", "--json");
        JsonObject explanation = JsonParser.parseString(caller.said()).getAsJsonObject();
        assertEquals("passes: true", explanation.get("result").getAsString());
        assertEquals("a", explanation.get("parts").getAsJsonArray().get(0).getAsJsonObject().get("expression").getAsString());
    }

    @Test
    void shouldFindTheNewestEventOfAnIvoid() throws Exception {
        answers.explanation = Optional.of(new Explanation("true()", "passes: true", List.of()));
        byte[] first = SampleEvents.event("ivo://test.author/shell#1").bytes();
        broker.append(first);
        long newest = broker.append(new String(first, StandardCharsets.UTF_8).concat("<!-- again -->").getBytes(StandardCharsets.UTF_8)).sequence();
        broker.append(SampleEvents.event("ivo://test.author/shell#2").bytes());
        type("filter-explain", "ivo://test.author/shell#1", "true()");
        assertEquals("xpath true() " + newest, answers.asked);
        assertEquals(0, broker.openReaders());
    }

    @Test
    void shouldSayThatAnEventIsNotThere() {
        broker.append(SampleEvents.event("ivo://test.author/shell#1").bytes());
        assertEquals("The log holds no event with the sequence 17; the newest has 1.",
                assertThrows(Refusal.class, () -> type("filter-explain", "17", "true()")).getMessage());
        assertEquals("The log holds no event ivo://test.author/shell#3. An event is named by its IVOID or its sequence.",
                assertThrows(Refusal.class, () -> type("filter-explain", "ivo://test.author/shell#3", "true()")).getMessage());
    }

    @Test
    void shouldSayThatTheLogCannotBeRead() {
        answers.broken = new UncheckedIOException(new IOException("the disk is gone"));
        assertEquals("The log cannot be read: the disk is gone", refused("true()"));
    }

    /** Answers what a test says, and remembers what it was asked. */
    private static final class Answers implements Filters {

        private List<FilterStatus> filters = List.of();
        private Trial trial;
        private Optional<Explanation> explanation = Optional.empty();
        private FilterSyntaxException fault;
        private UncheckedIOException broken;
        private String asked;

        @Override
        public List<FilterStatus> filters() {
            return filters;
        }

        @Override
        public Trial test(String language, String text, Instant since, int maxMatches) throws FilterSyntaxException {
            asked = language + " " + text + " " + since + " " + maxMatches;
            fail();
            return trial;
        }

        @Override
        public Optional<Explanation> explain(String language, String text, long sequence) throws FilterSyntaxException {
            asked = language + " " + text + " " + sequence;
            fail();
            return explanation;
        }

        private void fail() throws FilterSyntaxException {
            if (fault != null) {
                throw fault;
            }
            if (broken != null) {
                throw broken;
            }
        }
    }
}
