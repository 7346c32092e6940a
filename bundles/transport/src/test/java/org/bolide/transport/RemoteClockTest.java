package org.bolide.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RemoteClockTest {

    private final RemoteClock clock = new RemoteClock();
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");

    private void said(String stamp) {
        clock.said(stamp, now);
        now = now.plusSeconds(60);
    }

    private void saidAhead(long seconds) {
        said(now.plusSeconds(seconds).toString());
    }

    @Test
    void shouldTakeTheMedianOfTheLastFew() {
        assertEquals(Optional.empty(), clock.ahead());
        for (long seconds : new long[] {1, 2, -300, 0, 1}) {
            saidAhead(seconds);
        }
        assertEquals(Optional.of(Duration.ofSeconds(1)), clock.ahead());
        assertEquals(Optional.empty(), clock.wrong());
    }

    @Test
    void shouldWarnOnlyOfWhatLasts() {
        saidAhead(12);
        saidAhead(12);
        assertEquals(Optional.empty(), clock.wrong());
        saidAhead(12);
        assertEquals(Optional.of(Duration.ofSeconds(12)), clock.wrong());
        for (int i = 0; i < 3; i++) {
            saidAhead(-5);
        }
        assertEquals(Optional.empty(), clock.wrong());
        saidAhead(-8);
        saidAhead(-8);
        saidAhead(-8);
        assertEquals(Optional.of(Duration.ofSeconds(-8)), clock.wrong());
        clock.reset();
        assertEquals(Optional.empty(), clock.ahead());
    }

    @Test
    void shouldReadTheFormsInUse() {
        for (String stamp : new String[] {"2026-11-22T12:00:07Z", "2026-11-22T13:00:07.250+01:00", "2026-11-22 12:00:07 UTC", "2026-11-22T12:00:07.123"}) {
            clock.reset();
            clock.said(stamp, now);
            assertEquals(7, clock.ahead().orElseThrow().toSeconds(), stamp);
        }
    }

    @Test
    void shouldLeaveOutWhatIsNoTime() {
        for (String stamp : new String[] {"", "now", "2026-11-22", "1:2", "2026-13-01T00:00:00Z", "22 Nov 2026 12:00:00"}) {
            clock.said(stamp, now);
        }
        assertEquals(Optional.empty(), clock.ahead());
    }

    @Test
    void shouldLeaveOutLocalTimeWithoutAZone() {
        said("2026-11-22T13:00:00");
        assertEquals(Optional.empty(), clock.ahead());
    }

    @Test
    void shouldLeaveOutAStampThatNeverChanges() {
        for (int i = 0; i < 5; i++) {
            said("2012-01-01T00:00:00Z");
        }
        assertEquals(Optional.empty(), clock.ahead());
    }
}
