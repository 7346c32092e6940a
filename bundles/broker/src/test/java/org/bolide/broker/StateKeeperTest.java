package org.bolide.broker;

import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class StateKeeperTest {

    private final InMemoryEventStore store = new InMemoryEventStore();
    private final StateKeeper keeper = new StateKeeper(store);

    @Test
    void shouldRememberAcrossARestartAndForget() {
        keeper.write("ban", Map.of("a", Optional.of("1"), "b", Optional.of("2")));
        keeper.write("ban", Map.of("a", Optional.empty()));
        keeper.write("pause", Map.of("a", Optional.of("3")));
        StateKeeper next = new StateKeeper(store);
        assertEquals(Map.of("b", "2"), next.read("ban"));
        assertEquals(Map.of("a", "3"), next.read("pause"));
        assertEquals(Map.of(), next.read("gap"));
    }

    @Test
    void shouldSayWhatIsWrongWithTheDisk() {
        store.fail("the disk is full");
        assertEquals("\"ban\" cannot be kept now, nothing was changed: the disk is full",
                assertThrows(UncheckedIOException.class, () -> keeper.write("ban", Map.of("a", Optional.of("1")))).getMessage());
        assertEquals("what is kept of \"ban\" cannot be read now: the disk is full",
                assertThrows(UncheckedIOException.class, () -> keeper.read("ban")).getMessage());
        store.mend();
        assertEquals(Map.of(), keeper.read("ban"));
    }
}
