package org.bolide.shell.command;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.api.management.Bans;
import org.bolide.api.management.Bans.Ban;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;

/** What an operator does to clients: the acting part of {@code clients}. */
final class ClientActs {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|min|m|h|d)");

    private static final Listing<Ban> BANS = new Listing<Ban>()
            .column("Network", "network", Ban::network)
            .column("Since (UTC)", "since", Ban::since)
            .column("Until (UTC)", "until", Ban::until)
            .column(">Turned away", "refused", Ban::refused)
            .column("Why", "reason", Ban::reason);

    private final Services services;
    private final Clock clock;

    ClientActs(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    /** The forms, for the grammar. */
    List<Form> forms() {
        Values peers = Values.from(() -> services.all(Connections.class).stream().flatMap(each -> each.connections().stream())
                .filter(Connection::connected).map(Connection::address).toList());
        Values networks = Values.from(() -> services.all(Bans.class).stream().flatMap(bans -> bans.bans().stream()).map(Ban::network).toList());
        return List.of(
                Form.changes("close").operand("the client's address or name", peers),
                Form.changes("ban").option("--for", "DURATION", Values.of("1h", "1d", "7d")).option("--reason", "TEXT", Values.ANY)
                        .operand("the network, such as 192.0.2.7 or 192.0.2.0/24", Values.ANY),
                Form.shows("bans"),
                Form.changes("unban").operand("the network", networks));
    }

    int run(Call call) throws Refusal {
        try {
            switch (call.word()) {
                case "close" -> close(call);
                case "ban" -> ban(call);
                case "unban" -> unban(call);
                default -> bans(call);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw new Refusal(Screen.wrap(Screen.line(e.getMessage())), e);
        } catch (UncheckedIOException e) {
            throw new Refusal("The ban cannot be kept, so nothing was changed: " + Screen.line(e.getCause().getMessage()), e);
        }
    }

    private void close(Call call) throws Refusal {
        String peer = call.operand(0);
        int closed = services.all(Connections.class).stream().mapToInt(each -> each.close(peer, "closed by " + call.caller().user())).sum();
        if (closed == 0) {
            throw new Refusal("Nobody is connected from " + Screen.line(peer) + " or under that name. \"clients\" shows who is.");
        }
        call.done("Closed " + Screen.count(closed, "connection") + " of " + peer + ". It may connect again; \"clients ban\" keeps it out.");
    }

    private void ban(Call call) throws Refusal {
        Optional<String> time = call.option("--for");
        Optional<Instant> until = time.isEmpty() ? Optional.empty() : Optional.of(until(time.get(), call));
        int closed = services.need(Bans.class).ban(call.operand(0), until, call.option("--reason").orElse(""));
        call.done(call.operand(0) + " is kept out " + until.map(end -> "until " + Screen.second(end) + " UTC").orElse("until \"clients unban\"")
                + (closed == 0 ? "." : "; " + Screen.count(closed, "connection") + " closed."));
    }

    private Instant until(String text, Call call) throws Refusal {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw call.wrong("--for takes a time such as 90s, 30min, 12h or 7d, not \"" + Screen.line(text) + "\"");
        }
        long number = Long.parseLong(matcher.group(1));
        Duration time = switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofMinutes(number);
        };
        try {
            return clock.instant().plus(time);
        } catch (DateTimeException e) {
            throw call.wrong("--for is too long");
        }
    }

    private void unban(Call call) throws Refusal {
        if (!services.need(Bans.class).lift(call.operand(0))) {
            throw new Refusal("There is no ban of " + Screen.line(call.operand(0)) + ". \"clients bans\" lists them.");
        }
        call.done(call.operand(0) + " may connect again, as far as the allow-lists let it.");
    }

    private void bans(Call call) throws Refusal {
        List<Ban> bans = services.need(Bans.class).bans();
        if (bans.isEmpty() && !call.wantsJson()) {
            call.out().println("Nobody is banned.");
        } else {
            call.show(BANS, bans);
        }
    }
}
