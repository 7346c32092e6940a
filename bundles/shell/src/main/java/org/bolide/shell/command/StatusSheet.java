package org.bolide.shell.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Endpoint;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.State;
import org.bolide.api.management.LogMaintenance.LogState;
import org.bolide.api.management.Streams.Kind;
import org.bolide.api.management.Streams.StreamStatus;
import org.bolide.api.store.DeadLetter;

/** The screen of {@code status}: what is wrong first, then one line for each thing, each with the command that shows more. */
final class StatusSheet {

    private static final int MAX_PROBLEMS = 6;
    private static final int MAX_OF_A_KIND = 4;
    private static final String NO_LOG = "not known: the event log does not run";

    private final StatusCommand.Status status;
    private final Sheet sheet;

    StatusSheet(StatusCommand.Status status, Sheet sheet) {
        this.status = status;
        this.sheet = sheet;
    }

    void print() {
        head();
        problems();
        events();
        roles();
        remotes();
        handlers();
        streams();
        log();
    }

    private String ago(Instant time) {
        Duration ago = Duration.between(time, status.now());
        return Screen.duration(ago.isNegative() ? Duration.ZERO : ago);
    }

    private void head() {
        Machine machine = status.machine();
        Optional<BrokerRun> run = status.run();
        String identifier = status.endpoints().stream().map(Endpoint::identifier).filter(id -> !id.isEmpty()).findFirst().map(id -> ", " + id).orElse("");
        sheet.line("Bolide", run.map(BrokerRun::version).orElse("is starting") + identifier
                + run.map(started -> ", up " + ago(started.since()) + ", since " + EventsCommand.time(started.since())).orElse(""));
        sheet.line("Process", machine.process() + " on Java " + machine.java() + ", heap " + Screen.bytes(machine.heapUsedBytes()) + " of "
                + Screen.bytes(machine.heapMaxBytes()) + ", in " + machine.base());
    }

    private void problems() {
        List<Problem> problems = status.problems();
        if (problems.isEmpty()) {
            sheet.line("Health", "all is in order");
            return;
        }
        for (Problem problem : problems.subList(0, Math.min(MAX_PROBLEMS, problems.size()))) {
            String since = problem.since().map(at -> " (for " + ago(at) + ")").orElse("");
            sheet.line(problem.weight() == Weight.WARNING ? "Warning" : problem.weight().name().replace('_', ' '),
                    problem.subject() + ": " + problem.text() + since, problem.command());
        }
        if (problems.size() > MAX_PROBLEMS) {
            sheet.line("", "and " + (problems.size() - MAX_PROBLEMS) + " more", Optional.of("status --json"));
        }
    }

    private void events() {
        sheet.line("Events", status.events().map(counts -> Screen.number(counts.minute()) + " in the last minute, " + Screen.number(counts.hour())
                + " in the last hour, " + Screen.number(counts.day()) + " in 24 h").orElse(NO_LOG), Optional.of("events").filter(hint -> status.events().isPresent()));
        Map<String, Long> kinds = status.refused().orElse(Map.of());
        long refused = kinds.values().stream().mapToLong(Long::longValue).sum();
        sheet.line("Refused", status.refused().isEmpty() ? "not known: the broker does not run" : refused == 0 ? "none in 24 h"
                : Screen.number(refused) + " in 24 h: " + kinds.entrySet().stream().map(kind -> kind.getValue() + " " + kind.getKey())
                        .collect(Collectors.joining(", ")), Optional.of("events refused").filter(hint -> refused > 0));
    }

    private void roles() {
        List<Endpoint> local = status.endpoints().stream().filter(endpoint -> endpoint.peers() != Role.REMOTE_BROKER).toList();
        if (local.isEmpty()) {
            sheet.line("Clients", "nobody can connect: neither --receive nor --broadcast, and nothing of that kind in etc");
        }
        some(local, "Clients", "clients", endpoint -> {
            boolean areAuthors = endpoint.peers() == Role.AUTHOR;
            long connected = status.connections().stream().filter(each -> each.component().equals(endpoint.component())).count();
            long dropped = status.dropped().stream().filter(gone -> gone.component().equals(endpoint.component())).count();
            sheet.line(label("Clients", endpoint, local), Screen.count(connected, areAuthors ? "author" : "subscriber") + " at " + endpoint.component()
                    + " (" + endpoint.address() + ")" + (dropped > 0 ? "; " + dropped + " cut off or not let in within 24 h" : ""),
                    Optional.of(dropped > 0 ? "clients gone" : "clients").filter(hint -> dropped > 0 || connected > 0));
        });
    }

    private void remotes() {
        List<Connection> remotes = status.connections().stream().filter(each -> each.role() == Role.REMOTE_BROKER)
                .sorted(Comparator.comparing(Connection::connected)).toList();
        some(remotes, "Remotes", "remotes", each -> sheet.line(label("Remotes", each, remotes), each.component() + " (" + each.address() + "), "
                + RemotesCommand.state(each, status.now()) + each.lastHeard().map(at -> ", last heard " + ago(at) + " ago").orElse("")
                + ", first with " + Screen.count(each.events(), "event"), Optional.of("remotes").filter(hint -> !each.connected())));
    }

    private void handlers() {
        if (status.lanes().isEmpty()) {
            sheet.line("Handlers", "not known: the broker does not run");
        }
        List<LaneStatus> lanes = status.lanes().orElse(List.of()).stream()
                .sorted(Comparator.comparing((LaneStatus lane) -> lane.state() == State.RUNNING).thenComparing(LaneStatus::lag, Comparator.reverseOrder()))
                .toList();
        some(lanes, "Handlers", "handlers", lane -> {
            boolean runs = lane.state() == State.RUNNING;
            String state = lane.state().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            sheet.line(label("Handlers", lane, lanes), lane.handler() + ": " + (runs ? state : state.toUpperCase(Locale.ROOT)) + ", lag " + Screen.number(lane.lag())
                    + ", " + Screen.number(lane.handled()) + " handled"
                    + lane.lastFailure().filter(why -> !runs).map(why -> ": " + why).orElse(""), Optional.of("handlers").filter(hint -> !runs));
        });
        List<DeadLetter> dead = status.deadLetters().orElse(List.of());
        if (!dead.isEmpty()) {
            Map<String, Long> byHandler = dead.stream().collect(Collectors.groupingBy(DeadLetter::handler, TreeMap::new, Collectors.counting()));
            sheet.line("Dead", (dead.size() == StatusCommand.MAX_DEAD_LETTERS ? "the oldest " : "") + Screen.count(dead.size(), "dead letter") + ": "
                    + byHandler.entrySet().stream().map(each -> each.getValue() + " of " + each.getKey()).collect(Collectors.joining(", ")),
                    Optional.of("dead-letters"));
        }
    }

    private void streams() {
        if (status.streams().isEmpty()) {
            sheet.line("Streams", "not known: the bundle org.bolide.watch does not run");
            return;
        }
        List<StreamStatus> streams = status.streams().get().stream().filter(each -> each.kind() == Kind.STREAM)
                .sorted(Comparator.comparing((StreamStatus each) -> !each.silent()).thenComparing(StreamStatus::last, Comparator.reverseOrder())).toList();
        if (streams.isEmpty()) {
            sheet.line("Streams", "no event has come yet");
        }
        some(streams, "Streams", "streams", each -> sheet.line(label("Streams", each, streams), each.name() + (each.silent() ? ", SILENT for " : ", last ")
                + ago(each.last()) + (each.silent() ? "" : " ago, " + Screen.number(each.today()) + " in 24 h")
                + (each.perDay().isPresent() ? ", usual " + StreamsCommand.rate(each.perDay()) : ""), Optional.of("streams").filter(hint -> each.silent())));
    }

    private void log() {
        sheet.line("Log", status.log().map(this::log).orElse(NO_LOG), Optional.of("log").filter(hint -> status.log().isPresent()));
    }

    private String log(LogState log) {
        return Screen.count(log.events(), "event") + (log.oldestAt().isPresent() ? " since " + Screen.minute(log.oldestAt().get()) : "") + ", "
                + Screen.bytes(log.diskBytes()) + " on disk"
                + (status.freeBytes().isPresent() ? ", " + Screen.bytes(status.freeBytes().getAsLong()) + " free" : "") + ", " + log.kind();
    }

    /** The first few, and how many more there are. */
    private <T> void some(List<T> items, String label, String command, Consumer<T> print) {
        items.stream().limit(MAX_OF_A_KIND).forEach(print);
        if (items.size() > MAX_OF_A_KIND) {
            sheet.line("", "and " + (items.size() - MAX_OF_A_KIND) + " more", Optional.of(command));
        }
    }

    /** Only the first of a kind has its label. */
    private static <T> String label(String label, T item, List<T> items) {
        return items.get(0) == item ? label : "";
    }
}
