package org.bolide.shell.command;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Reader;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Connections.Uplink;
import org.bolide.api.management.Gaps;
import org.bolide.api.management.Gaps.Gap;
import org.bolide.api.management.Streams;

/** {@code remotes}: the brokers that this one subscribes to, and when nothing could come from them. */
final class RemotesCommand implements Command {

    private static final Grammar GRAMMAR = Grammar.of("remotes", Form.shows("list"), Form.shows("gaps"));
    private static final double SECONDS_A_DAY = 86_400;

    /** How many events were missed in a gap: counted, or estimated by the usual rate. */
    private record Missed(Gap gap, OptionalLong events, boolean isEstimate) {}

    private final Services services;
    private final Clock clock;

    RemotesCommand(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) {
        if (call.word().equals("gaps")) {
            gaps(call);
        } else {
            list(call);
        }
        return 0;
    }

    static List<Connection> remotes(Services services) {
        return services.all(Connections.class).stream().flatMap(each -> each.connections().stream())
                .filter(each -> each.role() == Role.REMOTE_BROKER).sorted(Comparator.comparing(Connection::component)).toList();
    }

    private void list(Call call) {
        List<Connection> remotes = remotes(services);
        if (remotes.isEmpty() && !call.wantsJson()) {
            call.out().println("This broker subscribes to no other.");
            return;
        }
        call.show(listing(), remotes);
        if (!call.wantsJson() && services.all(Gaps.class).stream().anyMatch(gaps -> !gaps.gaps().isEmpty())) {
            call.out().println("When nothing could come, and what was missed: bolide remotes gaps");
        }
    }

    private Listing<Connection> listing() {
        return new Listing<Connection>()
                .column("Remote", "name", Connection::component)
                .json("address", Connection::address)
                .json("identifier", Connection::peerIdentifier)
                .json("connected", Connection::connected)
                .json("since", Connection::since)
                .column(">First", "events", Connection::events)
                .column(">Later", "duplicates", Connection::duplicates)
                .column(">Refused", "refused", Connection::refused)
                .column(">Heard", "lastHeard", Connection::lastHeard, each -> Listing.shown(each.lastHeard().map(this::ago)))
                .json("connects", each -> each.uplink().map(Uplink::connects))
                .json("lastFailure", each -> each.uplink().flatMap(Uplink::lastFailure))
                .json("clockAheadSeconds", each -> each.uplink().flatMap(Uplink::clockAhead))
                .json("place", each -> each.reader().flatMap(Reader::place))
                .json("filters", each -> each.reader().map(Reader::filters).orElse(List.of()))
                .json("filterFault", each -> each.reader().flatMap(Reader::filterFault))
                .shown("Address and state", each -> Screen.line(each.address()) + ", " + state(each, clock.instant()));
    }

    private Duration ago(Instant time) {
        return ago(time, clock.instant());
    }

    private static Duration ago(Instant time, Instant now) {
        Duration ago = Duration.between(time, now);
        return ago.isNegative() ? Duration.ZERO : ago;
    }

    /** The state in words. */
    static String state(Connection remote, Instant now) {
        StringBuilder text = new StringBuilder(remote.connected() ? "connected for " : "DOWN for ").append(Screen.duration(ago(remote.since(), now)));
        Optional<Uplink> uplink = remote.uplink();
        uplink.filter(link -> link.connects() > 1).ifPresent(link ->
                text.append(", ").append(Screen.count(link.connects() - 1, "reconnect")));
        uplink.filter(link -> !remote.connected()).flatMap(Uplink::lastFailure).ifPresent(why -> text.append(": ").append(why));
        remote.reader().flatMap(Reader::filterFault).ifPresent(fault -> text.append(", FILTER REFUSED: ").append(fault));
        uplink.flatMap(Uplink::clockAhead).filter(ahead -> ahead.abs().toSeconds() >= 2).ifPresent(ahead ->
                text.append(", its clock is ").append(Screen.duration(ahead.abs())).append(ahead.isNegative() ? " behind" : " ahead"));
        return Screen.line(text.toString());
    }

    private void gaps(Call call) {
        List<Missed> all = services.all(Gaps.class).stream().flatMap(each -> each.gaps().stream())
                .sorted(Comparator.comparing(Gap::from).reversed()).map(this::missed).toList();
        if (call.wantsJson()) {
            call.show(new Listing<Missed>()
                    .json("remote", each -> each.gap().remote())
                    .json("from", each -> each.gap().from())
                    .json("until", each -> each.gap().until())
                    .json("missed", each -> each.gap().missed())
                    .json("missedEstimate", each -> each.isEstimate() ? each.events() : OptionalLong.empty()), all);
        } else if (all.isEmpty()) {
            call.out().println("There was no gap: something could come from every remote broker all the time.");
        } else {
            all.forEach(each -> call.out().println(Screen.wrap(sentence(each))));
        }
    }

    private Missed missed(Gap gap) {
        if (gap.missed().isPresent()) {
            return new Missed(gap, gap.missed(), false);
        }
        Duration length = ago(gap.from(), gap.until().orElse(clock.instant()));
        OptionalLong estimate = services.find(Streams.class).stream().flatMap(streams -> streams.streams().stream())
                .filter(each -> each.kind() == Streams.Kind.REMOTE && each.name().equals(gap.remote()) && each.perDay().isPresent())
                .mapToLong(each -> Math.round(each.perDay().getAsDouble() * length.toSeconds() / SECONDS_A_DAY)).findFirst();
        return new Missed(gap, estimate, true);
    }

    private String sentence(Missed missed) {
        Gap gap = missed.gap();
        String when = "between " + Screen.second(gap.from()) + " and " + gap.until().map(Screen::second).orElse("now") + " UTC ("
                + Screen.duration(ago(gap.from(), gap.until().orElse(clock.instant()))) + ")";
        String what;
        if (missed.events().isEmpty()) {
            what = "you may have missed events " + when + "; how many cannot be known";
        } else if (missed.isEstimate()) {
            what = "you missed about " + Screen.count(missed.events().getAsLong(), "event") + " " + when + ", by its usual rate";
        } else if (missed.events().getAsLong() == 0) {
            what = "you missed nothing " + when + ": it was sent later";
        } else {
            what = "you missed " + Screen.count(missed.events().getAsLong(), "event") + " " + when;
        }
        return Screen.line(gap.remote() + ": " + what + ".");
    }
}
