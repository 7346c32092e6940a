package org.bolide.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.bolide.api.EventLog;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Counters;
import org.bolide.api.management.Filters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Latencies;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.management.Streams;

/** The services that a test puts in. */
final class TestHost implements Host {

    final List<Named<Counters>> counters = new ArrayList<>();
    final List<Named<Latencies>> latencies = new ArrayList<>();
    final List<Named<Connections>> connections = new ArrayList<>();
    final List<HealthCheck> checks = new ArrayList<>();
    Optional<Lanes> lanes = Optional.empty();
    Optional<Filters> filters = Optional.empty();
    Optional<Streams> streams = Optional.empty();
    Optional<EventLog> log = Optional.empty();
    Optional<BrokerRun> run = Optional.empty();

    void counts(String component, Map<String, Long> counts) {
        SortedMap<String, Long> sorted = new TreeMap<>(counts);
        counters.add(new Named<>(component, () -> sorted));
    }

    LatencyHistogram time(String component, String name) {
        LatencyHistogram histogram = new LatencyHistogram();
        latencies.add(new Named<>(component, () -> new TreeMap<>(Map.of(name, histogram))));
        return histogram;
    }

    void problem(Weight weight, String subject, String text) {
        checks.add(() -> List.of(new Problem(weight, subject, text, Optional.empty(), Optional.of("log"))));
    }

    /** The start is complete. */
    void started() {
        run = Optional.of(new BrokerRun() {
            @Override
            public String version() {
                return "1.2.3";
            }

            @Override
            public Instant since() {
                return Instant.EPOCH;
            }

            @Override
            public OptionalLong command() {
                return OptionalLong.empty();
            }
        });
    }

    /** The lines of the text format that begin so. */
    List<String> lines(String... beginnings) {
        Health health = new Health(this);
        return lines(new Survey(this, health), beginnings);
    }

    static List<String> lines(Survey survey, String... beginnings) {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new Prometheus(survey::take));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ExpositionFormats.init().findWriter(null).write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8).lines()
                .filter(line -> Arrays.stream(beginnings).anyMatch(line::startsWith)).toList();
    }

    @Override
    public List<Named<Counters>> counters() {
        return counters;
    }

    @Override
    public List<Named<Latencies>> latencies() {
        return latencies;
    }

    @Override
    public List<Named<Connections>> connections() {
        return connections;
    }

    @Override
    public List<HealthCheck> checks() {
        return checks;
    }

    @Override
    public Optional<Lanes> lanes() {
        return lanes;
    }

    @Override
    public Optional<Filters> filters() {
        return filters;
    }

    @Override
    public Optional<Streams> streams() {
        return streams;
    }

    @Override
    public Optional<EventLog> log() {
        return log;
    }

    @Override
    public Optional<BrokerRun> run() {
        return run;
    }
}
