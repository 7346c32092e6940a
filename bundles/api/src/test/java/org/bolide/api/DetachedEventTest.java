package org.bolide.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import javax.xml.namespace.QName;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DetachedEventTest {

    private final DetachedEvent event = new DetachedEvent(
            new Reading(EventHeader.of(new QName("e")), List.of("a fault")),
            ByteBuffer.wrap("<e/>".getBytes(StandardCharsets.UTF_8)), "192.0.2.7:41234", Instant.EPOCH);

    @Test
    void shouldGiveEveryCallerAFreshReadOnlyView() {
        ByteBuffer first = event.content();
        first.get();
        assertEquals(4, event.content().remaining());
        assertTrue(first.isReadOnly());
        assertEquals(List.of("a fault"), event.faults());
    }

    @Test
    void shouldKeepWhatIsDerivedAlsoWhileAnotherIsMade() {
        AtomicInteger made = new AtomicInteger();
        Integer length = event.derived(Integer.class,
                e -> made.incrementAndGet() + e.derived(String.class, inner -> "text").length());
        assertEquals(5, length);
        assertSame(length, event.derived(Integer.class, e -> made.incrementAndGet()));
        assertEquals(1, made.get());
    }

    @Test
    void shouldNotTakeNothingForDerived() {
        assertThrows(NullPointerException.class, () -> event.derived(String.class, e -> null));
    }
}
