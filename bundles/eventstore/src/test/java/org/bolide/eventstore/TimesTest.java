package org.bolide.eventstore;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TimesTest {

    @Test
    void shouldSortAsText() {
        List<Instant> times = List.of(Instant.MIN, Instant.parse("0999-12-31T23:59:59Z"), Instant.EPOCH,
                Instant.parse("2026-11-21T20:00:00Z"), Instant.parse("2026-11-21T20:00:00.000001Z"),
                Instant.parse("2026-11-21T20:00:00.5Z"), Instant.parse("2026-11-21T20:00:01Z"), Instant.MAX);
        List<String> texts = times.stream().map(Times::sortable).toList();

        assertEquals(texts.stream().sorted().distinct().toList(), texts);
        assertEquals("2026-11-21T20:00:00.000001Z", texts.get(4));
    }

    @Test
    void shouldGiveBackExactlyWhatAnEventStates() {
        for (Instant time : List.of(Instant.MIN, Instant.MAX, Instant.EPOCH, Instant.parse("1604-10-09T11:58:57.123456789Z"),
                Instant.parse("2014-04-01T11:58:57.12Z"))) {
            assertEquals(time, Times.parse(Times.exact(time)));
        }
    }
}
