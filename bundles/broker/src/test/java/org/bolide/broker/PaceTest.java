package org.bolide.broker;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Readers that take a certain number of events a second, and an author who submits as fast as he gets receipts. */
class PaceTest {

    private static final Duration LAG = Duration.ofMillis(400);

    private final Pace pace = new Pace(LAG);
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
    private final AtomicInteger numbers = new AtomicInteger();
    private Fixture broker = broker(Duration.ofSeconds(15));

    private Fixture broker(Duration maxWait) {
        return new Fixture(new InMemoryEventStore(), 4096, 100_000, pace, maxWait, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        broker.close();
    }

    /** A reader that has been at the end, and then takes so many events every ten milliseconds. */
    private void reading(int events) {
        EventReader reader = broker.log.open(ReaderSpec.from(new Start.Latest()).settingPace());
        reader.poll(1, 1 << 20);
        timer.scheduleAtFixedRate(() -> reader.poll(events, 1 << 20), 10, 10, TimeUnit.MILLISECONDS);
    }

    /** Submits so many, sixteen at a time; returns how many milliseconds that took. */
    private long submit(int events) {
        long began = System.nanoTime();
        for (int done = 0; done < events; done += 16) {
            List<CompletableFuture<Receipt>> some = Stream.generate(() -> broker.intake
                    .submit(Fixture.fromAuthor(Fixture.document(numbers.incrementAndGet()))).toCompletableFuture()).limit(16).toList();
            CompletableFuture.allOf(some.toArray(CompletableFuture[]::new)).orTimeout(30, TimeUnit.SECONDS).join();
            some.forEach(receipt -> assertEquals(Status.ACCEPTED, receipt.join().status()));
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    @Test
    void shouldLetAuthorsBeAsFastAsTheyLikeWhileMostReadersKeepUp() {
        reading(1000);
        reading(1000);
        reading(1); // one of three is behind
        submit(3000);
        assertEquals(0, pace.timesHeld());
    }

    @Test
    void shouldSlowAuthorsDownToWhatMostReadersTake() {
        reading(20); // 2000 a second
        reading(20);
        reading(1000);
        try (CapturedLog log = new CapturedLog()) {
            await().until(() -> {
                submit(1600);
                return broker.log.problems().stream().anyMatch(problem -> problem.text().startsWith("the intake is slowed"));
            });
            long millis = submit(4000);
            assertTrue(millis > 1000, millis + " ms");
            assertTrue(log.text().contains("the intake is slowed: most of 3 subscribers"), log.text());
            await().until(() -> broker.log.problems().isEmpty());
            assertTrue(log.text().contains("the intake is not slowed any more"), log.text());
        }
        assertTrue(pace.timesHeld() >= 1);
        assertTrue(broker.log.counters().get("log.slowed.millis") > 500);
    }

    @Test
    void shouldNotWaitForWhoIsStuck() {
        EventReader stuck = broker.log.open(ReaderSpec.from(new Start.Latest()).settingPace());
        stuck.poll(1, 1 << 20);
        submit(16);
        stuck.poll(1, 1 << 20);
        await().until(() -> {
            submit(16);
            return pace.timesHeld() > 0 && !pace.isHolding();
        });
        submit(3200);
        assertEquals(1, pace.timesHeld());
    }

    @Test
    void shouldNotWaitForWhoHasNeverBeenAtTheEnd() {
        submit(3200);
        EventReader past = broker.log.open(ReaderSpec.from(new Start.Earliest()).settingPace());
        timer.scheduleAtFixedRate(() -> past.poll(1, 1 << 20), 10, 10, TimeUnit.MILLISECONDS);
        submit(3200);
        assertEquals(0, pace.timesHeld());
    }

    @Test
    void shouldWriteSomeEventsAndEveryPlaceHoweverSlowReadersAre() {
        reading(1); // 100 a second
        EventReader named = broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        await().until(() -> {
            for (int i = 0; i < 1000; i++) {
                broker.intake.submit(Fixture.fromAuthor(Fixture.document(numbers.incrementAndGet())));
            }
            return pace.isHolding();
        });
        long before = broker.log.latest();
        named.commit(3);
        await().until(() -> broker.store.places().get("me").sequence() == 3);
        await().until(() -> broker.log.latest() >= before + 50);
    }

    @Test
    void shouldGiveUpWhatHasWaitedTooLong() {
        broker.close();
        broker = broker(Duration.ofMillis(500));
        reading(1);
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        await().until(() -> {
            for (int i = 0; i < 1000 && !pace.isHolding(); i++) {
                receipts.add(broker.intake.submit(Fixture.fromAuthor(Fixture.document(numbers.incrementAndGet()))).toCompletableFuture());
            }
            return pace.isHolding();
        });
        for (int i = 0; i < 1000; i++) {
            receipts.add(broker.intake.submit(Fixture.fromAuthor(Fixture.document(numbers.incrementAndGet()))).toCompletableFuture());
        }
        CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).orTimeout(10, TimeUnit.SECONDS).join();
        long accepted = receipts.stream().filter(receipt -> receipt.join().status() == Status.ACCEPTED).count();
        assertTrue(accepted < receipts.size());
        assertEquals(accepted, broker.log.latest(), "who has no receipt is not in the log");
        assertEquals(Set.of("the broker is overloaded: its subscribers do not keep up"), receipts.stream().map(CompletableFuture::join)
                .filter(receipt -> receipt.status() == Status.UNAVAILABLE).map(Receipt::reason).collect(Collectors.toSet()));
    }
}
