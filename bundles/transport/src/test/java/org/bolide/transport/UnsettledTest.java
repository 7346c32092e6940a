package org.bolide.transport;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class UnsettledTest {

    private final Unsettled unsettled = new Unsettled();

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

    private void send(String... identifiers) {
        for (int i = 0; i < identifiers.length; i++) {
            unsettled.sent(identifiers[i], i + 1);
        }
    }
}
