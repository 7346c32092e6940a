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

/** The services that tell something, as far as they are there just now. */
interface Host {

    /**
     * A service.
     *
     * @param component its service property {@code bolide.component}
     */
    record Named<T>(String component, T service) {}

    List<Named<Counters>> counters();

    List<Named<Latencies>> latencies();

    List<Named<Connections>> connections();

    List<HealthCheck> checks();

    Optional<Lanes> lanes();

    Optional<Filters> filters();

    Optional<Streams> streams();

    Optional<EventLog> log();

    Optional<BrokerRun> run();
}
