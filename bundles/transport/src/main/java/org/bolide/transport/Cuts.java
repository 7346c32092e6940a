package org.bolide.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;

/** The subscribers that were cut off lately. Safe for any number of threads. */
final class Cuts {

    private static final Duration LATELY = Duration.ofMinutes(10);

    private final String component;
    /** The oldest first. */
    private final Deque<Minute> minutes = new ArrayDeque<>();
    private String newest;

    private record Minute(Instant since, long cuts) {}

    /** @param component whose subscribers they are */
    Cuts(String component) {
        this.component = component;
    }

    /** A subscriber was cut off. */
    synchronized void add(String address, String reason, Instant now) {
        newest = address + " at " + now.truncatedTo(ChronoUnit.SECONDS) + ": " + reason;
        boolean sameMinute = !minutes.isEmpty() && now.isBefore(minutes.getLast().since.plus(1, ChronoUnit.MINUTES));
        Minute before = sameMinute ? minutes.removeLast() : new Minute(now, 0);
        minutes.add(new Minute(before.since, before.cuts + 1));
        forget(now);
    }

    /** What is to be said of them. */
    synchronized Optional<Problem> problem(Instant now) {
        forget(now);
        long cuts = minutes.stream().mapToLong(Minute::cuts).sum();
        return cuts == 0 ? Optional.empty() : Optional.of(new Problem(Weight.WARNING, component + " cuts",
                (cuts == 1 ? "1 subscriber was" : cuts + " subscribers were") + " cut off within the last " + LATELY.toMinutes() + " minutes, the newest, " + newest
                        + "; see whether they, or the network, are too slow",
                Optional.of(minutes.getFirst().since), Optional.of("clients gone")));
    }

    private void forget(Instant now) {
        while (!minutes.isEmpty() && !minutes.getFirst().since.isAfter(now.minus(LATELY))) {
            minutes.removeFirst();
        }
    }
}
