package org.bolide.broker;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.management.Lanes.State;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.RecordingHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an operator can have a lane do. */
@Timeout(60)
class LaneTest {

    private final HostFixture host = new HostFixture();

    @AfterEach
    void close() {
        host.close();
    }

    private static RecordingHandler failingAt(Long... sequences) {
        return RecordingHandler.behaving(event -> {
            if (List.of(sequences).contains(event.sequence())) {
                throw new IllegalStateException("no room for " + event.sequence());
            }
            return Outcome.DONE;
        });
    }

    private void awaitState(State state) {
        await().until(() -> host.lane().state() == state);
    }

    // ---- pause

    @Test
    void shouldStandStillWhilePausedAndAfterARestart() {
        RecordingHandler before = RecordingHandler.done();
        host.bind(before);
        host.broker.submitNumbers(1, 2);
        host.awaitPlace(2);
        host.host.pause("h");
        host.broker.submitNumbers(3, 3);
        host.awaitOther();
        assertEquals(State.PAUSED, host.lane().state());
        assertEquals(1, host.lane().lag());
        assertEquals(List.of(1L, 2L), before.sequences());
        host.restart();
        RecordingHandler after = RecordingHandler.done();
        try (CapturedLog log = new CapturedLog()) {
            host.bind(after);
            assertTrue(log.text().contains("handler h (a.bundle 1.7) is paused since"), log.text());
        }
        host.awaitOther();
        assertEquals(State.PAUSED, host.lane().state());
        assertTrue(host.host.problems().get(0).text().startsWith("it is paused"));
        assertEquals(List.of(), after.sequences());
        host.host.resume("h");
        await().until(() -> after.sequences().equals(List.of(3L)));
        assertEquals(List.of(), host.host.problems());
        host.restart();
        host.bind(RecordingHandler.done());
        assertEquals(State.RUNNING, host.lane().state());
    }

    @Test
    void shouldLetTheRunningCallEndWhenItIsPaused() {
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            hold.await();
            return Outcome.DONE;
        });
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        await().until(() -> handler.calls().size() == 1);
        host.host.pause("h");
        hold.countDown();
        host.awaitPlace(1);
        host.awaitOther();
        assertEquals(List.of(1L), handler.sequences());
        host.host.resume("h");
        host.awaitPlace(3);
        assertEquals(List.of(1L, 2L, 3L), handler.sequences());
    }

    @Test
    void shouldLetWorkersStandStillToo() {
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            hold.await();
            return Outcome.DONE;
        });
        host.bind(handler, BrokerEventHandler.CONCURRENCY, 2);
        host.broker.submitNumbers(1, 5);
        await().until(() -> handler.calls().size() == 2);
        host.host.pause("h");
        hold.countDown();
        host.awaitPlace(2);
        host.awaitOther();
        assertEquals(2, handler.calls().size());
        host.host.resume("h");
        host.awaitPlace(5);
    }

    @Test
    void shouldNotTryAgainWhilePaused() {
        try (HostFixture eager = new HostFixture(new Handling.Retry(1_000_000, Duration.ofMillis(1), Duration.ofMillis(1)))) {
            RecordingHandler handler = RecordingHandler.behaving(event -> Outcome.RETRY);
            eager.bind(handler);
            eager.broker.submitNumbers(1, 1);
            await().until(() -> handler.calls().size() > 2);
            eager.host.pause("h");
            int calls = handler.calls().size();
            eager.awaitOther();
            assertTrue(handler.calls().size() <= calls + 1, "one may have been running");
            assertEquals(List.of(), eager.host.problems().stream().filter(problem -> !problem.text().startsWith("it is paused")).toList());
            eager.host.resume("h");
            await().until(() -> handler.calls().size() > calls + 3);
        }
    }

    @Test
    void shouldGoOnWhereItIsIfAPauseCannotBeKept() {
        RecordingHandler handler = RecordingHandler.done();
        host.bind(handler);
        host.awaitPlace(0);
        host.store.fail("the disk is full");
        assertTrue(assertThrows(UncheckedIOException.class, () -> host.host.pause("h")).getMessage().contains("the disk is full"));
        host.store.mend();
        host.broker.submitNumbers(1, 1);
        host.awaitPlace(1);
        host.host.pause("h");
        host.store.fail("the disk is full");
        assertThrows(UncheckedIOException.class, () -> host.host.resume("h"));
        assertEquals(State.PAUSED, host.lane().state());
        host.store.mend();
    }

    @Test
    void shouldSayWhichHandlersThereAre() {
        host.bind(RecordingHandler.done());
        for (var act : List.<org.junit.jupiter.api.function.Executable>of(() -> host.host.pause("x"), () -> host.host.resume("x"),
                () -> host.host.skip("x"), () -> host.host.move("x", new Start.Latest()))) {
            assertEquals("no handler is called \"x\"; there are: h", assertThrows(IllegalArgumentException.class, act).getMessage());
        }
    }

    @Test
    void shouldLetAHandlerGoOnThatIsNotThere() {
        Map<String, Object> properties = host.bind(RecordingHandler.done());
        host.host.pause("h");
        host.host.unbindHandler(RecordingHandler.done(), properties);
        host.host.resume("h");
        host.bind(RecordingHandler.done());
        assertEquals(State.RUNNING, host.lane().state());
    }

    // ---- skip

    @Test
    void shouldGiveUpAtOnceWhatIsSkipped() throws Exception {
        RecordingHandler handler = failingAt(2L);
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        awaitState(State.RETRYING);
        assertEquals(OptionalLong.of(2), host.host.skip("h"));
        host.awaitPlace(3);
        assertEquals(List.of(1L, 2L, 3L), handler.sequences());
        assertEquals("given up by an operator; it had failed: java.lang.IllegalStateException: no room for 2",
                host.store.deadLetters(0, 10).get(0).reason());
        assertEquals(1, host.store.deadLetters(0, 10).get(0).attempts());
        assertEquals(OptionalLong.empty(), host.host.skip("h"));
    }

    @Test
    void shouldSkipABatchAsAWhole() throws Exception {
        List<List<Long>> calls = new CopyOnWriteArrayList<>();
        host.broker.submitNumbers(1, 4);
        host.bind(HostFixture.batches(calls, batch -> batch.get(0).sequence() == 1 ? Outcome.RETRY : Outcome.DONE), BrokerEventHandler.BATCH, 2);
        awaitState(State.RETRYING);
        assertEquals(OptionalLong.of(1), host.host.skip("h"));
        host.awaitPlace(4);
        assertEquals(2, host.store.deadLetters(0, 10).size());
        assertEquals(List.of(List.of(1L, 2L), List.of(3L, 4L)), calls);
    }

    @Test
    void shouldSkipTheOldestOfSeveral() throws Exception {
        host.bind(failingAt(1L, 2L), BrokerEventHandler.CONCURRENCY, 3);
        host.broker.submitNumbers(1, 5);
        await().until(() -> host.lane().handled() == 3 && host.lane().lastFailure().isPresent());
        await().until(() -> host.host.skip("h").equals(OptionalLong.of(1)));
        host.awaitPlace(1);
        await().until(() -> host.host.skip("h").equals(OptionalLong.of(2)));
        host.awaitPlace(5);
        assertTrue(host.store.deadLetters(0, 10).get(0).reason().endsWith("no room for 1"));
        assertTrue(host.store.deadLetters(0, 10).get(1).reason().endsWith("no room for 2"));
    }

    @Test
    void shouldSkipWhilePausedAndStandStillThen() throws Exception {
        RecordingHandler handler = failingAt(1L);
        host.bind(handler);
        host.broker.submitNumbers(1, 2);
        awaitState(State.RETRYING);
        host.host.pause("h");
        assertEquals(OptionalLong.of(1), host.host.skip("h"));
        host.awaitPlace(1);
        host.awaitOther();
        assertEquals(List.of(1L), handler.sequences());
        host.host.resume("h");
        host.awaitPlace(2);
    }

    // ---- move

    @Test
    void shouldGoToAnyPlaceAndHaveItOnDisk() throws Exception {
        RecordingHandler handler = RecordingHandler.done();
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        await().until(() -> host.broker.log.latest() == 3);
        Instant between = host.store.read(2, 1, 1000).get(0).receivedAt().plusNanos(1000);
        host.broker.submitNumbers(4, 5);
        host.awaitPlace(5);
        Map<Start, Long> places = Map.of(new Start.Earliest(), 0L, new Start.After(2), 2L, new Start.Since(between), 3L, new Start.Latest(), 5L,
                new Start.Again(4), 4L, new Start.After(1000), 5L, new Start.After(-7), 0L);
        for (var wanted : places.entrySet()) {
            host.awaitPlace(5);
            int before = handler.calls().size();
            long place = wanted.getValue();
            host.host.pause("h");
            assertEquals(place, host.host.move("h", wanted.getKey()), wanted.toString());
            assertEquals(place, host.placeOnDisk());
            assertEquals(place, host.lane().place());
            host.host.resume("h");
            await().until(() -> handler.calls().size() == before + 5 - place);
            assertEquals(LongStream.rangeClosed(place + 1, 5).boxed().toList(), handler.sequences().subList(before, handler.calls().size()));
        }
    }

    @Test
    void shouldNotGoBackToWhatHasExpired() throws Exception {
        RecordingHandler handler = RecordingHandler.done();
        host.bind(handler);
        for (int i = 1; i <= 3; i++) {
            host.broker.submit(Fixture.fromAuthor(Fixture.document(i)).keptFor(Duration.ofSeconds(1)));
        }
        host.broker.submitNumbers(4, 5);
        host.awaitPlace(5);
        host.store.expire(Instant.now().plusSeconds(2));
        assertEquals(3, host.host.move("h", new Start.After(1)));
        await().until(() -> handler.sequences().equals(List.of(1L, 2L, 3L, 4L, 5L, 4L, 5L)));
    }

    @Test
    void shouldGiveTheQuietEventsOfThePastWhenItGoesBack() throws Exception {
        RecordingHandler handler = RecordingHandler.done();
        host.bind(handler);
        host.awaitPlace(0);
        host.broker.submit(Fixture.fromAuthor(Fixture.document(1)).quietly());
        host.broker.submitNumbers(2, 2);
        host.awaitPlace(2);
        assertEquals(List.of(2L), handler.sequences());
        host.host.move("h", new Start.Earliest());
        await().until(() -> handler.sequences().equals(List.of(2L, 1L, 2L)));
    }

    @Test
    void shouldLeaveTheEventThatIsTriedAgainAsItIs() throws Exception {
        RecordingHandler handler = failingAt(1L);
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        awaitState(State.RETRYING);
        assertEquals(1, host.host.move("h", new Start.After(1)));
        host.awaitPlace(3);
        assertEquals(List.of(1L, 2L, 3L), handler.sequences());
        assertEquals(List.of(), host.store.deadLetters(0, 10));
        assertEquals(State.RUNNING, host.lane().state());
    }

    @Test
    void shouldMoveWhileItIsSuspendedOrPausedWithAnEventInHand() throws Exception {
        host.broker.submitNumbers(1, 3);
        host.bind(RecordingHandler.done(), BrokerEventHandler.FILTER, "1", BrokerEventHandler.FILTER_LANGUAGE, "none");
        awaitState(State.SUSPENDED);
        assertEquals(2, host.host.move("h", new Start.After(2)));
        assertEquals(2, host.placeOnDisk());
        RecordingHandler other = failingAt(1L);
        host.bind(other, BrokerEventHandler.NAME, "other");
        await().until(() -> host.lane("other").state() == State.RETRYING);
        host.host.pause("other");
        assertEquals(2, host.host.move("other", new Start.After(2)));
        assertEquals(State.PAUSED, host.lane("other").state());
        host.host.resume("other");
        await().until(() -> other.sequences().equals(List.of(1L, 3L)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldTryTheSameEventAgainIfAMoveFails(int concurrency) throws Exception {
        CountDownLatch mended = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> event.sequence() == 2 && mended.getCount() > 0 ? Outcome.RETRY : Outcome.DONE);
        host.bind(handler, BrokerEventHandler.CONCURRENCY, concurrency);
        host.broker.submitNumbers(1, 3);
        awaitState(State.RETRYING);
        host.awaitPlace(1);
        mended.countDown();
        host.store.fail("the disk is full");
        assertTrue(assertThrows(UncheckedIOException.class, () -> host.host.move("h", new Start.Latest())).getMessage().contains("the disk is full"));
        host.store.mend();
        host.awaitPlace(3);
        assertEquals(2, handler.sequences().stream().filter(sequence -> sequence == 2).count());
    }

    @Test
    void shouldWaitForTheCallThatRunsAndLetNothingOfBeforeCommitAPlace() throws Exception {
        CountDownLatch hold = new CountDownLatch(1);
        Set<Long> failing = ConcurrentHashMap.newKeySet();
        failing.add(2L);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            if (event.sequence() == 1) {
                hold.await();
            }
            return failing.contains(event.sequence()) ? Outcome.RETRY : Outcome.DONE;
        });
        host.bind(handler, BrokerEventHandler.CONCURRENCY, 3);
        host.broker.submitNumbers(1, 10);
        await().until(() -> host.lane().handled() == 8);
        failing.clear();
        CompletableFuture<Long> moved = CompletableFuture.supplyAsync(() -> {
            try {
                return host.host.move("h", new Start.After(7));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertFalse(moved.isDone());
        assertEquals(0, host.lane().place());
        hold.countDown();
        assertEquals(7, moved.get(10, TimeUnit.SECONDS));
        host.awaitPlace(10);
        assertEquals(List.of(8L, 9L, 10L), handler.sequences().subList(10, handler.calls().size()).stream().sorted().toList());
        assertEquals(10, handler.sequences().subList(0, 10).stream().distinct().count());
    }

    @Test
    void shouldMoveBatches() throws Exception {
        List<List<Long>> calls = new CopyOnWriteArrayList<>();
        host.broker.submitNumbers(1, 5);
        host.bind(HostFixture.batches(calls, batch -> Outcome.DONE), BrokerEventHandler.BATCH, 3);
        host.awaitPlace(5);
        host.host.move("h", new Start.After(1));
        await().until(() -> calls.equals(List.of(List.of(1L, 2L, 3L), List.of(4L, 5L), List.of(2L, 3L, 4L), List.of(5L))));
    }

    @Test
    void shouldGoOnFromTheNewPlaceAfterARestart() throws Exception {
        host.bind(RecordingHandler.done());
        host.broker.submitNumbers(1, 5);
        host.awaitPlace(5);
        host.host.pause("h");
        host.host.move("h", new Start.After(3));
        host.restart();
        RecordingHandler back = RecordingHandler.done();
        host.bind(back);
        host.host.resume("h");
        await().until(() -> back.sequences().equals(List.of(4L, 5L)));
    }

    @Test
    void shouldNotLetWhoMovesWaitForALaneThatEnds() {
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            hold.await();
            return Outcome.DONE;
        });
        Map<String, Object> properties = host.bind(handler);
        host.broker.submitNumbers(1, 1);
        await().until(() -> handler.calls().size() == 1);
        Lane lane = host.host.find("h").orElseThrow();
        CompletableFuture<String> said = CompletableFuture.supplyAsync(
                () -> assertThrows(IllegalArgumentException.class, () -> lane.move(new Start.Latest())).getMessage());
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> host.host.unbindHandler(handler, properties));
        assertEquals("handler h (a.bundle 1.7) was removed meanwhile", said.orTimeout(10, TimeUnit.SECONDS).join());
        hold.countDown();
        gone.orTimeout(10, TimeUnit.SECONDS).join();
    }

    // ---- what there is to see

    @Test
    void shouldTellTheBundleAndHowTheLastCallEnded() {
        RecordingHandler handler = failingAt(2L);
        host.bind(handler);
        host.broker.submitNumbers(1, 1);
        host.awaitPlace(1);
        assertEquals("a.bundle 1.7", host.lane().bundle());
        assertEquals(Outcome.DONE, host.lane().lastCall().orElseThrow().outcome());
        try (CapturedLog log = new CapturedLog()) {
            host.broker.submitNumbers(2, 2);
            awaitState(State.RETRYING);
            await().until(() -> log.text().contains(
                    "handler h (a.bundle 1.7) failed: id=2 position=2 source=a test: java.lang.IllegalStateException: no room for 2"));
        }
        assertEquals(Outcome.RETRY, host.lane().lastCall().orElseThrow().outcome());
        assertEquals(2, host.lane().lastCall().orElseThrow().sequence());
        assertEquals(2, host.host.latencies().get("handle.h").read().count());
    }

    @Test
    void shouldGoOnThoughAHandlerInterruptsItsThread() {
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            Thread.currentThread().interrupt();
            return Outcome.DONE;
        });
        host.bind(handler);
        host.broker.submitNumbers(1, 2);
        host.awaitPlace(2);
        host.broker.submitNumbers(3, 3);
        host.awaitPlace(3);
    }
}
