package org.bolide.metrics;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.EventLog;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Counters;
import org.bolide.api.management.Filters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Latencies;
import org.bolide.api.management.Streams;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.CollectionType;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Follows what the bundles tell of themselves, and shows it by JMX and to a {@link MetricsServer}. Opens no port. Safe for any
 * number of threads.
 */
@Component(service = Meters.class, immediate = true)
public final class Meters implements Host {

    // The component runtime sets these after the constructor, and each anew when a service comes or goes.
    @Reference(service = Counters.class, collectionType = CollectionType.TUPLE, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    private volatile List<Map.Entry<Map<String, Object>, Counters>> counters = List.of();

    @Reference(service = Latencies.class, collectionType = CollectionType.TUPLE, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    private volatile List<Map.Entry<Map<String, Object>, Latencies>> latencies = List.of();

    @Reference(service = Connections.class, collectionType = CollectionType.TUPLE, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    private volatile List<Map.Entry<Map<String, Object>, Connections>> connections = List.of();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<HealthCheck> checks = List.of();

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Lanes lanes;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Filters filters;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile Streams streams;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile EventLog log;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    private volatile BrokerRun run;

    private final Exposition exposition;

    @Activate
    public Meters() {
        exposition = new Exposition(this);
    }

    @Deactivate
    void release() {
        exposition.close();
    }

    Exposition exposition() {
        return exposition;
    }

    @Override
    public List<Named<Counters>> counters() {
        return named(counters);
    }

    @Override
    public List<Named<Latencies>> latencies() {
        return named(latencies);
    }

    @Override
    public List<Named<Connections>> connections() {
        return named(connections);
    }

    private static <T> List<Named<T>> named(List<Map.Entry<Map<String, Object>, T>> services) {
        return services.stream()
                .map(entry -> new Named<>(String.valueOf(entry.getKey().getOrDefault("bolide.component", "unnamed")), entry.getValue()))
                .toList();
    }

    @Override
    public List<HealthCheck> checks() {
        return checks;
    }

    @Override
    public Optional<Lanes> lanes() {
        return Optional.ofNullable(lanes);
    }

    @Override
    public Optional<Filters> filters() {
        return Optional.ofNullable(filters);
    }

    @Override
    public Optional<Streams> streams() {
        return Optional.ofNullable(streams);
    }

    @Override
    public Optional<EventLog> log() {
        return Optional.ofNullable(log);
    }

    @Override
    public Optional<BrokerRun> run() {
        return Optional.ofNullable(run);
    }
}
