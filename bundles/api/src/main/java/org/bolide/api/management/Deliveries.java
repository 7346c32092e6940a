package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import static java.util.Objects.requireNonNull;

/**
 * To whom an event went, and what became of it there. Registered by each component that hands events on; each remembers the newest
 * ones since its start, as many as fit a fixed amount of memory. No method blocks.
 */
@ConsumerType
public interface Deliveries {

    /** What is remembered of one event, in the order in which it was handed on. Looks through all that is remembered. */
    List<Delivery> of(long sequence);

    /** From when on nothing is forgotten. */
    Instant since();

    /** What the receiver made of it. */
    enum Answer {
        /** Nothing yet, or the connection ended before. */
        NONE,
        /** A subscriber has acknowledged it, or a handler has handled it. */
        ACKNOWLEDGED,
        /** A subscriber answered nak, or a handler did not want it. */
        REFUSED,
        /** A handler could not handle it: a dead letter. */
        BURIED
    }

    /**
     * One event on its way to one receiver.
     *
     * @param component who handed it on: {@code broadcaster.public}, {@code handler}
     * @param receiver the handler's or the subscriber's name; of a subscriber without a name its address and port
     * @param sentAt when it was handed over
     * @param answer what came back
     * @param answeredAt when it came back; empty for {@link Answer#NONE}
     */
    record Delivery(String component, String receiver, Instant sentAt, Answer answer, Optional<Instant> answeredAt) {

        public Delivery {
            requireNonNull(component);
            requireNonNull(receiver);
            requireNonNull(sentAt);
            requireNonNull(answer);
            requireNonNull(answeredAt);
        }
    }
}
