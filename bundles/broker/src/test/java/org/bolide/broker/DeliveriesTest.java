package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.management.Deliveries.Answer;
import org.bolide.api.management.Deliveries.Delivery;
import org.bolide.api.management.Lanes.State;
import org.bolide.testkit.RecordingHandler;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the lanes remember of which handler was given what. */
class DeliveriesTest {

    private final HostFixture host = new HostFixture();

    @AfterEach
    void close() {
        host.close();
    }

    private List<String> told(long sequence) {
        return host.host.of(sequence).stream().map(delivery -> delivery.receiver() + " " + delivery.answer()).toList();
    }

    private void awaitTold(long sequence, String... deliveries) {
        await().until(() -> told(sequence), List.of(deliveries)::equals);
    }

    @Test
    void shouldTellWhatEachHandlerMadeOfAnEvent() throws Exception {
        Instant before = Instant.now();
        CountDownLatch hold = new CountDownLatch(1);
        RecordingHandler handler = RecordingHandler.behaving(event -> {
            if (event.sequence() == 3) {
                hold.await();
            }
            return event.sequence() == 2 ? Outcome.DISCARD : Outcome.DONE;
        });
        host.bind(handler);
        host.broker.submitNumbers(1, 3);
        awaitTold(1, "h ACKNOWLEDGED");
        awaitTold(2, "h REFUSED");
        awaitTold(3, "h NONE");
        hold.countDown();
        awaitTold(3, "h ACKNOWLEDGED");
        Delivery last = host.host.of(3).get(0);
        assertEquals("handler", last.component());
        assertTrue(last.sentAt().isAfter(before) && !last.answeredAt().orElseThrow().isBefore(last.sentAt()), last.toString());
        assertFalse(host.host.since().isAfter(last.sentAt()));
        assertEquals(List.of(), told(4));
        host.bind(RecordingHandler.done(), BrokerEventHandler.NAME, "second");
        awaitTold(1, "h ACKNOWLEDGED", "second ACKNOWLEDGED");
    }

    @Test
    void shouldTellThatAnEventWasBuriedAndHandledLater() throws Exception {
        List<List<Long>> calls = new CopyOnWriteArrayList<>();
        List<Outcome> outcomes = new CopyOnWriteArrayList<>(List.of(Outcome.RETRY));
        host.broker.submitNumbers(1, 3);
        host.bind(HostFixture.batches(calls, batch -> outcomes.get(0)), BrokerEventHandler.BATCH, 3);
        await().until(() -> host.lane().state() == State.RETRYING);
        assertEquals(List.of("h NONE"), told(1));
        assertEquals(List.of("h NONE"), told(3));
        host.host.skip("h");
        awaitTold(3, "h BURIED");
        assertEquals(List.of("h BURIED"), told(1));
        DeadLetterOffice office = new DeadLetterOffice(host.letters, host.store, host.host);
        office.retry(2);
        assertEquals(List.of("h BURIED", "h BURIED"), told(2));
        outcomes.set(0, Outcome.DONE);
        office.retry(2);
        assertEquals(List.of("h BURIED", "h BURIED", "h ACKNOWLEDGED"), told(2));
    }

    @Test
    void shouldTellWhatWasHandledAtTheSecondTry() {
        try (HostFixture soon = new HostFixture(new Handling.Retry(3, Duration.ofMillis(1), Duration.ofMillis(1)))) {
            List<Outcome> outcomes = new ArrayList<>(List.of(Outcome.RETRY, Outcome.RETRY, Outcome.DONE));
            soon.broker.submitNumbers(1, 1);
            soon.bind(RecordingHandler.behaving(event -> outcomes.remove(0)));
            soon.awaitPlace(1);
            assertEquals(List.of(Answer.ACKNOWLEDGED), soon.host.of(1).stream().map(Delivery::answer).toList());
        }
    }

    @Test
    void shouldForgetTheOldestAndSaySo() {
        DeliveryBook book = new DeliveryBook(3);
        Instant begin = book.since();
        DeliveryBook.Given first = book.given("a", List.of(TestEvent.of(1, "1", ""), TestEvent.of(2, "2", "")));
        book.given("b", List.of(TestEvent.of(2, "2", "")));
        assertEquals(begin, book.since());
        book.given("c", List.of(TestEvent.of(2, "2", "")));
        first.ended(Outcome.DONE); // one of them is forgotten
        assertEquals(List.of(), book.of(1));
        assertEquals(List.of("a ACKNOWLEDGED", "b NONE", "c NONE"), book.of(2).stream().map(delivery -> delivery.receiver() + " " + delivery.answer()).toList());
        assertEquals(book.of(2).get(0).sentAt(), book.since());
    }
}
