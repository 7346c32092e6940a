package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.EventExpression;
import org.bolide.api.Explanation;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.Outcome;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.State;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.InMemoryEventStore;
import org.bolide.testkit.RecordingHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HandlerHostTest {

    private static final Handling.Retry FAST = new Handling.Retry(3, Duration.ofMillis(1), Duration.ofMillis(2));

    private final InMemoryEventStore store = new InMemoryEventStore();
    private Fixture broker = new Fixture(store);
    private DeadLetterBox letters = new DeadLetterBox(store);
    private HandlerHost host = host(Duration.ofSeconds(5));
    private long serviceIds = 100;

    @AfterEach
    void close() {
        host.stop();
        letters.stop();
        broker.close();
    }

    private HandlerHost host(Duration patience) {
        return new HandlerHost(broker.log, new StateKeeper(store), letters, id -> "a.bundle 1." + id, FAST, patience);
    }

    private void restart() {
        close();
        broker = new Fixture(store);
        letters = new DeadLetterBox(store);
        host = host(Duration.ofSeconds(5));
    }

    private Map<String, Object> bind(BrokerEventHandler handler, Object... more) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.id", serviceIds++, "service.bundleid", 7L, BrokerEventHandler.NAME, "h"));
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        host.bindHandler(handler, properties);
        return properties;
    }

    private LaneStatus lane() {
        return host.lanes().get(0);
    }

    private void awaitPlace(long place) {
        await().until(() -> host.lanes().stream().anyMatch(lane -> lane.place() == place));
    }

    @Test
    void shouldHandleEventsInTheirOrder() {
        RecordingHandler handler = RecordingHandler.done();
        bind(handler);
        awaitPlace(0);
        broker.submitNumbers(1, 200);
        awaitPlace(200);
        assertEquals(200, handler.calls().size());
        assertEquals(handler.sequences().stream().sorted().toList(), handler.sequences());
        assertEquals(0, lane().lag());
        assertEquals(200, lane().handled());
    }

    @Test
    void shouldStartWithTheOldestEventIfTheHandlerWantsIt() {
        broker.submitNumbers(1, 3);
        RecordingHandler handler = RecordingHandler.done();
        bind(handler, BrokerEventHandler.START, "earliest");
        awaitPlace(3);
        assertEquals(List.of(1L, 2L, 3L), handler.sequences());
    }

    @Test
    void shouldTryAgainThenBuryTheEventAndGoOn() throws Exception {
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            if (event.sequence() == 1) {
                throw new IllegalStateException("no room");
            }
            return Outcome.DONE;
        });
        bind(handler, BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 2);
        awaitPlace(2);
        assertEquals(List.of(1L, 1L, 1L, 1L, 2L), handler.sequences());
        assertEquals(1, store.deadLetters(0, 100).size());
        assertTrue(store.deadLetters(0, 100).get(0).reason().contains("no room"));
        assertEquals(4, store.deadLetters(0, 100).get(0).attempts());
        assertEquals(3, lane().retries());
        assertEquals(1, lane().buried());
    }

    @Test
    void shouldSurviveAHandlerThatIsBroken() {
        bind(RecordingHandler.behaving(event -> {
            throw new NoClassDefFoundError("some/Missing");
        }), BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 2);
        awaitPlace(2);
        assertTrue(lane().lastFailure().orElseThrow().contains("some/Missing"));
    }

    @Test
    void shouldCountWhatAHandlerDiscards() {
        bind(RecordingHandler.behaving(event -> Outcome.DISCARD), BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 3);
        awaitPlace(3);
        assertEquals(3, lane().discarded());
    }

    @Test
    void shouldNotHoldUpOneHandlerForAnother() {
        CountDownLatch hang = new CountDownLatch(1);
        bind(RecordingHandler.behaving(event -> {
            hang.await();
            return Outcome.DONE;
        }), BrokerEventHandler.NAME, "hanging", BrokerEventHandler.START, "earliest");
        RecordingHandler other = RecordingHandler.done();
        bind(other, BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 5);
        await().until(() -> other.calls().size() == 5);
        hang.countDown();
    }

    @Test
    void shouldSuspendALaneUntilItsLanguageIsThereAndNeverPassAll() {
        RecordingHandler handler = RecordingHandler.done();
        bind(handler, BrokerEventHandler.START, "earliest", BrokerEventHandler.FILTER, "2",
                BrokerEventHandler.FILTER_LANGUAGE, "number");
        broker.submitNumbers(1, 3);
        await().until(() -> lane().state() == State.SUSPENDED);
        host.bindLanguage(new NumberLanguage(), Map.of(FilterLanguage.LANGUAGE, "number"));
        awaitPlace(3);
        assertEquals(List.of(2L), handler.sequences());
    }

    @Test
    void shouldSuspendALaneWhoseFilterIsWrong() {
        host.bindLanguage(new NumberLanguage(), Map.of(FilterLanguage.LANGUAGE, "number"));
        RecordingHandler handler = RecordingHandler.done();
        bind(handler, BrokerEventHandler.FILTER, "two", BrokerEventHandler.FILTER_LANGUAGE, "number");
        await().until(() -> lane().state() == State.SUSPENDED);
        assertTrue(lane().lastFailure().orElseThrow().contains("\"two\" is no number"));
    }

    @Test
    void shouldMakeASecondHandlerOfTheSameNameWait() {
        RecordingHandler first = RecordingHandler.done();
        RecordingHandler second = RecordingHandler.done();
        Map<String, Object> firstProperties = bind(first, BrokerEventHandler.START, "earliest");
        bind(second);
        assertEquals(1, host.lanes().stream().filter(lane -> lane.state() == State.NAME_TAKEN).count());
        broker.submitNumbers(1, 2);
        awaitPlace(2);
        host.unbindHandler(first, firstProperties);
        broker.submitNumbers(3, 4);
        await().until(() -> second.calls().size() == 2);
        assertEquals(List.of(1L, 2L), first.sequences());
        assertEquals(List.of(3L, 4L), second.sequences());
    }

    @Test
    void shouldLoseAndRepeatNothingWhenAHandlerIsReplaced() {
        AtomicInteger running = new AtomicInteger();
        RecordingHandler.Behaviour slow = event -> {
            running.incrementAndGet();
            long end = System.nanoTime() + 100_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            running.decrementAndGet();
            return Outcome.DONE;
        };
        RecordingHandler before = RecordingHandler.behaving(slow);
        RecordingHandler after = RecordingHandler.behaving(slow);
        Map<String, Object> properties = bind(before, BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 100);
        await().until(() -> !before.calls().isEmpty());
        host.unbindHandler(before, properties);
        assertEquals(0, running.get(), "after it was unbound the handler is not running");
        broker.submitNumbers(101, 200);
        bind(after);
        awaitPlace(200);
        assertEquals(200, before.calls().size() + after.calls().size());
        assertEquals(before.calls().size() + 1, after.sequences().get(0));
    }

    @Test
    void shouldInterruptAHandlerThatDoesNotEndAndHandItsEventOutAgain() {
        host = host(Duration.ofMillis(20));
        AtomicBoolean interrupted = new AtomicBoolean();
        RecordingHandler hanging = RecordingHandler.behaving(event -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return Outcome.DONE;
        });
        Map<String, Object> properties = bind(hanging, BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 1);
        await().until(() -> hanging.calls().size() == 1);
        host.unbindHandler(hanging, properties);
        assertTrue(interrupted.get());
        RecordingHandler next = RecordingHandler.done();
        bind(next);
        await().until(() -> next.sequences().equals(List.of(1L)));
    }

    @Test
    void shouldResumeAfterARestart() {
        bind(RecordingHandler.done(), BrokerEventHandler.START, "earliest");
        broker.submitNumbers(1, 3);
        awaitPlace(3);
        restart();
        broker.submitNumbers(4, 5);
        RecordingHandler back = RecordingHandler.done();
        bind(back);
        await().until(() -> back.sequences().equals(List.of(4L, 5L)));
    }

    @Test
    void shouldGoOnAfterEventsThatExpiredWhileTheHandlerWasAway() throws Exception {
        bind(RecordingHandler.done());
        awaitPlace(0);
        restart();
        for (int i = 1; i <= 3; i++) {
            broker.submit(Fixture.fromAuthor(Fixture.document(i)).keptFor(Duration.ofSeconds(1)));
        }
        broker.submitNumbers(4, 5);
        close();
        store.expire(Instant.now().plusSeconds(2));
        restart();
        RecordingHandler back = RecordingHandler.done();
        try (CapturedLog log = new CapturedLog()) {
            bind(back);
            await().until(() -> back.sequences().equals(List.of(4L, 5L)));
            assertTrue(log.text().contains("handler h (a.bundle 1.7) has missed 3 events"), log.text());
        }
    }

    @Test
    void shouldHandleSeveralAtOnceAndStandBeforeTheLowestUnfinished() {
        CountDownLatch first = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            if (event.sequence() == 1) {
                first.await();
            }
            return Outcome.DONE;
        });
        bind(handler, BrokerEventHandler.START, "earliest", BrokerEventHandler.CONCURRENCY, 3);
        broker.submitNumbers(1, 10);
        await().until(() -> handler.calls().size() == 10);
        assertEquals(0, lane().place());
        first.countDown();
        awaitPlace(10);
    }

    @Test
    void shouldGiveBatchesToAHandlerThatLikesThem() {
        AtomicInteger largest = new AtomicInteger();
        BrokerEventHandler handler = new BrokerEventHandler() {
            @Override
            public Outcome handle(BrokerEvent event) {
                throw new AssertionError("not one by one");
            }

            @Override
            public Outcome handle(List<BrokerEvent> batch) {
                largest.accumulateAndGet(batch.size(), Math::max);
                return Outcome.DONE;
            }
        };
        broker.submitNumbers(1, 25);
        bind(handler, BrokerEventHandler.START, "earliest", BrokerEventHandler.BATCH, "10");
        awaitPlace(25);
        assertEquals(10, largest.get());
        assertEquals(25, lane().handled());
    }

    @Test
    void shouldWaitWhileTheLogCannotBeRead() {
        try (Fixture other = new Fixture(store, 1, 100)) {
            other.submitNumbers(1, 5);
        }
        restart();
        store.fail("the disk is gone");
        RecordingHandler handler = RecordingHandler.done();
        bind(handler, BrokerEventHandler.START, "earliest");
        await().until(() -> lane().lastFailure().orElse("").contains("the disk is gone"));
        store.mend();
        await().until(() -> handler.calls().size() == 5);
        assertFalse(lane().lag() > 0);
    }

    @Test
    void shouldNotUseAHandlerWithWrongProperties() {
        bind(RecordingHandler.done(), BrokerEventHandler.CONCURRENCY, "many");
        assertTrue(host.lanes().isEmpty());
    }

    /** Passes the event whose sequence is the text. */
    private static final class NumberLanguage implements FilterLanguage {

        @Override
        public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
            if (!text.matches("\\d+")) {
                throw new FilterSyntaxException("\"" + text + "\" is no number", 0);
            }
            return new EventExpression() {
                @Override
                public String text() {
                    return text;
                }

                @Override
                public boolean matches(BrokerEvent event) {
                    return event.sequence() == Long.parseLong(text);
                }

                @Override
                public boolean overran() {
                    return false;
                }

                @Override
                public List<String> select(BrokerEvent event) {
                    throw new UnsupportedOperationException("no lane selects");
                }

                @Override
                public Explanation explain(BrokerEvent event) {
                    throw new UnsupportedOperationException("no lane explains");
                }
            };
        }
    }
}
