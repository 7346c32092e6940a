package org.bolide.transport;

import java.time.Instant;
import java.util.Optional;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CutsTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private final Cuts cuts = new Cuts("broadcaster.public");

    @Test
    void shouldSayNothingWhenNobodyWasCut() {
        assertEquals(Optional.empty(), cuts.problem(NOON));
    }

    @Test
    void shouldCountTheCutsOfTenMinutesAndNameTheNewest() {
        for (int second = 0; second < 3600; second += 10) {
            cuts.add("192.0.2.7:" + second, "it is too slow", NOON.plusSeconds(second));
        }
        Problem problem = cuts.problem(NOON.plusSeconds(3600)).orElseThrow();
        assertEquals(Weight.WARNING, problem.weight());
        assertTrue(problem.text().startsWith("54 subscribers") || problem.text().startsWith("60 subscribers"), problem.text());
        assertTrue(problem.text().contains("192.0.2.7:3590 at 2026-11-22T12:59:50Z: it is too slow"), problem.text());
        assertEquals(Optional.of("clients gone"), problem.command());
        assertTrue(problem.since().orElseThrow().isAfter(NOON.plusSeconds(2990)), problem.toString());
    }

    @Test
    void shouldForgetThem() {
        cuts.add("192.0.2.7:1", "it is too slow", NOON);
        assertTrue(cuts.problem(NOON.plusSeconds(599)).isPresent());
        assertEquals(Optional.empty(), cuts.problem(NOON.plusSeconds(600)));
    }
}
