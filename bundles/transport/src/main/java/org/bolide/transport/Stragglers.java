package org.bolide.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is still to be waited for before a broadcaster closes: that those who keep up have acknowledged what the log has. Who was
 * far behind when that began is not waited for, nor who does nothing for a second. Used by one thread.
 */
final class Stragglers {

    private static final long KEEPS_UP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long target;
    /** Those who are waited for. */
    private final Map<SubscriberLink, Step> waiting = new HashMap<>();

    /**
     * How far a subscriber has come.
     *
     * @param since when, by {@link System#nanoTime}
     */
    private record Step(long done, long sequence, long waitingBytes, long since) {

        static Step of(SubscriberLink link, long now) {
            return new Step(link.done(), link.sequence(), link.waitingBytes(), now);
        }

        boolean isBefore(Step other) {
            return done != other.done || sequence != other.sequence || waitingBytes != other.waitingBytes;
        }
    }

    /**
     * @param links the subscribers
     * @param target the log's newest event
     */
    Stragglers(Set<Link> links, long target, long now) {
        this.target = target;
        for (Link link : links) {
            SubscriberLink subscriber = (SubscriberLink) link;
            if (subscriber.lagNanos(now) < KEEPS_UP_NANOS) {
                waiting.put(subscriber, Step.of(subscriber, now));
            }
        }
    }

    /** Whether nobody is to be waited for any longer. */
    boolean isDone(long now) {
        waiting.keySet().removeIf(link -> link.isOver() || link.done() >= target);
        waiting.replaceAll((link, before) -> {
            Step step = Step.of(link, now);
            return before.isBefore(step) ? step : before;
        });
        waiting.values().removeIf(step -> now - step.since > STUCK_NANOS);
        return waiting.isEmpty();
    }

    /** How many are waited for. */
    int waiting() {
        return waiting.size();
    }
}
