package org.bolide.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import org.bolide.api.EventLog;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Filters;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.management.Streams;
import org.bolide.api.management.Streams.StreamStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the services and makes readings of what they say. Safe for any number of threads; does not block. */
final class Survey {

    private static final Logger LOG = LoggerFactory.getLogger(Survey.class);

    private static final double NANOS = 1e-9;

    private final Host host;
    private final Health health;
    private final LongAdder failures = new LongAdder();
    /** Filters come and go; what those that are gone had cost must not be lost to the sum. */
    private final Map<List<String>, Duration> filterTimes = new HashMap<>();
    private final Map<String, Duration> filterTotals = new HashMap<>();

    Survey(Host host, Health health) {
        this.host = host;
        this.health = health;
    }

    Readings take() {
        Readings readings = new Readings();
        part("health", into -> health(into), readings);
        host.run().ifPresent(run -> part("run", into -> run(run, into), readings));
        host.counters().forEach(named -> part(named.component(),
                into -> CounterTable.read(named.component(), named.service().counters(), into), readings));
        host.latencies().forEach(named -> part(named.component(),
                into -> named.service().latencies().forEach((name, times) -> time(named.component(), name, times.read(), into)), readings));
        host.log().ifPresent(log -> part("log", into -> into.highest(Family.SEQUENCE, log.latest()), readings));
        host.connections().forEach(named -> part(named.component(), into -> peers(named.component(), named.service(), into), readings));
        host.lanes().ifPresent(lanes -> part("lanes", into -> lanes(lanes, into), readings));
        host.filters().ifPresent(filters -> part("filters", into -> filters(filters, into), readings));
        host.streams().ifPresent(streams -> part("streams", into -> streams(streams, into), readings));
        readings.add(Family.SCRAPE_FAILURES, failures.sum());
        return readings;
    }

    /** One that cannot tell leaves its figures out, not those of the others. */
    private void part(String component, Consumer<Readings> reading, Readings into) {
        try {
            reading.accept(into);
        } catch (RuntimeException e) {
            failures.increment();
            LOG.warn("{} could not tell its figures; its metrics are missing. This is a defect, please report it", component, e);
        }
    }

    private void health(Readings into) {
        List<Problem> problems = health.problems();
        for (Weight weight : Weight.values()) {
            into.add(Family.PROBLEMS, problems.stream().filter(problem -> problem.weight() == weight).count(), Health.word(weight));
        }
        into.highest(Family.READY, Health.isReady(problems) ? 1 : 0);
    }

    private static void run(BrokerRun run, Readings into) {
        into.highest(Family.RUN, 1, run.version(), System.getProperty("java.version", ""));
    }

    private static void time(String component, String name, LatencyHistogram.Snapshot times, Readings into) {
        if (name.equals("admit")) {
            into.add(Family.ADMIT, times);
        } else if (name.equals("commit")) {
            into.add(Family.COMMIT, times);
        } else if (name.equals("deliver")) {
            into.add(Family.DELIVER, times, CounterTable.name(component));
        } else if (name.startsWith("handle.")) {
            into.add(Family.HANDLE, times, name.substring("handle.".length()));
        } else {
            into.add(Family.OTHER_TIME, times, component, name);
        }
    }

    private void peers(String component, Connections connections, Readings into) {
        String name = CounterTable.name(component);
        Role role = connections.endpoint().peers();
        List<Connection> peers = connections.connections();
        if (role == Role.REMOTE_BROKER) {
            for (Connection peer : peers) {
                into.highest(Family.REMOTE_CONNECTED, peer.connected() ? 1 : 0, name);
                peer.uplink().flatMap(uplink -> uplink.clockAhead())
                        .ifPresent(ahead -> into.highest(Family.REMOTE_CLOCK, ahead.toNanos() * NANOS, name));
            }
            return;
        }
        into.add(Family.CLIENTS, peers.stream().filter(Connection::connected).count(), component, role.name().toLowerCase(Locale.ROOT));
        if (role == Role.SUBSCRIBER) {
            long latest = host.log().map(EventLog::latest).orElse(0L);
            into.add(Family.UNACKNOWLEDGED, 0, name);
            into.highest(Family.SUBSCRIBER_LAG, 0, name);
            peers.stream().flatMap(peer -> peer.reader().stream()).forEach(reader -> {
                into.add(Family.UNACKNOWLEDGED, reader.unacknowledged(), name);
                reader.place().ifPresent(place -> into.highest(Family.SUBSCRIBER_LAG, Math.max(0, latest - place), name));
            });
        }
    }

    private static void lanes(Lanes lanes, Readings into) {
        for (LaneStatus lane : lanes.lanes()) {
            if (lane.state() == Lanes.State.NAME_TAKEN) {
                into.add(Family.LANE_STATE, 1, lane.handler(), word(lane.state())); // the figures are the other one's
                continue;
            }
            for (Lanes.State state : Lanes.State.values()) {
                into.add(Family.LANE_STATE, state == lane.state() ? 1 : 0, lane.handler(), word(state));
            }
            into.highest(Family.LANE_LAG, lane.lag(), lane.handler());
            into.add(Family.LANE_EVENTS, lane.handled(), lane.handler(), "done");
            into.add(Family.LANE_EVENTS, lane.discarded(), lane.handler(), "discarded");
            into.add(Family.LANE_EVENTS, lane.retries(), lane.handler(), "retried");
            into.add(Family.LANE_EVENTS, lane.buried(), lane.handler(), "dead-letter");
        }
    }

    private static String word(Lanes.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private synchronized void filters(Filters filters, Readings into) {
        Map<List<String>, Duration> now = new HashMap<>();
        for (Filters.FilterStatus filter : filters.filters()) {
            into.add(Family.FILTERS, 1, filter.language());
            now.merge(List.of(filter.language(), filter.text()), filter.time(), Duration::plus);
        }
        now.forEach((filter, time) -> {
            Duration before = filterTimes.getOrDefault(filter, Duration.ZERO);
            Duration spent = time.compareTo(before) < 0 ? time : time.minus(before); // the same text, compiled anew
            filterTotals.merge(filter.get(0), spent, Duration::plus);
        });
        filterTimes.clear();
        filterTimes.putAll(now);
        filterTotals.forEach((language, time) -> {
            into.add(Family.FILTERS, 0, language);
            into.add(Family.FILTER_TIME, time.toNanos() * NANOS, language);
        });
    }

    private static void streams(Streams streams, Readings into) {
        for (StreamStatus stream : streams.streams()) {
            String kind = stream.kind().name().toLowerCase(Locale.ROOT);
            into.add(Family.STREAM_EVENTS, stream.events(), kind, stream.name());
            into.highest(Family.STREAM_LAST, stream.last().toEpochMilli() / 1000.0, kind, stream.name());
            into.highest(Family.STREAM_SILENT, stream.silent() ? 1 : 0, kind, stream.name());
        }
    }
}
