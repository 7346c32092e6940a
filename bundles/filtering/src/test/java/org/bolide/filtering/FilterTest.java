package org.bolide.filtering;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.Explanation;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Filters.FilterStatus;
import org.bolide.filtering.Filter.Verdict;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FilterTest {

    /** A language whose filters do what their text says. */
    private static final class Scripted extends Filter {

        Scripted(String text, FilterCounters counters) {
            super("scripted", text, counters);
        }

        @Override
        protected boolean passes(BrokerEvent event) throws EvaluationException {
            return switch (text()) {
                case "overruns" -> throw EvaluationException.overran("more than it may");
                case "fails" -> throw EvaluationException.failed("E1", "in its way");
                case "throws" -> throw new IllegalStateException("unexpected");
                case "overflows" -> throw new StackOverflowError();
                default -> Boolean.parseBoolean(text());
            };
        }

        @Override
        protected List<String> values(BrokerEvent event) throws EvaluationException {
            return List.of(Boolean.toString(passes(event)));
        }

        @Override
        public Explanation explain(BrokerEvent event) {
            return new Explanation(text(), "", List.of());
        }
    }

    private final FilterRegistry registry = new FilterRegistry();
    private final BrokerEvent event = event();

    @Test
    void shouldCountEachVerdictOnce() {
        Filter passes = new Scripted("true", registry.shared());
        Filter not = new Scripted("false", registry.shared());
        for (int i = 0; i < 3; i++) {
            assertTrue(passes.matches(event));
            assertFalse(not.matches(event));
        }
        assertTrue(passes.matches(event()));
        assertCounts(passes, 2, 2, 0, 0);
        assertCounts(not, 1, 0, 0, 0);
        assertTrue(passes.status().time().toNanos() > 0);
        assertEquals(3L, registry.counters().get("filter.verdicts"));
    }

    @Test
    void shouldTellErrorsFromOverruns() {
        Map<String, Verdict> ends = Map.of("fails", Verdict.FAILED, "throws", Verdict.FAILED, "overruns", Verdict.OVERRAN,
                "overflows", Verdict.OVERRAN);
        ends.forEach((text, end) -> {
            Filter filter = new Scripted(text, registry.shared());
            assertEquals(end, filter.verdict(event), text);
            assertFalse(filter.matches(event), text);
            assertEquals(end == Verdict.OVERRAN, filter.overran(), text);
            assertCounts(filter, 1, 0, end == Verdict.FAILED ? 1 : 0, end == Verdict.OVERRAN ? 1 : 0);
            assertEquals(List.of(), filter.select(event), text);
        });
        assertEquals(4L, registry.counters().get("filter.verdicts.failed"));
        assertEquals(4L, registry.counters().get("filter.verdicts.overran"));
    }

    @Test
    void shouldLogAFailureOnceForEachFilterAndKind() {
        Filter fails = new Scripted("fails", registry.shared());
        try (CapturedLog log = new CapturedLog()) {
            fails.matches(event);
            fails.matches(event());
            new Scripted("fails", registry.shared()).matches(event);
            new Scripted("overruns", registry.shared()).matches(event);
            assertEquals(3, log.lines().size(), log.text());
            assertTrue(log.lines().get(0).contains("id=- position=1 source=testkit does not pass a filter that fails: in its way (filter fails"), log.text());
            assertTrue(log.lines().get(2).contains("that costs too much: more than it may (filter overruns"), log.text());
        }
    }

    @Test
    void shouldKeepTheVerdictsOfManyFiltersApart() {
        List<Filter> filters = IntStream.range(0, 1000)
                .<Filter>mapToObj(i -> new Scripted(Boolean.toString(i % 3 == 0), registry.shared())).toList();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < filters.size(); i++) {
                assertEquals(i % 3 == 0, filters.get(i).matches(event));
            }
        }
        assertEquals(1000L, registry.counters().get("filter.verdicts"));
    }

    @Test
    void shouldListTheFiltersThatAreHeldAndShareThemWithinALanguage() throws Exception {
        FilterLanguage one = language();
        FilterLanguage other = language();
        EventExpression first = one.compile("true", Map.of());
        EventExpression second = other.compile("true", Map.of());
        assertSame(first, one.compile("true", Map.of()));
        assertEquals(2, registry.filters().size());
        assertTrue(registry.filters().containsAll(List.of(first, second)));
        assertThrows(FilterSyntaxException.class, () -> one.compile("?", Map.of()));
        assertEquals(2L, registry.counters().get("filter.compiled"));
        assertEquals(1L, registry.counters().get("filter.refused"));
    }

    private FilterLanguage language() {
        return new FilterLanguage() {
            @Override
            public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
                return registry.share(this, text, namespaces, counters -> {
                    if (text.equals("?")) {
                        throw new FilterSyntaxException("no such filter", 0);
                    }
                    return new Scripted(text, counters);
                });
            }
        };
    }

    private static void assertCounts(Filter filter, long evaluations, long passed, long failed, long overran) {
        FilterStatus status = filter.status();
        assertEquals(new FilterStatus("scripted", filter.text(), evaluations, passed, failed, overran, status.time()), status);
    }

    private static BrokerEvent event() {
        return TestEvent.of(1, TestEvent.header(Optional.empty()), SampleEvents.swift());
    }
}
