package org.bolide.shell.command;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.management.Bans;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Counters;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.management.Deliveries;
import org.bolide.api.management.Filters;
import org.bolide.api.management.Gaps;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.LogMaintenance;
import org.bolide.api.management.Refusals;
import org.bolide.api.management.Rules;
import org.bolide.api.management.Streams;
import org.bolide.api.management.Users;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The services that are registered just now. None of them is waited for: a command says what is missing. */
@Component(service = Services.class)
public final class RunningServices implements Services {

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<EventIntake> intakes;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<EventLog> logs;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<BrokerRun> runs;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Bans> bans;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Connections> connections;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Counters> counters;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<DeadLetters> deadLetters;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Deliveries> deliveries;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Filters> filters;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Gaps> gaps;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<HealthCheck> healthChecks;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Lanes> lanes;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<LogMaintenance> maintenance;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Refusals> refusals;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Rules> rules;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Streams> streams;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    volatile List<Users> users;

    private final Map<Class<?>, Supplier<List<?>>> byType = Map.ofEntries(
            Map.entry(EventIntake.class, () -> intakes),
            Map.entry(EventLog.class, () -> logs),
            Map.entry(BrokerRun.class, () -> runs),
            Map.entry(Bans.class, () -> bans),
            Map.entry(Connections.class, () -> connections),
            Map.entry(Counters.class, () -> counters),
            Map.entry(DeadLetters.class, () -> deadLetters),
            Map.entry(Deliveries.class, () -> deliveries),
            Map.entry(Filters.class, () -> filters),
            Map.entry(Gaps.class, () -> gaps),
            Map.entry(HealthCheck.class, () -> healthChecks),
            Map.entry(Lanes.class, () -> lanes),
            Map.entry(LogMaintenance.class, () -> maintenance),
            Map.entry(Refusals.class, () -> refusals),
            Map.entry(Rules.class, () -> rules),
            Map.entry(Streams.class, () -> streams),
            Map.entry(Users.class, () -> users));

    @Override
    public <T> List<T> all(Class<T> type) {
        if (!byType.containsKey(type)) {
            throw new IllegalArgumentException("no reference to " + type.getName());
        }
        return byType.get(type).get().stream().map(type::cast).toList();
    }
}
