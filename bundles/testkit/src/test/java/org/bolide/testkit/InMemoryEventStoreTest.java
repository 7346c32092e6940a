package org.bolide.testkit;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.bolide.api.store.EventStore;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

class InMemoryEventStoreTest extends EventStoreContract {

    private final InMemoryEventStore store = new InMemoryEventStore();

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void restart() {
        // what is in memory stays there
    }

    @Override
    protected void expire(Instant now) {
        store.expire(now);
    }

    @Test
    void shouldFailUntilItIsMended() throws IOException {
        store.fail("the disk is full");
        IOException e = assertThrows(IOException.class,
                () -> store.append(List.of(event("a", Instant.EPOCH)), Map.of()));
        assertEquals("the disk is full", e.getMessage());

        store.mend();

        assertEquals(0, store.latest());
        assertFalse(store.append(List.of(event("a", Instant.EPOCH)), Map.of()).get(0).duplicate());
    }
}
