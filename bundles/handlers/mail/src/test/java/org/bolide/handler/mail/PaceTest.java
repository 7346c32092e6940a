package org.bolide.handler.mail;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PaceTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Pace pace = new Pace(Duration.ofSeconds(60), 3, now::get);

    @Test
    void shouldLetTheFirstGoAtOnceAndTheNextAfterAWhile() {
        assertEquals(0, pace.untilNext().toSeconds());
        pace.sent();
        assertEquals(60, pace.untilNext().toSeconds());
        pass(59);
        assertEquals(1, pace.untilNext().toSeconds());
        pass(10);
        assertEquals(-9, pace.untilNext().toSeconds());
    }

    @Test
    void shouldLetNoMoreGoInAnyHour() {
        for (int i = 0; i < 3; i++) {
            assertFalse(pace.isFull());
            pace.sent();
            pass(600);
        }
        assertTrue(pace.isFull());
        assertEquals(1800, pace.untilNext().toSeconds());
        pass(1800);
        assertFalse(pace.isFull());
        pace.sent();
        assertEquals(600, pace.untilNext().toSeconds(), "the second has not been an hour ago");
    }

    private void pass(long seconds) {
        now.addAndGet(Duration.ofSeconds(seconds).toNanos());
    }
}
