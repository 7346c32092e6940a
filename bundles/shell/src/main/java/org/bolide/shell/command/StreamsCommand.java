package org.bolide.shell.command;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

import org.bolide.api.management.Streams;
import org.bolide.api.management.Streams.StreamStatus;

/** {@code streams}: what comes, how often, and what has fallen silent. */
final class StreamsCommand implements Command {

    private final Services services;
    private final Clock clock;
    private final Grammar grammar;

    StreamsCommand(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
        grammar = Grammar.of("streams", Form.shows("list"), Form.changes("forget").operand("the stream's or remote broker's name",
                Values.from(() -> services.find(Streams.class).map(all -> all.streams().stream().map(StreamStatus::name).distinct().toList())
                        .orElse(List.of()))));
    }

    @Override
    public Grammar grammar() {
        return grammar;
    }

    @Override
    public int run(Call call) throws Refusal {
        if (call.word().equals("forget")) {
            return forget(services.need(Streams.class), call);
        }
        List<StreamStatus> streams = services.need(Streams.class).streams();
        if (streams.isEmpty() && !call.wantsJson()) {
            call.out().println("No stream is known yet: no event has come.");
        } else {
            call.show(listing(), streams);
        }
        return 0;
    }

    private static int forget(Streams streams, Call call) throws Refusal {
        String name = call.operand(0);
        try {
            boolean known = false;
            for (Streams.Kind kind : Streams.Kind.values()) {
                known |= streams.forget(kind, name);
            }
            if (!known) {
                throw new Refusal("No stream is called " + Screen.line(name) + ". \"streams\" lists them.");
            }
        } catch (UncheckedIOException e) {
            throw new Refusal("It cannot be forgotten now: " + Screen.line(e.getCause().getMessage()), e);
        }
        call.done("Forgot " + name + ", with its alarm. If it comes again, it is learned anew.");
        return 0;
    }

    private Listing<StreamStatus> listing() {
        return new Listing<StreamStatus>()
                .column("State", "silent", StreamStatus::silent, each -> each.silent() ? "SILENT" : each.alarmAfter().isPresent() ? "usual" : "learning")
                .column(">24 h", "today", StreamStatus::today)
                .column(">In all", "events", StreamStatus::events)
                .column(">Usual", "perDay", StreamStatus::perDay, each -> rate(each.perDay()))
                .column(">Last", "last", StreamStatus::last, each -> Screen.duration(Duration.between(each.last(), clock.instant())) + " ago")
                .column(">Alarm after", "alarmAfterSeconds", StreamStatus::alarmAfter)
                .json("lastIdentifier", StreamStatus::lastIdentifier)
                .json("kind", each -> each.kind().name().toLowerCase(Locale.ROOT))
                .column("Name", "name", StreamStatus::name);
    }

    /** {@code 12.5/d}; for what is rarer, how often a week or a year. */
    static String rate(OptionalDouble perDay) {
        if (perDay.isEmpty()) {
            return "-";
        }
        double rate = perDay.getAsDouble();
        if (rate >= 1 || rate <= 0) {
            return String.format(Locale.ROOT, rate < 10 ? "%.1f/d" : "%,.0f/d", rate);
        }
        return rate * 7 >= 1 ? String.format(Locale.ROOT, "%.1f/week", rate * 7) : String.format(Locale.ROOT, "%.1f/year", rate * 365.25);
    }
}
