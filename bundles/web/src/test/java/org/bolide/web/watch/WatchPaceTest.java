package org.bolide.web.watch;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchPaceTest {

    @Test
    void shouldTellEachLessOftenWhereThereAreMany() {
        assertEquals(250, millis(1));
        assertEquals(250, millis(125));
        assertEquals(1_000, millis(500));
        assertEquals(2_000, millis(1_000));
        assertEquals(2_000, millis(100_000));
    }

    private static long millis(int watchers) {
        return TimeUnit.NANOSECONDS.toMillis(WatchPace.intervalNanos(watchers));
    }

    @Test
    void shouldTakeAQuarterOfTheTimeForWhatIsOldHoweverManyAreBehind() {
        WatchPace pace = new WatchPace();
        long spent = TimeUnit.SECONDS.toNanos(1);
        long now = System.nanoTime();
        long last = now;
        for (int i = 0; i < 10; i++) {
            long next = pace.readOnAt(spent);
            assertTrue(next - last >= 3 * spent, "one after the other");
            last = next;
        }
        assertTrue(last - now >= 30 * spent, "ten seconds of work in forty");
    }
}
