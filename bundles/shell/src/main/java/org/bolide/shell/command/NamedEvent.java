package org.bolide.shell.command;

import java.io.UncheckedIOException;
import java.util.List;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;

/** An event as people name it: by its sequence, or by its identifier, then the newest one of that name. */
final class NamedEvent {

    private static final int MAX_SAME_NAME = 10_000;

    private NamedEvent() {}

    /** Its sequence; of one that is named by that, whether the log holds it or not. */
    static long sequence(String name, EventLog log) throws Refusal {
        if (name.matches("\\d{1,18}")) {
            return Long.parseLong(name);
        }
        try {
            List<BrokerEvent> events = log.withIdentifier(name, MAX_SAME_NAME);
            if (events.isEmpty()) {
                throw new Refusal(Screen.wrap("The log holds no event " + Screen.line(name) + ". An event is named by its IVOID or its sequence."));
            }
            return events.get(events.size() - 1).sequence();
        } catch (UncheckedIOException e) {
            throw new Refusal("The log cannot be read: " + Screen.line(e.getCause().getMessage()), e);
        }
    }

    /** The event itself. */
    static BrokerEvent find(String name, EventLog log) throws Refusal {
        long sequence = sequence(name, log);
        return log.search(EventQuery.all(), sequence + 1, 1).stream().filter(event -> event.sequence() == sequence).findFirst()
                .orElseThrow(() -> missing(sequence, log));
    }

    static Refusal missing(long sequence, EventLog log) {
        return new Refusal("The log holds no event with the sequence " + sequence + "; the newest has " + log.latest() + ".");
    }
}
