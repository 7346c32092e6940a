package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes.State;
import org.bolide.testkit.RecordingHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LaneProblemsTest {

    private final HostFixture host = new HostFixture();

    @AfterEach
    void close() {
        host.close();
    }

    /** What is wrong so much later; it is about handler {@code h}, if there is anything. */
    private List<String> problems(Duration later) {
        List<Problem> problems = host.host.problems(Instant.now().plus(later));
        problems.forEach(problem -> {
            assertEquals(Weight.WARNING, problem.weight());
            assertEquals("handler h", problem.subject());
            assertEquals("handlers", problem.command().orElseThrow());
        });
        return problems.stream().map(Problem::text).toList();
    }

    @Test
    void shouldFindNothingWrongWithAHandlerThatIsDone() {
        host.bind(RecordingHandler.done());
        host.broker.submitNumbers(1, 3);
        host.awaitPlace(3);
        await().until(() -> problems(Duration.ofDays(1)).isEmpty());
    }

    @Test
    void shouldWarnOfAHandlerThatTriesAgainForLong() {
        host.bind(RecordingHandler.behaving(event -> {
            throw new IllegalStateException("no room");
        }));
        host.broker.submitNumbers(1, 1);
        await().until(() -> host.lane().state() == State.RETRYING);
        assertEquals(List.of(), problems(Duration.ZERO));
        assertEquals(List.of("it has failed 1 time with event 1 (sequence 1) and tries again, lastly: java.lang.IllegalStateException: no room;"
                + " mend what it needs, or \"handlers skip h\""), problems(Duration.ofSeconds(61)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldWarnOfAHandlerThatFallsBehind(int concurrency) {
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            if (event.sequence() == 2) {
                hold.await();
            }
            return Outcome.DONE;
        });
        host.bind(handler, BrokerEventHandler.CONCURRENCY, concurrency);
        host.broker.submitNumbers(1, 5);
        await().until(() -> handler.sequences().contains(2L));
        host.awaitPlace(1);
        assertEquals(List.of(), problems(Duration.ofMinutes(4)));
        String problem = problems(Duration.ofMinutes(6)).get(0);
        assertTrue(problem.startsWith("it is 4 sequences behind, its oldest event came at "), problem);
        hold.countDown();
        host.awaitPlace(5);
        await().until(() -> problems(Duration.ofMinutes(6)).isEmpty());
    }

    @Test
    void shouldNotTakeAHandlerForLateThatBeginsWithOldEvents() {
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            hold.await();
            return Outcome.DONE;
        });
        host.broker.submitNumbers(1, 1);
        Instant old = host.broker.log.withIdentifier("1", 1).get(0).receivedAt();
        await().until(() -> Instant.now().isAfter(old.plusMillis(100)));
        host.bind(handler);
        await().until(() -> handler.calls().size() == 1);
        Instant almost = old.plus(Duration.ofMinutes(5)).plusMillis(50);
        assertEquals(List.of(), host.host.problems(almost), "the event is old enough, the handler is not");
        hold.countDown();
    }

    @Test
    void shouldNotTakeAHandlerForLateThatWasJustMoved() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            (event.sequence() == 1 ? first : second).await();
            return Outcome.DONE;
        });
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        await().until(() -> handler.calls().size() == 1);
        Instant before = Instant.now();
        await().until(() -> Instant.now().isAfter(before.plusMillis(10)));
        host.host.pause("h");
        first.countDown();
        host.awaitPlace(1);
        host.host.move("h", new Start.After(2));
        host.host.resume("h");
        await().until(() -> handler.sequences().contains(3L));
        assertEquals(List.of(), host.host.problems(before.plus(Duration.ofMinutes(5)).plusMillis(5)));
        second.countDown();
    }

    @Test
    void shouldWarnOfWhatStandsStill() {
        host.bind(RecordingHandler.done(), BrokerEventHandler.FILTER, "1", BrokerEventHandler.FILTER_LANGUAGE, "none");
        assertEquals(List.of("it is suspended and its events wait: the filter language none is not installed;"
                + " correct its filter, or install what is missing"), problems(Duration.ZERO));
        host.host.pause("h");
        assertEquals("it is paused and its events wait; \"handlers resume h\" has it go on", problems(Duration.ZERO).get(0));
    }

    @Test
    void shouldWarnOfHandlersThatAreNotUsed() {
        host.bind(RecordingHandler.done());
        host.bind(RecordingHandler.done());
        assertEquals(List.of("two handlers are called so, and that of a.bundle 1.7 is not used; change its handler.name"), problems(Duration.ZERO));
        RecordingHandler wrong = RecordingHandler.done();
        Map<String, Object> properties = host.bind(wrong, BrokerEventHandler.NAME, "wrong", BrokerEventHandler.BATCH, "many");
        assertEquals("the handler org.bolide.testkit.RecordingHandler of bundle a.bundle 1.7 is not used: handler.batch = many: must be a whole number from 1",
                host.host.problems().get(0).text());
        host.host.unbindHandler(wrong, properties);
        assertEquals(1, host.host.problems().size());
    }
}
