package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ConsumerType;

import static java.util.Objects.requireNonNull;

/**
 * To whom an event went, and what became of it there. Registered by each component that hands events on, with the service property
 * {@code bolide.component}; each remembers the newest deliveries since its start, as many as fit a fixed amount of memory. No method
 * waits for the disk or the network.
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
        /** A subscriber has not answered this one but a later one, which settles it: it will not be sent again. */
        SETTLED,
        /** A handler could not handle it: a dead letter. */
        BURIED
    }

    /**
     * One event on its way to one receiver. Who is sent an event again, because it had not answered, has one more of these.
     *
     * @param component who handed it on: {@code broadcaster.public}, {@code handler}
     * @param receiver the handler's name, or the one under which the subscriber is remembered; of a subscriber without one its address and
     *     port
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
