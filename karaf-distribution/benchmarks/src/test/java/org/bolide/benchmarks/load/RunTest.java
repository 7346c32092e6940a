package org.bolide.benchmarks.load;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.bolide.benchmarks.load.SmallBroker.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RunTest {

    private static final Duration SILENCE = Duration.ofMillis(400);
    private static final Events EVENTS_SENT = OwnEvents.load();
    private static final int EVENTS = 50;
    private static final int SUBSCRIBERS = 3;

    private final CrowdPlan crowd = new CrowdPlan(SUBSCRIBERS, 0, 0, List.of(), 2, Duration.ofMillis(50));

    @Test
    void shouldFindNothingWrongWithABrokerThatKeepsItsWord() throws Exception {
        try (SmallBroker broker = new SmallBroker(Fault.NONE)) {
            Outcome outcome = run(broker, AuthorPlan.oneShot(EVENTS, 4), crowd);
            assertEquals(Map.of(), outcome.faults());
            assertEquals(EVENTS, outcome.acked());
            assertEquals(EVENTS * SUBSCRIBERS, outcome.deliveries());
            assertEquals(EVENTS, outcome.ack().total());
            assertEquals(EVENTS * SUBSCRIBERS, outcome.delivery().total());
            assertTrue(outcome.ackedPerSecond() > 0 && outcome.deliveriesPerSecond() > 0);
            assertEquals(SUBSCRIBERS, outcome.notes().get("iamalives"));
            await().until(() -> broker.acks() == EVENTS * SUBSCRIBERS);
        }
    }

    @ParameterizedTest
    @CsvSource({"LOSES, lost, 3", "REPEATS, repeated, 3", "ALTERS, altered, 3", "SWAPS, out-of-order, 3",
            "DROPS_SUBSCRIBER, dropped-subscribers, 1"})
    void shouldFindWhatIsWrongWithDeliveries(Fault fault, String name, int count) throws Exception {
        try (SmallBroker broker = new SmallBroker(fault)) {
            // One kept connection: the order of its events is promised.
            Outcome outcome = run(broker, AuthorPlan.pipelined(EVENTS, 1, 4), crowd);
            assertEquals(count, outcome.faults().get(name), outcome.faults() + " " + outcome.notes());
            assertEquals(EVENTS, outcome.acked());
        }
    }

    @ParameterizedTest
    @CsvSource({"REFUSES, refused, 0", "CLOSES, closed, 0", "NEVER_ANSWERS, timed-out, 0",
            "ANSWERS_FOR_ANOTHER, wrong-answer, 0", "REFUSES, refused, 4", "CLOSES, closed, 4",
            "NEVER_ANSWERS, timed-out, 4", "ANSWERS_FOR_ANOTHER, timed-out, 4"})
    void shouldFindWhatIsWrongWithAnswers(Fault fault, String name, int window) throws Exception {
        try (SmallBroker broker = new SmallBroker(fault)) {
            AuthorPlan plan = window == 0 ? AuthorPlan.oneShot(EVENTS, 4) : AuthorPlan.pipelined(EVENTS, 2, window);
            Outcome outcome = run(broker, plan.timeout(Duration.ofMillis(300)), CrowdPlan.NOBODY);
            assertTrue(outcome.faults().getOrDefault(name, 0) > 0, outcome.faults() + " " + outcome.notes());
            assertTrue(outcome.acked() < EVENTS);
        }
    }

    @Test
    void shouldFindThatNobodyListens() throws Exception {
        SmallBroker broker = new SmallBroker(Fault.NONE);
        broker.close();
        Outcome outcome = run(broker, AuthorPlan.oneShot(EVENTS, 4), CrowdPlan.NOBODY);
        assertEquals(Map.of("not-connected", EVENTS), outcome.faults());
    }

    @Test
    void shouldAskForItsFiltersAndFindWhatIsSentBeyondThem() throws Exception {
        List<String> filters = List.of("/*[@role=\"test\"]", "/*[@role=\"utility\" and 1 < 2]");
        try (SmallBroker broker = new SmallBroker(Fault.IGNORES_FILTER)) {
            Outcome outcome = run(broker, AuthorPlan.oneShot(EVENTS, 4), crowd.filters(filters));
            int tests = 0;
            int utilities = 0;
            Expectation expectation = new Expectation(filters, EVENTS_SENT, EVENTS);
            for (int number = 0; number < EVENTS; number++) {
                tests += expectation.wants(0, number) ? 1 : 0;
                utilities += expectation.wants(1, number) ? 1 : 0;
            }
            assertTrue(tests > 0 && utilities > 0);
            // Of three subscribers the first and the third have the first filter.
            assertEquals(Map.of("beyond-filter", 3 * EVENTS - 2 * tests - utilities), outcome.faults());
            assertEquals(2, broker.greetings().stream().filter(greeting -> greeting.contains("@role=&quot;test&quot;")).count());
            assertEquals(1, broker.greetings().stream().filter(greeting -> greeting.contains("1 &lt; 2")).count());
        }
    }

    @Test
    void shouldLetSomeNeverReadAndSomeNeverAck() throws Exception {
        try (SmallBroker broker = new SmallBroker(Fault.NONE)) {
            CrowdPlan plan = new CrowdPlan(4, 1, 1, List.of(), 1, Duration.ofMillis(50));
            Outcome outcome = run(broker, AuthorPlan.oneShot(EVENTS, 4), plan);
            assertEquals(Map.of(), outcome.faults());
            assertEquals(2 * EVENTS, outcome.deliveries(), "those of the good ones");
            await().until(() -> broker.acks() == 2 * EVENTS);
        }
    }

    @Test
    void shouldBeginEventsAtAnEvenRateAndCountFromThePlannedInstant() throws Exception {
        try (SmallBroker broker = new SmallBroker(Fault.NONE)) {
            Outcome outcome = run(broker, AuthorPlan.openLoop(100, 500), crowd);
            assertEquals(Map.of(), outcome.faults());
            assertTrue(outcome.cost().seconds() >= 0.198, "100 events at 500 a second take 0.2 s, not " + outcome.cost().seconds());
            assertTrue(outcome.ack().millis(1) >= outcome.latenessMillis());
        }
    }

    @Test
    void shouldEndWhenItsTimeIsOver() throws Exception {
        try (SmallBroker broker = new SmallBroker(Fault.NONE)) {
            Outcome outcome = run(broker, AuthorPlan.oneShot(10_000_000, 2).within(Duration.ofMillis(100)), CrowdPlan.NOBODY);
            assertEquals(Map.of(), outcome.faults());
            assertTrue(outcome.events() < 10_000_000 && outcome.acked() == outcome.events());
        }
    }

    private Outcome run(SmallBroker broker, AuthorPlan authors, CrowdPlan plan) throws IOException, InterruptedException {
        return new Run(EVENTS_SENT, authors, plan, false, SILENCE).against(broker.target());
    }
}
