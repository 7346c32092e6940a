package org.bolide.transport;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

class UnsettledTest {

    private final Unsettled unsettled = new Unsettled();
    private long sequences;

    @Test
    void shouldSettleAllEarlierEventsWithOne() {
        send("a", "b", "c");
        unsettled.settle("b");
        assertEquals(1, unsettled.size());
        assertEquals(7, unsettled.age(10));
    }

    @Test
    void shouldSettleTheFirstOfSeveralWithOneIdentifier() {
        send("a", "b", "b");
        unsettled.settle("b");
        assertEquals(1, unsettled.size());
    }

    @Test
    void shouldTakeAnUnknownIdentifierForTheOldest() {
        send("a", "b");
        unsettled.settle("ivo://always/the#same");
        assertEquals(1, unsettled.size());
        assertEquals(8, unsettled.age(10));
        unsettled.settle("x");
        unsettled.settle("x");
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
                assertEquals((long) settled, unsettled.settle("e" + settled));
            }
            assertEquals("e" + (settled + 1), unsettled.due());
            assertEquals(sent - settled, unsettled.size());
        }
        assertEquals(sent, unsettled.settle("e" + sent));
        assertNull(unsettled.due());
        send("again");
        assertEquals(sent + 1, unsettled.settleDue());
        assertEquals(0, unsettled.settle("again"));
    }

    private void send(String... identifiers) {
        for (String identifier : identifiers) {
            sequences++;
            unsettled.sent(List.of(org.bolide.testkit.TestEvent.of(sequences, identifier, "")), sequences);
        }
    }
}
