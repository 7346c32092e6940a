package org.bolide.metrics;

import java.util.List;
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

/** Cannot even say what there is. */
record BrokenHost(Host rest) implements Host {

    @Override
    public List<HealthCheck> checks() {
        throw new IllegalStateException("broken on purpose");
    }

    @Override
    public List<Named<Counters>> counters() {
        return rest.counters();
    }

    @Override
    public List<Named<Latencies>> latencies() {
        return rest.latencies();
    }

    @Override
    public List<Named<Connections>> connections() {
        return rest.connections();
    }

    @Override
    public Optional<Lanes> lanes() {
        return rest.lanes();
    }

    @Override
    public Optional<Filters> filters() {
        return rest.filters();
    }

    @Override
    public Optional<Streams> streams() {
        return rest.streams();
    }

    @Override
    public Optional<EventLog> log() {
        return rest.log();
    }

    @Override
    public Optional<BrokerRun> run() {
        return rest.run();
    }
}
