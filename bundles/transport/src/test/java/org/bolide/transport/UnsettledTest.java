package org.bolide.transport;

import java.util.List;
import java.util.stream.LongStream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Deliveries.Answer;
import org.bolide.api.management.Deliveries.Delivery;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class UnsettledTest {

    private static final long NOW = 1_000_000;

    private final DeliveryBook book = new DeliveryBook("broadcaster.public");
    private final DeliveryBook.Receiver receiver = book.enter("somebody");
    private final Unsettled unsettled = new Unsettled(book);
    private long sequences;

    @Test
    void shouldSettleAllEarlierEventsWithOne() {
        send("a", "b", "c");
        settle("b");
        assertEquals(1, unsettled.size());
        assertEquals(7, unsettled.age(10));
    }

    @Test
    void shouldSettleTheFirstOfSeveralWithOneIdentifier() {
        send("a", "b", "b");
        settle("b");
        assertEquals(1, unsettled.size());
    }

    @Test
    void shouldTakeAnUnknownIdentifierForTheOldest() {
        send("a", "b");
        settle("ivo://always/the#same");
        assertEquals(1, unsettled.size());
        assertEquals(8, unsettled.age(10));
        settle("x");
        settle("x");
        assertEquals(0, unsettled.size());
        assertEquals(0, unsettled.age(10));
    }

    @Test
    void shouldKeepTheOrderHoweverManyComeAndGo() {
        int sent = 0;
        int settled = 0;
        for (int round = 1; round <= 40; round++) {
            for (int i = 0; i < 3 * round; i++) {
                send("e" + ++sent);
            }
            for (int i = 0; i < round && settled < sent - 2; i += 2) {
                settled += 2;
                assertEquals((long) settled, settle("e" + settled));
            }
            assertEquals("e" + (settled + 1), unsettled.due());
            assertEquals(sent - settled, unsettled.size());
        }
        assertEquals(sent, settle("e" + sent));
        assertNull(unsettled.due());
        send("again");
        assertEquals(sent + 1, unsettled.settleDue(NOW));
        assertEquals(0, settle("again"));
    }

    @Test
    void shouldHaveEachAnswerNoted() {
        send("a", "b", "c", "d", "e");
        settle("b");
        unsettled.settle("d", Answer.REFUSED, NOW);
        assertEquals(List.of(Answer.SETTLED, Answer.ACKNOWLEDGED, Answer.SETTLED, Answer.REFUSED, Answer.NONE), answers(5));
        unsettled.settleDue(NOW);
        Delivery last = book.of(5).get(0);
        assertEquals(Answer.ACKNOWLEDGED, last.answer());
        assertEquals(last.sentAt().plusNanos(999_000), last.answeredAt().orElseThrow());
    }

    @Test
    void shouldHaveTheRightDeliveriesNotedAfterGrowing() {
        for (int i = 1; i <= 10; i++) {
            send("e" + i);
        }
        settle("e7");
        for (int i = 11; i <= 100; i++) {
            send("e" + i);
        }
        settle("e99");
        assertEquals(List.of(Answer.ACKNOWLEDGED, Answer.SETTLED, Answer.NONE), List.of(book.of(7).get(0).answer(), book.of(98).get(0).answer(),
                book.of(100).get(0).answer()));
    }

    private List<Answer> answers(int last) {
        return LongStream.rangeClosed(1, last).mapToObj(sequence -> book.of(sequence).get(0).answer()).toList();
    }

    private long settle(String identifier) {
        return unsettled.settle(identifier, Answer.ACKNOWLEDGED, NOW);
    }

    private void send(String... identifiers) {
        for (String identifier : identifiers) {
            sequences++;
            List<BrokerEvent> events = List.of(TestEvent.of(sequences, identifier, ""));
            unsettled.sent(events, book.sent(events, receiver), sequences);
        }
    }
}
