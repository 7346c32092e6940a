package org.bolide.shell.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import org.bolide.api.EventLog;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Reader;
import org.bolide.api.management.Connections.Role;

/** {@code clients}: the subscribers and authors that are connected, and those who have gone. */
final class ClientsCommand implements Command {

    private static final Listing<Departure> GONE = new Listing<Departure>()
            .column("At (UTC)", "at", Departure::at, gone -> Screen.second(gone.at()))
            .column("Role", "role", gone -> role(gone.role()))
            .column("Address", "address", Departure::address)
            .json("name", Departure::name)
            .json("component", Departure::component)
            .json("byItself", Departure::wanted)
            .column("Who and why", "reason", Departure::reason, gone -> Screen.line(gone.name().map(name -> name + ": ").orElse("") + gone.reason()));

    private final Services services;
    private final Clock clock;
    private final ClientActs acts;
    private final Grammar grammar;

    ClientsCommand(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
        acts = new ClientActs(services, clock);
        List<Form> forms = new ArrayList<>(List.of(Form.shows("list"), Form.shows("gone")));
        forms.addAll(acts.forms());
        grammar = new Grammar("clients", forms);
    }

    @Override
    public Grammar grammar() {
        return grammar;
    }

    @Override
    public int run(Call call) throws Refusal {
        switch (call.word()) {
            case "list" -> list(call);
            case "gone" -> gone(call);
            default -> {
                return acts.run(call);
            }
        }
        return 0;
    }

    /** Of subscribers and authors, the one that is connected for longest first. */
    static List<Connection> clients(Services services, Role role) {
        return services.all(Connections.class).stream().flatMap(each -> each.connections().stream())
                .filter(each -> each.role() == role).sorted(Comparator.comparing(Connection::since)).toList();
    }

    /** Of subscribers and authors, the newest first. */
    static List<Departure> departures(Services services) {
        return services.all(Connections.class).stream().flatMap(each -> each.departures().stream())
                .filter(each -> each.role() != Role.REMOTE_BROKER).sorted(Comparator.comparing(Departure::at).reversed()).toList();
    }

    static String role(Role role) {
        return role.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void gone(Call call) {
        List<Departure> gone = departures(services);
        if (gone.isEmpty() && !call.wantsJson()) {
            call.out().println("Nobody has gone since the start.");
        } else {
            call.show(GONE, gone);
        }
    }

    private void list(Call call) {
        List<Connection> subscribers = clients(services, Role.SUBSCRIBER);
        List<Connection> authors = clients(services, Role.AUTHOR);
        if (call.wantsJson()) {
            List<Connection> all = new ArrayList<>(subscribers);
            all.addAll(authors);
            call.show(forScripts(), all);
            return;
        }
        if (subscribers.isEmpty() && authors.isEmpty()) {
            call.out().println("No subscriber and no author is connected." + (departures(services).isEmpty() ? ""
                    : " Who was, and why no more: bolide clients gone"));
        }
        if (!subscribers.isEmpty()) {
            call.out().println(Screen.count(subscribers.size(), "subscriber"));
            subscribers().table(subscribers).print(call.out());
        }
        if (!authors.isEmpty()) {
            call.out().println(Screen.count(authors.size(), "author"));
            authors().table(authors).print(call.out());
        }
    }

    private Duration ago(Instant time) {
        Duration ago = Duration.between(time, clock.instant());
        return ago.isNegative() ? Duration.ZERO : ago;
    }

    private Listing<Connection> subscribers() {
        return new Listing<Connection>()
                .shown("Address", each -> Screen.line(each.address()))
                .shown(">Connected", each -> Screen.duration(ago(each.since())))
                .shown(">Sent", each -> Screen.number(each.events()))
                .shown(">Unacked", each -> Listing.shown(each.reader().map(Reader::unacknowledged)))
                .shown(">Lag", each -> Listing.shown(lag(each)))
                .shown(">Last ack", each -> Listing.shown(each.reader().flatMap(Reader::lastAcknowledged).map(this::ago)))
                .shown("Who, and what it wants", ClientsCommand::who);
    }

    private static String who(Connection subscriber) {
        List<String> parts = new ArrayList<>();
        Optional<Reader> reader = subscriber.reader();
        reader.flatMap(Reader::name).ifPresent(name -> parts.add("\"" + name + "\""));
        subscriber.peerIdentifier().ifPresent(parts::add);
        reader.flatMap(Reader::filterFault).ifPresent(fault -> parts.add("FILTER REFUSED: " + fault));
        List<String> filters = reader.map(Reader::filters).orElse(List.of());
        parts.add(filters.isEmpty() ? "everything" : String.join(" or ", filters));
        return Screen.line(String.join(", ", parts)).strip().replaceAll(" +", " ");
    }

    private Listing<Connection> authors() {
        return new Listing<Connection>()
                .shown("Address", each -> Screen.line(each.address()))
                .shown(">Connected", each -> Screen.duration(ago(each.since())))
                .shown(">Accepted", each -> Screen.number(each.events()))
                .shown(">Duplicate", each -> Screen.number(each.duplicates()))
                .shown(">Refused", each -> Screen.number(each.refused()))
                .shown(">Last heard", each -> Listing.shown(each.lastHeard().map(this::ago)))
                .shown("At", each -> Screen.line(each.component()));
    }

    private Listing<Connection> forScripts() {
        return new Listing<Connection>()
                .json("role", each -> role(each.role()))
                .json("component", Connection::component)
                .json("address", Connection::address)
                .json("identifier", Connection::peerIdentifier)
                .json("name", each -> each.reader().flatMap(Reader::name))
                .json("since", Connection::since)
                .json("lastHeard", Connection::lastHeard)
                .json("events", Connection::events)
                .json("duplicates", Connection::duplicates)
                .json("refused", Connection::refused)
                .json("unacknowledged", each -> each.reader().map(Reader::unacknowledged))
                .json("lastAcknowledged", each -> each.reader().flatMap(Reader::lastAcknowledged))
                .json("place", each -> each.reader().flatMap(Reader::place))
                .json("lag", this::lag)
                .json("filters", each -> each.reader().map(Reader::filters).orElse(List.of()))
                .json("filterFault", each -> each.reader().flatMap(Reader::filterFault));
    }

    /** How many sequences its place is behind the newest event. */
    private OptionalLong lag(Connection each) {
        Optional<Long> place = each.reader().flatMap(Reader::place);
        Optional<EventLog> log = services.find(EventLog.class);
        return place.isPresent() && log.isPresent() ? OptionalLong.of(Math.max(0, log.get().latest() - place.get())) : OptionalLong.empty();
    }
}
