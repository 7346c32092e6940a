package org.bolide.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Deliveries.Answer;
import org.bolide.api.management.Deliveries.Delivery;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeliveryBookTest {

    private static final int ROOM = 16;

    private final DeliveryBook book = new DeliveryBook("broadcaster.public", ROOM, 4);

    private static List<BrokerEvent> events(long... sequences) {
        return LongStream.of(sequences).mapToObj(sequence -> (BrokerEvent) TestEvent.of(sequence, "ivo://test.author/x#" + sequence, "")).toList();
    }

    private List<String> told(long sequence) {
        return book.of(sequence).stream().map(delivery -> delivery.receiver() + " " + delivery.answer()).toList();
    }

    @Test
    void shouldTellToWhomAnEventWentAndWhatTheyAnswered() {
        Instant before = Instant.now().minusMillis(1);
        DeliveryBook.Receiver first = book.enter("192.0.2.1:4711");
        DeliveryBook.Receiver second = book.enter("192.0.2.2:4712");
        long toFirst = book.sent(events(7, 8), first);
        book.sent(events(8), second);
        book.answered(toFirst + 1, Answer.REFUSED, 2_000_000);
        book.answered(toFirst + 1, Answer.ACKNOWLEDGED, 3_000_000); // only the first one counts
        second.rename("desk");
        assertEquals(List.of("192.0.2.1:4711 NONE"), told(7));
        assertEquals(List.of("192.0.2.1:4711 REFUSED", "desk NONE"), told(8));
        assertEquals(List.of(), told(9));
        Delivery refused = book.of(8).get(0);
        assertEquals("broadcaster.public", refused.component());
        assertEquals(Optional.of(Duration.ofMillis(2)), refused.answeredAt().map(at -> Duration.between(refused.sentAt(), at)));
        assertTrue(refused.sentAt().isAfter(before) && !refused.sentAt().isAfter(Instant.now()), refused.toString());
        assertEquals(Optional.empty(), book.of(7).get(0).answeredAt());
        assertTrue(book.since().isBefore(refused.sentAt()));
    }

    @Test
    void shouldForgetTheOldestFirstAndSaySo() {
        Instant begin = book.since();
        DeliveryBook.Receiver receiver = book.enter("a");
        for (long sequence = 1; sequence <= ROOM; sequence++) {
            book.sent(events(sequence), receiver);
        }
        assertEquals(begin, book.since());
        for (long sequence = ROOM + 1; sequence <= 5 * ROOM + 3; sequence++) {
            book.sent(events(sequence), receiver);
            assertEquals(List.of(), told(sequence - ROOM));
            assertEquals(List.of("a NONE"), told(sequence - ROOM + 1));
            assertEquals(List.of("a NONE"), told(sequence));
            assertEquals(book.of(sequence - ROOM + 1).get(0).sentAt(), book.since());
        }
    }

    @Test
    void shouldLeaveOtherDeliveriesAloneWhenAnAnswerComesTooLate() {
        DeliveryBook.Receiver receiver = book.enter("a");
        long late = book.sent(events(1), receiver);
        for (long sequence = 2; sequence <= ROOM + 1; sequence++) {
            book.sent(events(sequence), receiver);
        }
        book.answered(late, Answer.ACKNOWLEDGED, 1);
        for (long sequence = 2; sequence <= ROOM + 1; sequence++) {
            assertEquals(List.of("a NONE"), told(sequence));
        }
    }

    @Test
    void shouldBoundWhatAnAnswerMayTake() {
        long delivery = book.sent(events(1, 2), book.enter("a"));
        book.answered(delivery, Answer.ACKNOWLEDGED, TimeUnit.DAYS.toNanos(400));
        book.answered(delivery + 1, Answer.ACKNOWLEDGED, -1);
        assertEquals(List.of("a ACKNOWLEDGED"), told(1));
        assertEquals(book.of(2).get(0).sentAt(), book.of(2).get(0).answeredAt().orElseThrow());
    }

    @Test
    void shouldKnowWhoHasLeftForAsLongAsItsDeliveries() {
        DeliveryBook.Receiver gone = book.enter("gone");
        book.sent(events(1), gone);
        book.leave(gone);
        DeliveryBook.Receiver here = book.enter("here");
        book.sent(events(LongStream.rangeClosed(2, ROOM).toArray()), here);
        book.leave(book.enter("x"));
        assertEquals(List.of("gone NONE"), told(1));
        book.sent(events(ROOM + 1), here);
        assertEquals(List.of(), told(1));
        book.enter("y");
        assertEquals(3, book.receivers()); // here, x, y
        for (int i = 0; i < 100; i++) {
            DeliveryBook.Receiver brief = book.enter("brief");
            book.sent(events(50), brief);
            book.leave(brief);
        }
        assertTrue(book.receivers() <= ROOM + 3, "are known: " + book.receivers());
    }

    /** The ring goes round all the time; what it tells is never a mixture. */
    @Test
    void shouldNeverMixDeliveries() throws Exception {
        int writers = 3;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        CountDownLatch begun = new CountDownLatch(writers);
        List<Future<?>> done = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            int writer = w;
            done.add(threads.submit(() -> {
                DeliveryBook.Receiver receiver = book.enter("writer" + writer);
                begun.countDown();
                begun.await();
                long previous = -1;
                for (int i = 0; i < 200_000; i++) {
                    // a writer sends only its own sequences, and acknowledges those that are even
                    long sequence = 2L * writer + i % 2;
                    long number = book.sent(events(100 + sequence), receiver);
                    if (previous >= 0) {
                        book.answered(previous, Answer.ACKNOWLEDGED, TimeUnit.MICROSECONDS.toNanos(writer));
                    }
                    previous = i % 2 == 0 ? number : -1;
                }
                return null;
            }));
        }
        begun.await();
        Map<String, Set<Answer>> seen = new HashMap<>();
        while (done.stream().anyMatch(future -> !future.isDone())) {
            for (int sequence = 0; sequence < 2 * writers; sequence++) {
                for (Delivery delivery : book.of(100 + sequence)) {
                    assertEquals("writer" + sequence / 2, delivery.receiver());
                    seen.computeIfAbsent(delivery.receiver() + sequence % 2, key -> new HashSet<>()).add(delivery.answer());
                    delivery.answeredAt().ifPresent(at -> assertEquals(delivery.receiver(),
                            "writer" + TimeUnit.NANOSECONDS.toMicros(Duration.between(delivery.sentAt(), at).toNanos())));
                }
            }
            assertFalse(book.since().isAfter(Instant.now()));
        }
        for (Future<?> future : done) {
            future.get();
        }
        threads.shutdown();
        for (int writer = 0; writer < writers; writer++) {
            assertFalse(seen.getOrDefault("writer" + writer + 1, Set.of()).contains(Answer.ACKNOWLEDGED), seen.toString());
        }
        assertFalse(seen.isEmpty());
    }
}
