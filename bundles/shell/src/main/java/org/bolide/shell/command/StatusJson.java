package org.bolide.shell.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import com.google.gson.JsonElement;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Endpoint;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.LogMaintenance.LogState;
import org.bolide.api.management.Streams.StreamStatus;
import org.bolide.api.store.DeadLetter;

/** The document of {@code status --json}. The other commands tell more of each thing. */
final class StatusJson {

    private static final Listing<Problem> PROBLEMS = new Listing<Problem>()
            .json("weight", problem -> word(problem.weight())).json("subject", Problem::subject).json("text", Problem::text)
            .json("since", Problem::since).json("command", Problem::command);
    private static final Listing<StreamStatus> STREAMS = new Listing<StreamStatus>()
            .json("kind", each -> word(each.kind())).json("name", StreamStatus::name).json("last", StreamStatus::last)
            .json("today", StreamStatus::today).json("perDay", StreamStatus::perDay).json("silent", StreamStatus::silent);
    private static final Listing<LaneStatus> LANES = new Listing<LaneStatus>()
            .json("name", LaneStatus::handler).json("state", lane -> word(lane.state())).json("place", LaneStatus::place)
            .json("lag", LaneStatus::lag).json("handled", LaneStatus::handled).json("lastFailure", LaneStatus::lastFailure);
    private static final Listing<Connection> REMOTES = new Listing<Connection>()
            .json("name", Connection::component).json("address", Connection::address).json("connected", Connection::connected)
            .json("since", Connection::since).json("lastHeard", Connection::lastHeard).json("events", Connection::events);

    private StatusJson() {}

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static JsonElement of(StatusCommand.Status status) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", status.run().map(BrokerRun::version));
        document.put("identifier", status.endpoints().stream().map(Endpoint::identifier).filter(id -> !id.isEmpty()).findFirst());
        document.put("since", status.run().map(BrokerRun::since));
        document.put("process", status.machine().process());
        document.put("java", status.machine().java());
        document.put("base", status.machine().base());
        document.put("heapUsedBytes", status.machine().heapUsedBytes());
        document.put("heapMaxBytes", status.machine().heapMaxBytes());
        document.put("problems", PROBLEMS.json(status.problems()));
        document.put("received", status.events().map(counts -> fields("lastMinute", counts.minute(), "lastHour", counts.hour(), "lastDay", counts.day())));
        document.put("refusedLastDay", status.refused());
        document.put("listeners", new Listing<Endpoint>()
                .json("name", Endpoint::component).json("address", Endpoint::address).json("role", each -> word(each.peers()))
                .json("connected", each -> status.connections().stream().filter(peer -> peer.component().equals(each.component())).count())
                .json("droppedLastDay", each -> status.dropped().stream().filter(gone -> gone.component().equals(each.component())).count())
                .json(status.endpoints().stream().filter(each -> each.peers() != Role.REMOTE_BROKER).toList()));
        document.put("remotes", REMOTES.json(status.connections().stream().filter(each -> each.role() == Role.REMOTE_BROKER).toList()));
        document.put("handlers", status.lanes().map(LANES::json));
        document.put("deadLetters", status.deadLetters().map(List::size));
        document.put("deadLettersByHandler", status.deadLetters().map(letters ->
                letters.stream().collect(Collectors.groupingBy(DeadLetter::handler, Collectors.counting()))));
        document.put("streams", status.streams().map(STREAMS::json));
        document.put("log", status.log().map(log -> log(log, status)));
        return Json.of(document);
    }

    private static Map<String, Object> log(LogState log, StatusCommand.Status status) {
        return fields("kind", log.kind(), "place", log.place(), "events", log.events(), "newest", log.newest(), "diskBytes", log.diskBytes(),
                "freeBytes", status.freeBytes());
    }

    private static Map<String, Object> fields(Object... keysAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return fields;
    }
}
