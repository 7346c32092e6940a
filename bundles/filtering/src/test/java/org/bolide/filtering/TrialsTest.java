package org.bolide.filtering;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.EventHeader;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventReader;
import org.bolide.api.EventSummary;
import org.bolide.api.Explanation;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.ReaderPlace;
import org.bolide.api.ReaderSpec;
import org.bolide.api.Submission;
import org.bolide.api.management.Filters.Match;
import org.bolide.api.management.Filters.Trial;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TrialsTest {

    private static final String BRIGHT = "//Param[@name='magnitude' and @value<15]";

    private final FilterRegistry registry = new FilterRegistry();
    private final XPathLanguage xpath = new XPathLanguage(registry);
    private final MemoryBroker broker = new MemoryBroker();
    private final Trials trials = trials(broker);

    private Trials trials(EventLog log) {
        return new Trials(registry, log, List.of(Map.entry(Map.of(FilterLanguage.LANGUAGE, "xpath"), xpath)));
    }

    private Trial test(String filter, int matches) throws FilterSyntaxException {
        return trials.test("xpath", filter, Instant.EPOCH, matches);
    }

    private static byte[] magnitude(int number, double value) {
        return SampleEvents.event("ivo://test.author/trial#" + number).param("magnitude", Double.toString(value)).bytes();
    }

    @Test
    void shouldCountWhatPassesAndNameTheNewest() throws Exception {
        for (int i = 1; i <= 1200; i++) {
            broker.append(magnitude(i, i % 100 == 0 ? 14 : 16));
        }
        Trial trial = test(BRIGHT, 3);
        assertEquals(1200, trial.events());
        assertEquals(12, trial.passed());
        assertEquals(0, trial.failed());
        assertFalse(trial.overran());
        assertEquals(List.of(1200L, 1100L, 1000L), trial.newest().stream().map(Match::sequence).toList());
        assertEquals(Optional.of("ivo://test.author/trial#1200"), trial.newest().get(0).identifier());
        assertEquals(broker.events().get(1199).receivedAt(), trial.newest().get(0).receivedAt());
        assertEquals(List.of(), test(BRIGHT, 0).newest());
        assertEquals(0, broker.openReaders());
    }

    @Test
    void shouldTryOnlyWhatWasReceivedSince() throws Exception {
        broker.append(magnitude(1, 14));
        Instant between = broker.append(magnitude(2, 14)).receivedAt();
        broker.append(magnitude(3, 14));
        long since = broker.events().stream().filter(event -> !event.receivedAt().isBefore(between)).count();
        Trial trial = trials.test("xpath", BRIGHT, between, 10);
        assertEquals(since, trial.events());
        assertEquals(between, trial.since());
        assertEquals(0, trials.test("xpath", BRIGHT, Instant.now().plus(Duration.ofDays(1)), 10).events());
    }

    @Test
    void shouldLeaveFiltersInUseAndEventsInMemoryAsTheyAre() throws Exception {
        BrokerEvent event = broker.append(magnitude(1, 14));
        EventExpression inUse = xpath.compile(BRIGHT, Map.of());
        Map<String, Long> before = Map.copyOf(registry.counters());
        assertEquals(1, test(BRIGHT, 1).passed());
        assertEquals(1, test("//Param", 1).passed());
        assertThrows(FilterSyntaxException.class, () -> test("//Param[", 1));
        assertEquals(List.of(BRIGHT), trials.filters().stream().map(filter -> filter.text()).toList());
        assertEquals(0, trials.filters().get(0).evaluations());
        for (String counter : List.of("filter.compiled", "filter.refused", "filter.verdicts")) {
            assertEquals(before.get(counter), registry.counters().get(counter), counter);
        }
        assertTrue(inUse.matches(event));
        assertEquals(1, trials.filters().get(0).evaluations());
    }

    @Test
    void shouldListTheFiltersInUseTheMostExpensiveFirst() throws Exception {
        BrokerEvent event = broker.append(magnitude(1, 14));
        EventExpression idle = xpath.compile("//What", Map.of());
        EventExpression busy = xpath.compile(BRIGHT, Map.of());
        assertTrue(busy.matches(event));
        assertEquals(List.of(BRIGHT, "//What"), trials.filters().stream().map(filter -> filter.text()).toList());
        assertEquals("xpath", trials.filters().get(0).language());
        assertEquals(1, trials.filters().get(0).passed());
        assertEquals("//What", idle.text());
    }

    @Test
    void shouldRefuseAWrongFilterAndAnUnknownLanguage() {
        assertEquals(8, assertThrows(FilterSyntaxException.class, () -> test("//Param[=", 1)).offset());
        FilterSyntaxException unknown = assertThrows(FilterSyntaxException.class,
                () -> trials.test("xpth", "true()", Instant.EPOCH, 1));
        assertEquals("no filter language is called \"xpth\"; there is xpath", unknown.getMessage());
        assertThrows(FilterSyntaxException.class, () -> trials.explain("xpath", "//Param[", 1));
    }

    @Test
    void shouldExplainOneEventOfTheLog() throws Exception {
        broker.append(magnitude(1, 14));
        broker.append(magnitude(2, 16));
        Explanation passes = trials.explain("xpath", BRIGHT, 1).orElseThrow();
        assertEquals(BRIGHT, passes.expression());
        assertTrue(passes.result().startsWith("passes: "), passes.result());
        Explanation not = trials.explain("xpath", BRIGHT, 2).orElseThrow();
        assertTrue(not.result().startsWith("does not pass: "), not.result());
        assertEquals(Optional.empty(), trials.explain("xpath", BRIGHT, 3));
        assertEquals(0, broker.openReaders());
    }

    @Test
    void shouldExplainNothingWhereTheEventHasExpired() throws Exception {
        broker.append(magnitude(1, 14));
        broker.append(magnitude(2, 14));
        broker.expire(1);
        assertEquals(Optional.empty(), trials.explain("xpath", BRIGHT, 1));
        assertTrue(trials.explain("xpath", BRIGHT, 2).isPresent());
    }

    @Test
    void shouldLeaveOutWhatComesWhileItRuns() throws Exception {
        BrokerEvent event = broker.append(magnitude(1, 14));
        List<Long> asked = new ArrayList<>();
        Trials busy = trials(new ScriptedLog(1000, (before, max) -> {
            asked.add(before);
            return before > 991 ? List.of(new Numbered(event, before - 1)) : List.of();
        }));
        assertEquals(10, busy.test("xpath", BRIGHT, Instant.EPOCH, 1).events());
        assertEquals(1001, asked.get(0));
    }

    @Test
    void shouldEndWithTheNewestWhenInterruptedAndSaySinceWhen() throws Exception {
        Map<Long, BrokerEvent> scripted = new TreeMap<>();
        for (long sequence = 994; sequence <= 1000; sequence++) {
            scripted.put(sequence, broker.append(magnitude((int) sequence, 14)));
        }
        Trials interrupted = trials(new ScriptedLog(1000, (before, max) -> {
            if (before == 994) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException("interrupted"));
            }
            return List.of(new Numbered(scripted.get(before - 1), before - 1));
        }));
        Trial trial = interrupted.test("xpath", BRIGHT, Instant.EPOCH, 2);
        assertTrue(Thread.interrupted());
        assertEquals(7, trial.events());
        assertEquals(scripted.get(994L).receivedAt(), trial.since());
        assertEquals(List.of(1000L, 999L), trial.newest().stream().map(Match::sequence).toList());
    }

    @Test
    void shouldEndInTheMiddleOfAPage() throws Exception {
        BrokerEvent event = broker.append(magnitude(1, 14));
        Thread.currentThread().interrupt();
        Instant before = Instant.now();
        Trial trial = trials(new ScriptedLog(1000, (place, max) -> List.of(new Numbered(event, place - 1)))).test("xpath", BRIGHT, Instant.EPOCH, 2);
        assertTrue(Thread.interrupted());
        assertEquals(0, trial.events());
        assertFalse(trial.since().isBefore(before), "nothing was tried, of no time");
    }

    @Test
    void shouldAskForNoMoreThanFitsInMemory() throws Exception {
        BrokerEvent event = broker.append(magnitude(1, 14));
        List<Integer> asked = new ArrayList<>();
        test(event, 1 << 20, asked);
        assertEquals(List.of(50, 4, 4, 4), asked, "large events, a few at a time");
        asked.clear();
        test(event, 5_000, asked);
        assertEquals(List.of(50, 500, 500, 500), asked);
    }

    private void test(BrokerEvent event, int bytes, List<Integer> asked) throws FilterSyntaxException {
        ByteBuffer content = ByteBuffer.wrap(new byte[bytes]);
        trials(new ScriptedLog(1000, (before, max) -> {
            asked.add(max);
            return before > 998 ? List.of(new Numbered(event, before - 1, content)) : List.of();
        })).test("xpath", "true()", Instant.EPOCH, 0);
    }

    @Test
    void shouldSayThatTheLogCannotBeRead() {
        Trials broken = trials(new ScriptedLog(1000, (before, max) -> {
            throw new UncheckedIOException(new IOException("the disk is gone"));
        }));
        assertThrows(UncheckedIOException.class, () -> broken.test("xpath", BRIGHT, Instant.EPOCH, 1));
    }

    @Test
    void shouldKeepNothingOfTheEventsThatItHasTried() throws Exception {
        byte[] content = magnitude(1, 14);
        BrokerEvent event = broker.append(content);
        List<WeakReference<byte[]>> tried = new ArrayList<>();
        Trials many = trials(new ScriptedLog(100_000, (before, max) -> {
            if (before == 1) {
                await().until(() -> {
                    System.gc();
                    return tried.stream().noneMatch(bytes -> bytes.get() != null);
                });
                return List.of();
            }
            List<BrokerEvent> page = new ArrayList<>();
            for (long sequence = before - 1; sequence > 0 && page.size() < max; sequence--) {
                Numbered numbered = new Numbered(event, sequence, ByteBuffer.wrap(content.clone()));
                if (page.isEmpty()) {
                    tried.add(new WeakReference<>(numbered.content.array()));
                }
                page.add(numbered);
            }
            return page;
        }));
        assertEquals(100_000, many.test("xpath", BRIGHT, Instant.EPOCH, 10).passed());
    }

    @Test
    void shouldCountOnRealEventsWhatTheFilterPassesOneByOne() throws Exception {
        for (SharedData.RealEvent event : SharedData.events()) {
            if (!event.dtd()) {
                broker.submit(Submission.fromBroker(ByteBuffer.wrap(event.content()), "test")).toCompletableFuture().join();
            }
        }
        for (String filter : List.of("//Who/Author[shortName=\"VO-GCN\"]", "//How[contains(Description, \"Swift\")]",
                "//Param[@name=\"Sun_Distance\" and @value>40]", "/*[local-name()=\"VOEvent\" and @role!=\"test\"]")) {
            EventExpression inUse = xpath.compile(filter, Map.of());
            Trial trial = test(filter, 1);
            assertEquals(broker.events().stream().filter(inUse::matches).count(), trial.passed(), filter);
            System.out.printf("on real events: %d of %d pass %s%n", trial.passed(), trial.events(), filter);
        }
    }

    /** What a test says is older than a sequence, of so many at most. */
    private interface Older {

        List<BrokerEvent> than(long before, int maxEvents);
    }

    /** A log that gives what a test says. */
    private record ScriptedLog(long latest, Older older) implements EventLog {

        @Override
        public EventReader open(ReaderSpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SortedMap<String, ReaderPlace> places(String prefix) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void forget(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<BrokerEvent> withIdentifier(String identifier, int maxEvents) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<BrokerEvent> search(EventQuery query, long before, int maxEvents) {
            return older.than(before, maxEvents);
        }

        @Override
        public long count(EventQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<EventSummary.Tally> tally(EventQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) {
            throw new UnsupportedOperationException();
        }
    }

    /** An event with another place in the log, and if need be other bytes. */
    private record Numbered(BrokerEvent event, long sequence, ByteBuffer content) implements BrokerEvent {

        Numbered(BrokerEvent event, long sequence) {
            this(event, sequence, event.content());
        }

        @Override
        public EventHeader header() {
            return event.header();
        }

        @Override
        public ByteBuffer content() {
            return content.asReadOnlyBuffer();
        }

        @Override
        public String source() {
            return event.source();
        }

        @Override
        public Instant receivedAt() {
            return event.receivedAt();
        }

        @Override
        public List<String> faults() {
            return event.faults();
        }

        @Override
        public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
            throw new AssertionError("a trial leaves nothing with the events of the log");
        }
    }
}
