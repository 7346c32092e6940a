package org.bolide.shell.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.management.Bans;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.management.Filters;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.LogMaintenance;
import org.bolide.api.management.Refusals;
import org.bolide.api.management.Rules;
import org.bolide.api.management.Streams;
import org.bolide.api.management.Users;

/** What commands work with, as far as it runs just now. */
public interface Services {

    /** All the services of a type, in no order that matters. */
    <T> List<T> all(Class<T> type);

    /** The service of a type of which there is one at most. */
    default <T> Optional<T> find(Class<T> type) {
        return all(type).stream().findFirst();
    }

    /** The service, or why the command cannot be carried out. */
    default <T> T need(Class<T> type) throws Refusal {
        return find(type).orElseThrow(() -> new Refusal("Not now: " + what(type) + " does not run. The log file says why."));
    }

    private static String what(Class<?> type) {
        String log = "the event log";
        String broker = "the broker (the bundle org.bolide.broker)";
        Map<Class<?>, String> known = Map.ofEntries(
                Map.entry(EventIntake.class, log),
                Map.entry(EventLog.class, log),
                Map.entry(LogMaintenance.class, log),
                Map.entry(Lanes.class, broker),
                Map.entry(DeadLetters.class, broker),
                Map.entry(Refusals.class, broker),
                Map.entry(Filters.class, "the evaluation of filters (the bundle org.bolide.filtering)"),
                Map.entry(Rules.class, "the bundle org.bolide.rules"),
                Map.entry(Streams.class, "the bundle org.bolide.watch"),
                Map.entry(Bans.class, "the bundle org.bolide.transport"),
                Map.entry(Users.class, "the bundle org.bolide.users"));
        return known.getOrDefault(type, "the service " + type.getSimpleName());
    }
}
