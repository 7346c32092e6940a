package org.bolide.eventstore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.bolide.api.management.HealthCheck;

/** What is wrong with the log. */
final class LogHealth implements HealthCheck {

    private final String place;
    private final LogWriter writer;
    private final LogSizes sizes;
    private final Optional<Problem> damage;

    /**
     * As the log is opened.
     *
     * @param place of the log
     * @param damage what the check of the newest events found, as a sentence; nothing mends that while the broker runs
     */
    LogHealth(String place, LogWriter writer, LogSizes sizes, Optional<String> damage) {
        this.place = place;
        this.writer = writer;
        this.sizes = sizes;
        Instant now = Instant.now();
        this.damage = damage.map(text -> new Problem(Weight.WARNING, "log.damage", text, Optional.of(now), Optional.of("log check")));
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        writer.failing().ifPresent(failing -> problems.add(new Problem(Weight.NOT_READY, "log",
                "No event can be taken in: " + failing.reason(), Optional.of(failing.since()), Optional.of("log"))));
        Optional<LogSizes.Space> space = sizes.space();
        sizes.littleSince().ifPresent(since -> space.ifPresent(now -> problems.add(new Problem(Weight.WARNING, "log.disk",
                String.format(Locale.ROOT, "The disk of the event log in %s has only %,d MB of %,d MB left: free some space there, or lower"
                        + " keepDays or maxBytes of %s.", place, now.free() / 1_000_000, now.total() / 1_000_000, JdbcEventStore.PID),
                Optional.of(since), Optional.of("log")))));
        damage.ifPresent(problems::add);
        return problems;
    }
}
