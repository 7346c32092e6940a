package org.bolide.shell.command;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import com.google.gson.JsonElement;
import org.bolide.api.management.Filters;
import org.bolide.api.management.Filters.Match;
import org.bolide.api.management.Filters.Trial;

/**
 * {@code filter-test}: which of the events of the last days pass a filter. Interrupted, it tells of those tried until then, and
 * leaves the flag set.
 */
final class FilterTestCommand implements Command {

    private static final Grammar GRAMMAR = Grammar.of("filter-test",
            Form.shows("").option("--days", "N", Values.ANY).option("--language", "LANGUAGE", Values.of("xpath", "xquery"))
                    .option("--matches", "N", Values.ANY).operand("the filter, in single quotes", Values.ANY));

    private final Services services;
    private final Clock clock;

    FilterTestCommand(Services services, Clock clock) {
        this.services = services;
        this.clock = clock;
    }

    @Override
    public Grammar grammar() {
        return GRAMMAR;
    }

    @Override
    public int run(Call call) throws Refusal {
        int days = call.number("--days", 30);
        int matches = call.number("--matches", 10);
        if (days < 1) {
            throw call.wrong("--days is 1 or more, not " + days);
        }
        Filters filters = services.need(Filters.class);
        String text = call.operand(0);
        Trial trial = WrongFilter.tried(text, () ->
                filters.test(call.option("--language").orElse("xpath"), text, clock.instant().minus(Duration.ofDays(days)), matches));
        boolean interrupted = Thread.interrupted();
        PrintStream out = call.out();
        try {
            if (call.wantsJson()) {
                call.show(json(trial, interrupted));
                return 0;
            }
            if (interrupted) {
                // Whoever interrupted has the prompt back already.
                out.println();
                out.println(trial.events() == 0 ? "Ended before any event was tried." : "Ended early; tried were the newest:");
            }
            if (!interrupted) {
                print(trial, "in " + Screen.count(days, "day"), out);
            } else if (trial.events() > 0) {
                print(trial, "since " + onDay(trial.since()), out);
            }
            return 0;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static JsonElement json(Trial trial, boolean interrupted) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("events", trial.events());
        fields.put("passed", trial.passed());
        fields.put("failed", trial.failed());
        fields.put("overran", trial.overran());
        fields.put("endedEarly", interrupted);
        fields.put("since", trial.since());
        fields.put("newest", new Listing<Match>().json("sequence", Match::sequence).json("receivedAt", Match::receivedAt)
                .json("identifier", Match::identifier).json(trial.newest()));
        return Json.of(fields);
    }

    private static void print(Trial trial, String when, PrintStream out) {
        String events = Screen.count(trial.events(), "event") + " " + when;
        if (trial.events() == 0) {
            out.println("There is no event to try the filter on: the log has received none " + when + ".");
        } else if (trial.passed() == 0) {
            out.println(trial.events() == 1 ? "The one event " + when + " does not pass." : "None of " + events + " passes.");
        } else {
            out.println(Screen.number(trial.passed()) + " of " + events + (trial.passed() == 1 ? " passes" : " pass")
                    + trial.newest().stream().findFirst().map(last -> lastOn(last, trial.passed())).orElse("") + ".");
        }
        if (trial.failed() > 0) {
            out.println("At " + Screen.count(trial.failed(), "event") + " the filter ended in an error, which does not pass.");
        }
        if (trial.overran()) {
            out.println("The filter costs too much: at one event or more it was ended. A subscriber would lose it.");
        }
        if (!trial.newest().isEmpty()) {
            Table table = new Table(">Seq.", "Received (UTC)", "IVOID");
            // So narrow that the longest IVOIDs of the network, of 75 characters, stay whole.
            trial.newest().forEach(match -> table.row(Long.toString(match.sequence()), Screen.minute(match.receivedAt()),
                    Screen.line(match.identifier().orElse("-"))));
            table.print(out);
            long older = trial.passed() - trial.newest().size();
            if (older > 0) {
                out.println("and " + Screen.number(older) + " older; --matches=NUMBER shows more");
            }
        }
    }

    private static String lastOn(Match last, long passed) {
        return (passed == 1 ? ", received on " : ", the last on ") + onDay(last.receivedAt());
    }

    private static String onDay(Instant time) {
        return Screen.second(time).replace(" ", " at ") + " UTC";
    }
}
