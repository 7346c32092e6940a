package org.bolide.transport;

import java.util.concurrent.TimeUnit;

import org.bolide.testkit.CapturedLog;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PacedLogTest {

    @Test
    void shouldNotLetStrangersFillTheLog() {
        PacedLog log = new PacedLog(LoggerFactory.getLogger(PacedLogTest.class), "broadcaster.public");
        try (CapturedLog captured = new CapturedLog()) {
            for (int i = 0; i < 1_000; i++) {
                log.info("{} has come", i);
            }
            assertEquals(100, captured.lines().size());
        }
    }

    @Test
    void shouldTellOnceHowManyItLeftOut() {
        long[] now = {0};
        Pace pace = new Pace(2, 10, () -> now[0]);
        for (int i = 0; i < 7; i++) {
            assertEquals(i < 2, pace.may());
        }
        assertEquals(0, pace.leftOut());
        now[0] = TimeUnit.SECONDS.toNanos(11);
        assertTrue(pace.may());
        assertEquals(5, pace.leftOut());
        assertEquals(0, pace.leftOut());
    }
}
