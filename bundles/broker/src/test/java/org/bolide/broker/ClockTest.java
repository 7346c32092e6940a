package org.bolide.broker;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.Receipt.Status;
import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The machine's clock is set back by an hour. */
class ClockTest {

    private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

    private final SetClock clock = new SetClock();
    private final Pace pace = new Pace(Duration.ofSeconds(2));
    private final Fixture broker = new Fixture(new InMemoryEventStore(), 2048, 10_000, pace, Duration.ofSeconds(15), clock);
    private final EventReader live = broker.log.open(ReaderSpec.from(new Start.Latest()).settingPace());
    private final EventReader named = broker.log.open(ReaderSpec.named("me", new Start.Latest()).settingPace());

    /** Shows what it was set to. */
    private static final class SetClock extends Clock {

        private volatile Instant time = NOON;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return time;
        }
    }

    @AfterEach
    void close() {
        broker.close();
    }

    private List<String> since(Instant time) {
        return Fixture.ids(broker.log.open(ReaderSpec.from(new Start.Since(time))).poll(100, 1 << 20));
    }

    @Test
    void shouldGoOnAsIfNothingHadHappened() {
        broker.submitNumbers(1, 3);
        clock.time = NOON.minus(Duration.ofHours(1));
        broker.submitNumbers(4, 6);
        assertEquals(Status.DUPLICATE, broker.submit(Fixture.document(2)).status());
        assertEquals(List.of("1", "2", "3", "4", "5", "6"), Fixture.ids(live.poll(100, 1 << 20)));
        named.poll(100, 1 << 20);
        named.commit(6);
        await().until(() -> broker.store.places().get("me").sequence() == 6);
        assertEquals(clock.time, broker.log.places("me").get("me").usedAt());
        broker.submitNumbers(7, 200);
        assertEquals(0, pace.timesHeld());
        clock.time = NOON.plusSeconds(60);
        broker.submitNumbers(201, 201);
        assertEquals(195, live.poll(1000, 1 << 20).size());
    }

    @Test
    void shouldMissNothingOfATimeThatWasTwice() {
        clock.time = NOON.minus(Duration.ofMinutes(90));
        broker.submitNumbers(1, 1);
        clock.time = NOON;
        broker.submitNumbers(2, 3);
        clock.time = NOON.minus(Duration.ofHours(1));
        broker.submitNumbers(4, 4);
        clock.time = NOON.plusSeconds(60);
        broker.submitNumbers(5, 5);
        assertEquals(List.of("2", "3", "4", "5"), since(NOON.minus(Duration.ofMinutes(61))));
        assertEquals(List.of("2", "3", "4", "5"), since(NOON.minus(Duration.ofMinutes(1))), "what came in between comes too");
        assertEquals(List.of("5"), since(NOON.plusSeconds(30)));
    }
}
