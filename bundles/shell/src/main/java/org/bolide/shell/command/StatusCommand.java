package org.bolide.shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Endpoint;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.LogMaintenance;
import org.bolide.api.management.LogMaintenance.LogState;
import org.bolide.api.management.Refusals;
import org.bolide.api.management.Streams;
import org.bolide.api.management.Streams.StreamStatus;
import org.bolide.api.store.DeadLetter;

/**
 * {@code status}: how the broker does, in one screen. Its exit status is that of the plug-ins of Nagios and its kin: 0 when all is
 * in order, 1 with a warning, 2 when the broker cannot do what it was started for; and 3, as of {@code systemctl status}, when none runs.
 */
final class StatusCommand implements Command {

    static final int NOT_RUNNING = 3;

    private static final Grammar GRAMMAR = Grammar.of("status", Form.shows(""));
    static final int MAX_DEAD_LETTERS = 100;

    private final Services services;
    private final Clock clock;
    private final Supplier<Machine> machine;

    StatusCommand(Services services, Clock clock) {
        this(services, clock, Machine::now);
    }

    StatusCommand(Services services, Clock clock, Supplier<Machine> machine) {
        this.services = services;
        this.clock = clock;
        this.machine = machine;
    }

    /** What was found, all at one time; what does not run is empty. */
    record Status(
            Instant now,
            Machine machine,
            Optional<BrokerRun> run,
            List<Problem> problems,
            List<Endpoint> endpoints,
            List<Connection> connections,
            List<Departure> dropped,
            Optional<Counts> events,
            Optional<Map<String, Long>> refused,
            Optional<List<StreamStatus>> streams,
            Optional<List<LaneStatus>> lanes,
            Optional<List<DeadLetter>> deadLetters,
            Optional<LogState> log,
            OptionalLong freeBytes) {

        int exit() {
            return problems.isEmpty() ? 0 : problems.get(0).weight() == Weight.WARNING ? 1 : 2;
        }
    }

    /** Events received. */
    record Counts(long minute, long hour, long day) {}

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal {
        Optional<BrokerRun> run = services.find(BrokerRun.class);
        if (run.isPresent() && run.get().command().isPresent()) {
            call.caller().err().println("What its event log holds: bolide log");
            return NOT_RUNNING;
        }
        try {
            Status status = read(run);
            if (call.wantsJson()) {
                call.show(StatusJson.of(status));
            } else {
                new StatusSheet(status, new Sheet(call.out())).print();
            }
            return status.exit();
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + Screen.line(String.valueOf(e.getCause().getMessage())), e);
        } catch (IOException e) {
            throw new Refusal("The log cannot be read: " + Screen.line(String.valueOf(e.getMessage())), e);
        }
    }

    private Status read(Optional<BrokerRun> run) throws IOException {
        Instant now = clock.instant();
        Instant dayAgo = now.minus(Duration.ofDays(1));
        List<Connections> connections = services.all(Connections.class);
        Optional<LogState> log = Optional.empty();
        if (services.find(LogMaintenance.class).isPresent()) {
            log = Optional.of(services.find(LogMaintenance.class).get().state());
        }
        Optional<List<DeadLetter>> deadLetters = Optional.empty();
        if (services.find(DeadLetters.class).isPresent()) {
            deadLetters = Optional.of(services.find(DeadLetters.class).get().list(0, MAX_DEAD_LETTERS));
        }
        return new Status(now, machine.get(), run, problems(),
                connections.stream().map(Connections::endpoint).sorted(Comparator.comparing(Endpoint::component)).toList(),
                connections.stream().flatMap(each -> each.connections().stream()).sorted(Comparator.comparing(Connection::component)).toList(),
                ClientsCommand.departures(services).stream().filter(gone -> !gone.wanted() && gone.at().isAfter(dayAgo)).toList(),
                services.find(EventLog.class).map(events -> counts(events, now)),
                services.find(Refusals.class).map(refusals -> byKind(refusals, dayAgo)),
                services.find(Streams.class).map(Streams::streams),
                services.find(Lanes.class).map(Lanes::lanes),
                deadLetters, log, log.map(state -> Machine.freeBytes(state.place())).orElse(OptionalLong.empty()));
    }

    private List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (services.find(EventLog.class).isEmpty()) {
            problems.add(new Problem(Weight.NOT_READY, "log", "the event log does not run, so no event is taken or sent: the log file says why",
                    Optional.empty(), Optional.empty()));
        }
        for (HealthCheck check : services.all(HealthCheck.class)) {
            try {
                problems.addAll(check.problems());
            } catch (RuntimeException e) {
                problems.add(new Problem(Weight.WARNING, check.getClass().getSimpleName(), "cannot tell whether all is in order: " + e, Optional.empty(),
                        Optional.empty()));
            }
        }
        problems.sort(Comparator.comparing(Problem::weight).thenComparing(problem -> problem.since().orElse(Instant.EPOCH)));
        return problems;
    }

    private static Counts counts(EventLog log, Instant now) {
        return new Counts(log.count(EventQuery.all().since(now.minusSeconds(60))), log.count(EventQuery.all().since(now.minusSeconds(3_600))),
                log.count(EventQuery.all().since(now.minus(Duration.ofDays(1)))));
    }

    private static Map<String, Long> byKind(Refusals refusals, Instant since) {
        Map<String, Long> kinds = new TreeMap<>();
        refusals.newest(Integer.MAX_VALUE).stream().filter(refusal -> refusal.at().isAfter(since))
                .forEach(refusal -> kinds.merge(EventsCommand.kind(refusal.kind()), 1L, Long::sum));
        return kinds;
    }
}
