package org.bolide.shell.command;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Filters;
import org.bolide.api.management.Filters.FilterStatus;
import org.bolide.api.management.Filters.Match;
import org.bolide.api.management.Filters.Trial;

/**
 * The commands about filters. Each writes its answer as text; whoever calls them may interrupt the thread. Texts that
 * strangers wrote do nothing to the terminal.
 */
public final class FilterCommands {

    private static final int BATCH = 500;
    private static final int BATCH_BYTES = 4 << 20;

    private final Filters filters;
    private final EventLog log;
    private final Clock clock;

    public FilterCommands(Filters filters, EventLog log, Clock clock) {
        this.filters = filters;
        this.log = log;
        this.clock = clock;
    }

    /** Lists the filters in use, the most expensive first. */
    public void list(PrintStream out) {
        List<FilterStatus> all = filters.filters();
        if (all.isEmpty()) {
            out.println("No filter is in use.");
            return;
        }
        Table table = new Table("Language", ">Evaluated", ">Passed", ">Failed", ">Overran", ">Mean µs", "Filter");
        for (FilterStatus filter : all) {
            table.row(filter.language(), Screen.number(filter.evaluations()), Screen.number(filter.passed()),
                    Screen.number(filter.failed()), Screen.number(filter.overran()), mean(filter), Screen.line(filter.text()).strip().replaceAll(" +", " "));
        }
        table.print(out);
    }

    private static String mean(FilterStatus filter) {
        return filter.evaluations() == 0 ? "-"
                : String.format(Locale.ROOT, "%,.1f", filter.time().toNanos() / 1e3 / filter.evaluations());
    }

    /**
     * Tells which of the events of the last days pass a filter. Interrupted, it tells so of those tried until then, and
     * leaves the flag set.
     *
     * @param days how many; 1 or more
     * @param matches how many of the newest matches to name; 0 or more
     */
    public void test(String language, String text, int days, int matches, PrintStream out) throws Refusal {
        if (days < 1 || matches < 0) {
            throw new Refusal(days < 1 ? "--days is 1 or more, not " + days : "--matches is 0 or more, not " + matches);
        }
        Trial trial = tried(text, () -> filters.test(language, text, clock.instant().minus(Duration.ofDays(days)), matches));
        boolean interrupted = Thread.interrupted();
        try {
            if (interrupted) {
                // Whoever interrupted has the prompt back already.
                out.println();
                out.println("Ended early. Of the events tried until then:");
            }
            print(trial, "in " + Screen.count(days, "day"), out);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
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
        return (passed == 1 ? ", received on " : ", the last on ") + Screen.second(last.receivedAt()).replace(" ", " at ") + " UTC";
    }

    /**
     * Tells why an event passes a filter or not.
     *
     * @param event its sequence, or its identifier, then the newest event of that name
     */
    public void explain(String language, String event, String text, PrintStream out) throws Refusal {
        long sequence = event.matches("\\d{1,18}") ? Long.parseLong(event) : find(event);
        Optional<Explanation> explanation = tried(text, () -> filters.explain(language, text, sequence));
        print(explanation.orElseThrow(() -> new Refusal("The log holds no event with the sequence " + sequence
                + "; the newest has " + log.latest() + ".")), "", out);
    }

    private static void print(Explanation explanation, String indent, PrintStream out) {
        String expression = indent + Screen.line(explanation.expression());
        String result = "→ " + Screen.line(explanation.result());
        int together = Screen.width(expression) + 2 + Screen.width(result);
        if (together <= Screen.WIDTH || Screen.width(expression) <= Screen.WIDTH / 2) {
            out.println(Screen.cut(expression + "  " + result, Screen.WIDTH));
        } else {
            out.println(Screen.cut(expression, Screen.WIDTH));
            out.println(Screen.cut(indent + "    " + result, Screen.WIDTH));
        }
        List<Explanation> parts = explanation.parts();
        // A path of one step is the step.
        while (parts.size() == 1 && parts.get(0).expression().equals(explanation.expression())) {
            parts = parts.get(0).parts();
        }
        parts.forEach(part -> print(part, indent + "  ", out));
    }

    /** The newest event with the identifier. Reads the log, which knows events by their sequence alone. */
    private long find(String identifier) throws Refusal {
        long found = 0;
        try (EventReader reader = log.open(ReaderSpec.from(new ReaderSpec.Start.Earliest()))) {
            List<BrokerEvent> batch = reader.poll(BATCH, BATCH_BYTES);
            while (!batch.isEmpty()) {
                for (BrokerEvent event : batch) {
                    found = event.header().identifier().filter(identifier::equals).isPresent() ? event.sequence() : found;
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new Refusal("Ended early: the event has not been looked for in the whole log.");
                }
                batch = reader.poll(BATCH, BATCH_BYTES);
            }
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + e.getCause().getMessage(), e);
        }
        if (found == 0) {
            throw new Refusal("The log holds no event " + Screen.line(identifier) + ". An event is named by its IVOID or its sequence.");
        }
        return found;
    }

    private interface Attempt<T> {

        T make() throws FilterSyntaxException;
    }

    private static <T> T tried(String text, Attempt<T> attempt) throws Refusal {
        try {
            return attempt.make();
        } catch (FilterSyntaxException e) {
            throw new Refusal(WrongFilter.shown(text, e), e);
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + e.getCause().getMessage(), e);
        }
    }
}
