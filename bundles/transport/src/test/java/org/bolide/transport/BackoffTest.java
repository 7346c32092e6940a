package org.bolide.transport;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BackoffTest {

    @Test
    void shouldDoubleUpToTheLimitAndBeginAnewAfterReset() {
        Backoff backoff = new Backoff(() -> 1);
        assertEquals(List.of(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L),
                Stream.generate(() -> backoff.nextMillis(10_000)).limit(6).toList());
        backoff.reset();
        assertEquals(1_000, backoff.nextMillis(10_000));
    }

    @Test
    void shouldSpreadTheAttempts() {
        assertEquals(500, new Backoff(() -> 0).nextMillis(10_000));
        Backoff old = new Backoff(() -> 0.5);
        for (int i = 0; i < 100; i++) {
            old.nextMillis(10_000);
        }
        assertEquals(7_500, old.nextMillis(10_000));
    }
}
