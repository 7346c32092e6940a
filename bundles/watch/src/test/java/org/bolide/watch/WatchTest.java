package org.bolide.watch;

import java.time.InstantSource;
import java.util.List;

import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Streams.StreamStatus;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

/** The thread, over a log. */
class WatchTest {

    private final MemoryBroker broker = new MemoryBroker();
    private final Tally tally = new Tally();
    private StreamBook book;
    private Watch watch;

    @AfterEach
    void close() {
        watch.close();
        broker.close();
    }

    private void open() {
        book = new StreamBook(broker, InstantSource.system(), new Rules(true, new Cadence.Settings(1 / 3_600.0, 5, 0, 0)), tally);
        watch = new Watch(book, tally, broker, List::of);
    }

    private BrokerEvent append(String stream, int number) {
        return broker.append(SampleEvents.event("ivo://test.author/" + stream + "#" + number).bytes());
    }

    private void awaitEvents(long count) {
        await().until(() -> book.streams().stream().mapToLong(StreamStatus::events).sum() == count);
    }

    @Test
    void shouldCountTheEventsOfTheLogFromNowOn() {
        append("x", 0);
        open();
        append("x", 1);
        append("y", 1);
        BrokerEvent last = append("x", 2);
        awaitEvents(3);
        StreamStatus x = book.streams().get(0);
        assertEquals("ivo://test.author/x", x.name());
        assertEquals(last.receivedAt(), x.last());
        assertEquals(last.header().identifier(), x.lastIdentifier());
    }

    @Test
    void shouldGoOnWhereItWas() {
        open();
        append("x", 1);
        awaitEvents(1);
        watch.close();
        assertEquals(1, broker.places("watch").get("watch").sequence());
        append("x", 2);
        open();
        awaitEvents(2);
    }

    @Test
    void shouldCountNothingTwiceWhenThePlaceIsLost() {
        open();
        append("x", 1);
        awaitEvents(1);
        watch.close();
        broker.forget("watch");
        open();
        append("x", 2);
        awaitEvents(2);
        assertEquals(2, tally.events.sum());
    }

    @Test
    void shouldRaiseTheAlarm() {
        try (CapturedLog log = new CapturedLog()) {
            open();
            for (int i = 0; i < 10; i++) {
                append("x", i);
            }
            awaitEvents(10);
            await().atMost(java.time.Duration.ofSeconds(20)).until(() -> log.text().contains("stream ivo://test.author/x is silent"));
        }
    }
}
