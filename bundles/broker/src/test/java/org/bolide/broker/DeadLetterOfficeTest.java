package org.bolide.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.Lanes.State;
import org.bolide.testkit.RecordingHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class DeadLetterOfficeTest {

    private final HostFixture host = new HostFixture();
    private DeadLetterOffice office = office();
    private volatile Outcome outcome = Outcome.RETRY;
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private final RecordingHandler handler = RecordingHandler.behaving(event -> {
        threads.add(Thread.currentThread().getName());
        return outcome;
    });

    @AfterEach
    void close() {
        host.close();
    }

    private DeadLetterOffice office() {
        DeadLetterOffice opened = new DeadLetterOffice(host.letters, host.store, host.host);
        opened.vocabularies = host.broker.vocabularies;
        return opened;
    }

    private int letters() throws IOException {
        return office.list(0, 100).size();
    }

    /** Has the handler give up the event that it tries again. */
    private void bury() throws IOException {
        await().until(() -> host.lane().state() == State.RETRYING);
        int before = letters();
        host.host.skip("h");
        await().until(() -> letters() == before + 1);
    }

    private String refusal(long id) {
        return assertThrows(IllegalStateException.class, () -> office.retry(id)).getMessage();
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void shouldForgetALetterOnceItsHandlerIsDoneWithIt(Outcome second) throws Exception {
        host.bind(handler);
        host.broker.submitNumbers(1, 1);
        bury();
        outcome = second;
        assertEquals(second, office.retry(1));
        assertEquals(second == Outcome.RETRY, office.find(1).isPresent());
        assertEquals(List.of(1L, 1L), handler.sequences());
        assertEquals(Set.of("lane-h"), Set.copyOf(threads));
        assertEquals(1, host.lane().place());
        assertEquals(1, host.lane().retries());
        assertEquals(second, host.lane().lastCall().orElseThrow().outcome());
    }

    @Test
    void shouldHaveALetterHandledWhileAnotherEventIsTriedAgain() throws Exception {
        host.bind(handler);
        host.broker.submitNumbers(1, 2);
        bury();
        await().until(() -> host.lane().state() == State.RETRYING);
        outcome = Outcome.DONE;
        assertEquals(Outcome.DONE, office.retry(1));
        assertEquals(List.of(1L, 2L, 1L), handler.sequences());
        assertEquals(State.RETRYING, host.lane().state());
        assertEquals(1, host.lane().place());
    }

    @Test
    void shouldNotCallAHandlerMoreOftenAtATimeThanItAllows() throws Exception {
        Set<String> calls = ConcurrentHashMap.newKeySet();
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler two = RecordingHandler.behaving(event -> {
            calls.add(Thread.currentThread().getName());
            if (event.sequence() > 1) {
                hold.await();
            }
            return outcome;
        });
        host.bind(two, BrokerEventHandler.CONCURRENCY, 2);
        host.broker.submitNumbers(1, 1);
        bury();
        outcome = Outcome.DONE;
        host.broker.submitNumbers(2, 5);
        await().until(() -> two.calls().size() == 3);
        CompletableFuture<Outcome> retried = CompletableFuture.supplyAsync(() -> {
            try {
                return office.retry(1);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        hold.countDown();
        assertEquals(Outcome.DONE, retried.get(10, TimeUnit.SECONDS));
        host.awaitPlace(5);
        assertEquals(Set.of("lane-h-1", "lane-h-2"), calls);
        assertEquals(2, two.sequences().stream().filter(sequence -> sequence == 1).count());
    }

    @Test
    void shouldReachWorkersThatAllTryAgain() throws Exception {
        host.bind(handler, BrokerEventHandler.CONCURRENCY, 2);
        host.broker.submitNumbers(1, 1);
        bury();
        host.broker.submitNumbers(2, 4);
        await().until(() -> handler.calls().size() == 3 && host.lane().lastCall().orElseThrow().sequence() != 1);
        outcome = Outcome.DONE;
        assertEquals(Outcome.DONE, office.retry(1));
        assertEquals(1, host.lane().place());
    }

    @Test
    void shouldGiveABatchOfOne() throws Exception {
        List<List<Long>> calls = new CopyOnWriteArrayList<>();
        host.broker.submitNumbers(1, 3);
        host.bind(HostFixture.batches(calls, batch -> outcome), BrokerEventHandler.BATCH, 3);
        await().until(() -> host.lane().state() == State.RETRYING);
        host.host.skip("h");
        await().until(() -> letters() == 3);
        outcome = Outcome.DONE;
        assertEquals(Outcome.DONE, office.retry(2));
        assertEquals(List.of(List.of(1L, 2L, 3L), List.of(2L)), calls);
    }

    @Test
    void shouldReadAnEventFromTheLetterOnceTheLogHasItNoMore() throws Exception {
        host.bind(handler);
        host.broker.submit(Fixture.fromAuthor("<e id=\"7\"/>\n").keptFor(Duration.ofSeconds(1)));
        bury();
        host.store.expire(Instant.now().plusSeconds(2));
        outcome = Outcome.DONE;
        office.vocabularies = null;
        assertTrue(refusal(1).contains("has expired and cannot be read from the letter: no vocabulary"), refusal(1));
        office.vocabularies = host.broker.vocabularies;
        assertEquals(Outcome.DONE, office.retry(1));
        BrokerEvent second = handler.calls().get(1);
        assertEquals("7", second.header().identifier().orElseThrow());
        assertEquals(1, second.sequence());
        assertEquals("<e id=\"7\"/>\n", StandardCharsets.UTF_8.decode(second.content()).toString());
    }

    @Test
    void shouldSayWhyItCannot() throws Exception {
        assertEquals("there is no dead letter 1", refusal(1));
        Map<String, Object> properties = host.bind(handler);
        host.broker.submitNumbers(1, 1);
        bury();
        host.host.pause("h");
        assertEquals("handler h (a.bundle 1.7) is paused: have it go on first", refusal(1));
        host.host.unbindHandler(handler, properties);
        assertEquals("handler h does not run: start it, then retry dead letter 1", refusal(1));
        assertTrue(office.find(1).isPresent());
    }

    @Test
    void shouldSayThatItIsPausedToWhoWaits() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        host.bind(RecordingHandler.behaving(event -> {
            if (event.sequence() == 2) {
                hold.await();
            }
            return Outcome.RETRY;
        }));
        host.broker.submitNumbers(1, 2);
        bury();
        await().until(() -> host.lane().buried() == 1 && host.lane().place() == 1);
        Lane lane = host.host.find("h").orElseThrow();
        BrokerEvent event = new LogEvent(host.store.read(0, 1, 1000).get(0));
        CompletableFuture<String> said = CompletableFuture.supplyAsync(
                () -> assertThrows(IllegalStateException.class, () -> lane.handleBesides(event)).getMessage());
        host.host.pause("h");
        assertEquals("handler h (a.bundle 1.7) is paused: have it go on first", said.get(10, TimeUnit.SECONDS));
        hold.countDown();
    }

    @Test
    void shouldKeepALetterThatCannotBeDroppedAndSaySo() throws Exception {
        host.bind(RecordingHandler.behaving(event -> {
            if (outcome == Outcome.DONE) {
                host.store.fail("the disk is gone");
            }
            return outcome;
        }));
        host.broker.submitNumbers(1, 1);
        bury();
        outcome = Outcome.DONE;
        assertEquals("handler h has handled the event (DONE), but dead letter 1 could not be dropped: the disk is gone",
                assertThrows(IOException.class, () -> office.retry(1)).getMessage());
        host.store.mend();
        assertTrue(office.find(1).isPresent());
    }

    @Test
    void shouldWarnOfDeadLettersWithoutReadingTheDisk() throws Exception {
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        assertEquals(List.of(), host.letters.problems());
        bury();
        bury();
        host.store.fail("nobody reads now");
        Problem problem = host.letters.problems().get(0);
        host.store.mend();
        assertEquals("2 dead letters, the newest of handler h: given up by an operator; it had failed: it asked to try again; have them retried, or drop them",
                problem.text());
        assertEquals("dead-letters", problem.command().orElseThrow());
        assertTrue(office.drop(1));
        assertTrue(host.letters.problems().get(0).text().startsWith("1 dead letter, "));
        host.restart();
        office = office();
        await().until(() -> !host.letters.problems().isEmpty());
        assertTrue(office.drop(2));
        assertEquals(List.of(), host.letters.problems());
    }
}
