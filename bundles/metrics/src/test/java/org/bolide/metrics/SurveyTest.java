package org.bolide.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import org.bolide.api.Explanation;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Filters;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.management.Streams;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SurveyTest {

    private final TestHost host = new TestHost();

    @Test
    void shouldGiveHistogramsInSecondsAndCumulative() {
        LatencyHistogram admit = host.time("intake", "admit");
        admit.record(Duration.ofNanos(50_000).toNanos());
        admit.record(Duration.ofMillis(3).toNanos());
        admit.record(Duration.ofMillis(4).toNanos());
        admit.record(Duration.ofSeconds(90).toNanos());

        List<String> lines = host.lines("bolide_admit_seconds", "# TYPE bolide_admit_seconds");

        assertEquals("# TYPE bolide_admit_seconds histogram", lines.get(0));
        assertTrue(lines.contains("bolide_admit_seconds_bucket{le=\"1.0E-4\"} 1"), lines.toString());
        assertTrue(lines.contains("bolide_admit_seconds_bucket{le=\"0.0025\"} 1"), lines.toString());
        assertTrue(lines.contains("bolide_admit_seconds_bucket{le=\"0.005\"} 3"), lines.toString());
        assertTrue(lines.contains("bolide_admit_seconds_bucket{le=\"60.0\"} 3"), lines.toString());
        assertTrue(lines.contains("bolide_admit_seconds_bucket{le=\"+Inf\"} 4"), lines.toString());
        assertTrue(lines.contains("bolide_admit_seconds_count 4"), lines.toString());
        assertTrue(lines.contains("bolide_admit_seconds_sum 90.00705"), lines.toString());
    }

    @Test
    void shouldNameWhoseTimesTheyAre() {
        host.time("intake", "handle.save-event").record(1);
        host.time("broadcaster.public", "deliver").record(1);
        host.time("somebody", "nap").record(1);

        assertEquals(List.of("bolide_deliver_seconds_count{broadcaster=\"public\"} 1",
                "bolide_handle_seconds_count{handler=\"save-event\"} 1",
                "bolide_other_seconds_count{component=\"somebody\",time=\"nap\"} 1"),
                host.lines("bolide_deliver_seconds_count", "bolide_handle_seconds_count", "bolide_other_seconds_count"));
    }

    @Test
    void shouldTellPeersWithoutTheirAddresses() {
        connections("broadcaster.public", Connections.Role.SUBSCRIBER, true, 3);
        connections("subscription.gcn", Connections.Role.REMOTE_BROKER, false, 0);

        List<String> lines = host.lines("bolide_");

        assertTrue(lines.contains("bolide_clients{component=\"broadcaster.public\",role=\"subscriber\"} 1.0"), lines.toString());
        assertTrue(lines.contains("bolide_unacknowledged_events{broadcaster=\"public\"} 3.0"), lines.toString());
        assertTrue(lines.contains("bolide_remote_connected{remote=\"gcn\"} 0.0"), lines.toString());
        assertTrue(lines.stream().noneMatch(line -> line.contains("192.0.2.7")), lines.toString());
    }

    private void connections(String component, Connections.Role role, boolean connected, long unacknowledged) {
        Connections.Connection peer = new Connections.Connection(role, component, "192.0.2.7:4711", Optional.empty(), connected, Instant.EPOCH,
                Optional.empty(), 0, 0, 0, Optional.of(new Connections.Reader(Optional.of("n"), Optional.of(4L), unacknowledged,
                        Optional.empty(), List.of(), Optional.empty())),
                Optional.of(new Connections.Uplink(2, Optional.empty(), Optional.of(Duration.ofMillis(-250)))));
        host.connections.add(new Host.Named<>(component, new Connections() {
            @Override
            public Endpoint endpoint() {
                return new Endpoint(component, role, "192.0.2.7:8099", "ivo://x");
            }

            @Override
            public List<Connection> connections() {
                return List.of(peer);
            }

            @Override
            public List<Departure> departures() {
                return List.of();
            }

            @Override
            public int close(String who, String reason) {
                return 0;
            }
        }));
    }

    @Test
    void shouldTellWhatALaneDoes() {
        host.lanes = Optional.of(new Lanes() {
            @Override
            public List<LaneStatus> lanes() {
                return List.of(new LaneStatus("save-event", "b", State.RETRYING, 40, 2, 39, 1, 5, 1, Optional.empty(), Optional.empty()));
            }

            @Override
            public void pause(String handler) {
                throw new IllegalArgumentException(handler);
            }

            @Override
            public void resume(String handler) {
                throw new IllegalArgumentException(handler);
            }

            @Override
            public long move(String handler, ReaderSpec.Start to) {
                throw new IllegalArgumentException(handler);
            }

            @Override
            public OptionalLong skip(String handler) {
                return OptionalLong.empty();
            }
        });

        List<String> lines = host.lines("bolide_lane");

        assertTrue(lines.contains("bolide_lane_lag_events{handler=\"save-event\"} 2.0"), lines.toString());
        assertTrue(lines.contains("bolide_lane_state{handler=\"save-event\",state=\"retrying\"} 1.0"), lines.toString());
        assertTrue(lines.contains("bolide_lane_state{handler=\"save-event\",state=\"running\"} 0.0"), lines.toString());
        assertTrue(lines.contains("bolide_lane_events_total{handler=\"save-event\",result=\"dead-letter\"} 1.0"), lines.toString());
    }

    @Test
    void shouldNotForgetWhatFiltersCostThatAreGone() {
        List<Filters.FilterStatus> inUse = new ArrayList<>();
        host.filters = Optional.of(new Filters() {
            @Override
            public List<FilterStatus> filters() {
                return List.copyOf(inUse);
            }

            @Override
            public Trial test(String language, String text, Instant since, int maxMatches) {
                throw new IllegalArgumentException(text);
            }

            @Override
            public Optional<Explanation> explain(String language, String text, long sequence) {
                return Optional.empty();
            }
        });
        Survey survey = new Survey(host, new Health(host));
        inUse.add(new Filters.FilterStatus("xpath", "a", 1, 1, 0, 0, Duration.ofSeconds(3)));
        assertEquals(List.of("bolide_filter_seconds_total{language=\"xpath\"} 3.0"), TestHost.lines(survey, "bolide_filter_seconds"));

        inUse.clear();
        inUse.add(new Filters.FilterStatus("xpath", "b", 1, 1, 0, 0, Duration.ofSeconds(1)));
        assertEquals(List.of("bolide_filter_seconds_total{language=\"xpath\"} 4.0"), TestHost.lines(survey, "bolide_filter_seconds"));

        inUse.clear();
        assertEquals(List.of("bolide_filter_seconds_total{language=\"xpath\"} 4.0", "bolide_filters{language=\"xpath\"} 0.0"),
                TestHost.lines(survey, "bolide_filter_seconds", "bolide_filters{"));
    }

    @Test
    void shouldTellWhichStreamIsSilent() {
        host.streams = Optional.of(new Streams() {
            @Override
            public List<StreamStatus> streams() {
                return List.of(new StreamStatus(Kind.STREAM, "ivo://nasa/SWIFT", 12, 3, Instant.ofEpochMilli(1_500), Optional.empty(),
                        OptionalDouble.empty(), Optional.empty(), true));
            }

            @Override
            public boolean forget(Kind kind, String name) {
                return false;
            }
        });

        assertEquals(List.of("bolide_stream_events_total{kind=\"stream\",stream=\"ivo://nasa/SWIFT\"} 12.0",
                "bolide_stream_last_event_timestamp_seconds{kind=\"stream\",stream=\"ivo://nasa/SWIFT\"} 1.5",
                "bolide_stream_silent{kind=\"stream\",stream=\"ivo://nasa/SWIFT\"} 1.0"), host.lines("bolide_stream"));
    }

    @Test
    void shouldTellHowItIs() {
        host.problem(Weight.WARNING, "clock", "The clock is wrong.");
        assertTrue(host.lines("bolide_").containsAll(List.of("bolide_ready 0.0", "bolide_problems{weight=\"not-ready\"} 1.0")));

        host.started();

        List<String> lines = host.lines("bolide_");
        assertTrue(lines.containsAll(List.of("bolide_ready 1.0", "bolide_problems{weight=\"warning\"} 1.0",
                "bolide_problems{weight=\"not-ready\"} 0.0", "bolide_problems{weight=\"not-live\"} 0.0")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("bolide_info{") && line.contains("version=\"1.2.3\"")), lines.toString());
    }

    @Test
    void shouldShowTheOthersWhenOneFails() {
        host.counters.add(new Host.Named<>("broken", () -> {
            throw new IllegalStateException("broken on purpose");
        }));
        host.checks.add(() -> {
            throw new IllegalStateException("broken on purpose");
        });
        host.counts("intake", Map.of("intake.accepted", 7L));

        List<String> lines = host.lines("bolide_");

        assertTrue(lines.contains("bolide_events_total{result=\"accepted\"} 7.0"), lines.toString());
        assertTrue(lines.contains("bolide_scrape_failures_total 1.0"), lines.toString());
        assertTrue(lines.contains("bolide_problems{weight=\"warning\"} 1.0"), lines.toString());
    }
}
