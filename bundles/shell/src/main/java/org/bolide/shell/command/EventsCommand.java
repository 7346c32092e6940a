package org.bolide.shell.command;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.SkyPosition;
import org.bolide.api.management.Refusals;

/** {@code events}: the log's events, newest first; one of them whole; and those that were refused. */
final class EventsCommand implements Command {

    private static final int LIMIT = 20;
    private static final int MAX_LIMIT = 10_000;
    private static final int BATCH = 500;

    private static final Grammar GRAMMAR = Grammar.of("events",
            Form.shows("list").option("--part", "TEXT", Values.ANY).option("--stream", "STREAM", Values.ANY)
                    .option("--role", "ROLE", Values.of("observation", "prediction", "utility", "test"))
                    .option("--since", "TIME", Values.ANY).option("--until", "TIME", Values.ANY)
                    .option("--cone", "RA,DEC,RADIUS", Values.ANY).option("--limit", "N", Values.ANY).option("--before", "SEQUENCE", Values.ANY),
            Form.shows("show").flag("--xml").operand("the event's IVOID or sequence", Values.ANY),
            Form.shows("refused").option("--limit", "N", Values.ANY));

    private static final Listing<Refusals.Refusal> REFUSED = new Listing<Refusals.Refusal>()
            .column("At (UTC)", "at", Refusals.Refusal::at, refusal -> Screen.second(refusal.at()))
            .column("Kind", "kind", refusal -> kind(refusal.kind()))
            .column("From", "source", Refusals.Refusal::source)
            .json("identifier", Refusals.Refusal::identifier)
            .json("bytes", Refusals.Refusal::bytes)
            .column("Event, and why", "reason", Refusals.Refusal::reason, refusal -> Screen.line(
                    refusal.identifier().orElse("(without an IVOID, " + Screen.bytes(refusal.bytes()) + ")") + ": " + refusal.reason()));

    private final Services services;

    EventsCommand(Services services) {
        this.services = services;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal, InterruptedException {
        try {
            switch (call.word()) {
                case "show" -> new EventSheet(services).show(call);
                case "refused" -> refused(call);
                default -> list(call);
            }
            return 0;
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + Screen.line(String.valueOf(e.getCause().getMessage())), e);
        }
    }

    static String kind(Refusals.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static int limit(Call call) throws Refusal {
        int limit = call.number("--limit", LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw call.wrong("--limit is 1 to " + Screen.number(MAX_LIMIT) + ", not " + limit);
        }
        return limit;
    }

    private void refused(Call call) throws Refusal {
        List<Refusals.Refusal> refused = services.need(Refusals.class).newest(limit(call));
        if (refused.isEmpty() && !call.wantsJson()) {
            call.out().println("No event has been refused since the start.");
        } else {
            call.show(REFUSED, refused);
        }
    }

    private void list(Call call) throws Refusal, InterruptedException {
        EventLog log = services.need(EventLog.class);
        int limit = limit(call);
        EventQuery query = query(call);
        long before = before(call);
        List<BrokerEvent> found = new ArrayList<>();
        boolean isEnd = false;
        while (found.size() <= limit && !isEnd) {
            int wanted = Math.min(BATCH, limit + 1 - found.size());
            List<BrokerEvent> page = log.search(query, found.isEmpty() ? before : found.get(found.size() - 1).sequence(), wanted);
            found.addAll(page);
            isEnd = page.size() < wanted;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        List<BrokerEvent> shown = found.subList(0, Math.min(limit, found.size()));
        if (shown.isEmpty() && !call.wantsJson()) {
            call.out().println(log.latest() == 0 ? "The log has no events yet." : "No event of the log is like that.");
            return;
        }
        call.show(listing(query.criteria(EventQuery.Cone.class).findFirst()), shown);
        if (found.size() > limit && !call.wantsJson()) {
            call.out().println("There are more; the next page: add --before=" + shown.get(limit - 1).sequence());
        }
    }

    private static EventQuery query(Call call) throws Refusal {
        Optional<String> cone = call.option("--cone");
        List<EventQuery.Criterion> criteria = new ArrayList<>();
        call.option("--part").map(EventQuery.IdentifierPart::new).ifPresent(criteria::add);
        call.option("--stream").map(stream -> new EventQuery.OfStream(Set.of(stream))).ifPresent(criteria::add);
        call.option("--role").map(role -> new EventQuery.OfRole(Set.of(role))).ifPresent(criteria::add);
        call.time("--since").map(EventQuery.ReceivedSince::new).ifPresent(criteria::add);
        call.time("--until").map(EventQuery.ReceivedBefore::new).ifPresent(criteria::add);
        if (cone.isPresent()) {
            criteria.add(Sky.cone(call, cone.get()));
        }
        return new EventQuery(criteria);
    }

    private static long before(Call call) throws Refusal {
        Optional<String> before = call.option("--before");
        if (before.isPresent() && !before.get().matches("\\d{1,18}")) {
            throw call.wrong("--before is a sequence, not \"" + Screen.line(before.get()) + "\"");
        }
        return before.map(Long::parseLong).orElse(Long.MAX_VALUE);
    }

    private static Listing<BrokerEvent> listing(Optional<EventQuery.Cone> cone) {
        Listing<BrokerEvent> listing = new Listing<BrokerEvent>()
                .column(">Seq.", "sequence", BrokerEvent::sequence, event -> Long.toString(event.sequence()))
                .column("Received (UTC)", "receivedAt", BrokerEvent::receivedAt)
                .json("role", event -> event.header().role());
        if (cone.isEmpty()) {
            listing.shown("Role", event -> Screen.line(event.header().role().map(EventsCommand::brief).orElse("-")));
        } else {
            listing.shown(">RA, Dec", event -> event.header().position().map(Sky::brief).orElse("-"))
                    .column(">Off", "offsetDegrees", event -> event.header().position().map(position -> Sky.distance(cone.get(), position)),
                            event -> event.header().position().map(at -> "%.2f°".formatted(Sky.distance(cone.get(), at))).orElse("-"));
        }
        return listing
                .column("IVOID", "identifier", event -> event.header().identifier(),
                        event -> Screen.line(event.header().identifier().orElse("- (" + event.header().root().getLocalPart() + ")")))
                .json("stream", event -> event.header().stream())
                .json("source", BrokerEvent::source)
                .json("author", event -> event.header().author())
                .json("authoredAt", event -> event.header().authoredAt())
                .json("observedAt", event -> event.header().observedAt())
                .json("position", event -> event.header().position().map(EventsCommand::position))
                .json("citations", event -> citations(event.header()))
                .json("bytes", event -> event.content().remaining())
                .json("faults", BrokerEvent::faults);
    }

    /** The roles of VOEvent 2.0, section 3.1, so that a line has room for its IVOID. */
    private static String brief(String role) {
        return switch (role) {
            case "observation" -> "obs";
            case "prediction" -> "pred";
            case "utility" -> "util";
            default -> Screen.cut(role, 4);
        };
    }

    static Map<String, Object> position(SkyPosition at) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("longitude", at.longitude());
        fields.put("latitude", at.latitude());
        fields.put("errorRadius", at.errorRadius());
        fields.put("frame", at.frame());
        return fields;
    }

    static List<Map<String, Object>> citations(EventHeader header) {
        return header.citations().stream().map(citation -> {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("identifier", citation.identifier());
            fields.put("relation", citation.relation());
            return fields;
        }).collect(Collectors.toList());
    }

    /** All that is known of an event, for scripts. */
    static Listing<BrokerEvent> forScripts() {
        return listing(Optional.empty());
    }

    /** A time for people, to the second. */
    static String time(Instant time) {
        return Screen.second(time) + " UTC";
    }
}
