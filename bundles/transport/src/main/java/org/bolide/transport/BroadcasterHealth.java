package org.bolide.transport;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.bolide.api.management.HealthCheck;

/** What is wrong with a broadcaster and its subscribers. Safe for any number of threads. */
final class BroadcasterHealth implements HealthCheck {

    private static final long FAR_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final String name;
    private final Health listener;
    private final Cuts cuts;
    private final Supplier<Set<Link>> links;

    /** @param links those who are connected */
    BroadcasterHealth(Instance instance, Supplier<Set<Link>> links) {
        this.name = instance.name();
        this.listener = new Health(instance);
        this.cuts = new Cuts(name);
        this.links = links;
    }

    /** What is wrong with any listener. */
    Health listener() {
        return listener;
    }

    /** A subscriber was cut off that did not do its part. */
    void cut(String address, String reason) {
        cuts.add(address, reason, Instant.now());
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(listener.problems());
        cuts.problem(Instant.now()).ifPresent(problems::add);
        behind(FAR_NANOS).ifPresent(problems::add);
        return problems;
    }

    /** The subscribers that are further behind than that. */
    Optional<Problem> behind(long nanos) {
        long now = System.nanoTime();
        List<SubscriberLink> behind = links.get().stream().map(SubscriberLink.class::cast).filter(link -> link.lagNanos(now) > nanos)
                .sorted(Comparator.comparingLong((SubscriberLink link) -> link.lagNanos(now)).reversed()).toList();
        if (behind.isEmpty()) {
            return Optional.empty();
        }
        long minutes = TimeUnit.NANOSECONDS.toMinutes(behind.get(0).lagNanos(now));
        return Optional.of(new Problem(Weight.WARNING, name + " behind", (behind.size() == 1 ? "1 subscriber is" : behind.size() + " subscribers are") + " not done with what the log had "
                + TimeUnit.NANOSECONDS.toMinutes(nanos) + " minutes ago, " + behind.get(0).address + " for " + minutes
                + " minutes; see whether they take and acknowledge events at all", Optional.of(Instant.now().minus(minutes, ChronoUnit.MINUTES)),
                Optional.of("clients")));
    }
}
