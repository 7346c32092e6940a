package org.bolide.metrics;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CounterTableTest {

    private final TestHost host = new TestHost();

    @Test
    void shouldTellTheResultsOfTheIntake() {
        host.counts("intake", Map.of("intake.accepted", 7L, "intake.refused", 2L));

        assertEquals(List.of("bolide_events_total{result=\"accepted\"} 7.0", "bolide_events_total{result=\"duplicate\"} 0.0",
                "bolide_events_total{result=\"refused\"} 2.0", "bolide_events_total{result=\"unavailable\"} 0.0"),
                host.lines("bolide_events_total"));
    }

    @Test
    void shouldNameTheListener() {
        host.counts("broadcaster.public", Map.of("broadcaster.public.events.sent", 5L, "broadcaster.public.cut.iamalive", 1L));
        host.counts("broadcaster.inside", Map.of("broadcaster.inside.events.sent", 3L));

        assertEquals(List.of("bolide_deliveries_total{broadcaster=\"inside\"} 3.0", "bolide_deliveries_total{broadcaster=\"public\"} 5.0"),
                host.lines("bolide_deliveries_total"));
        assertTrue(host.lines("bolide_cut").contains("bolide_cut_subscribers_total{broadcaster=\"public\",reason=\"iamalive\"} 1.0"));
    }

    @Test
    void shouldNameTheOnlyListenerByItsKind() {
        host.counts("receiver", Map.of("receiver.events.accepted", 5L));

        assertTrue(host.lines("bolide_receiver").contains("bolide_receiver_events_total{receiver=\"receiver\",result=\"accepted\"} 5.0"));
    }

    @Test
    void shouldTakeNamesWithDots() {
        host.counts("subscription.voevent.example.org-8099", Map.of("subscription.voevent.example.org-8099.connects.failed", 4L));
        host.counts("rules", Map.of("rules.accept.no.tests.denied", 6L));

        assertTrue(host.lines("bolide_remote").contains(
                "bolide_remote_connection_changes_total{change=\"failed\",remote=\"voevent.example.org-8099\"} 4.0"));
        assertEquals(List.of("bolide_rule_decisions_total{decision=\"denied\",kind=\"accept\",rule=\"no.tests\"} 6.0"),
                host.lines("bolide_rule"));
    }

    @Test
    void shouldTellMillisecondsAsSeconds() {
        host.counts("log", Map.of("log.slowed.millis", 1_500L));

        assertEquals(List.of("bolide_log_slowed_seconds_total 1.5"), host.lines("bolide_log_slowed_seconds_total"));
    }

    @Test
    void shouldShowWhatTheTableDoesNotKnow() {
        host.counts("receiver.public", Map.of("receiver.public.new.count", 9L));
        host.counts("somebody", Map.of("somebody.counts", 1L));

        assertEquals(List.of("bolide_other{component=\"receiver.public\",count=\"new.count\"} 9.0",
                "bolide_other{component=\"somebody\",count=\"counts\"} 1.0"), host.lines("bolide_other"));
    }

    @Test
    void shouldAddUpTwoOfOneName() {
        host.counts("intake", Map.of("intake.accepted", 7L));
        host.counts("intake", Map.of("intake.accepted", 2L));

        assertTrue(host.lines("bolide_events_total").contains("bolide_events_total{result=\"accepted\"} 9.0"));
    }
}
