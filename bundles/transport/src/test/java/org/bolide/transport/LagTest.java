package org.bolide.transport;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class LagTest {

    private final Lag lag = new Lag(100, 1_000);

    @Test
    void shouldBeNothingWhileTheSubscriberIsDoneWithWhatWasThereAtTheLastLook() {
        assertEquals(0, lag.nanos(100, 2_000));
        lag.look(100, 200, 3_000);
        lag.look(200, 300, 4_000);
        assertEquals(100, lag.nanos(250, 4_100)); // not done with 300, which was the newest at 4000
        assertEquals(0, lag.nanos(300, 9_000));
    }

    @Test
    void shouldGrowWhileTheSubscriberIsNotDone() {
        lag.look(100, 200, 3_000);
        for (long now = 4_000; now < 10_000; now += 1_000) {
            lag.look(199, 1_000, now);
            assertEquals(now - 3_000, lag.nanos(199, now));
        }
        lag.look(200, 1_000, 10_000);
        assertEquals(5, lag.nanos(200, 10_005));
    }

    @Test
    void shouldGrowFromWhenASubscriberGoesBack() {
        lag.look(100, 100, 3_000);
        lag.look(1, 100, 4_000);
        assertEquals(2_000, lag.nanos(1, 5_000));
    }
}
