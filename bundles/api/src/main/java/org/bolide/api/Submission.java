package org.bolide.api;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * An event on its way into the broker.
 *
 * @param content one XML document, exactly as received; the caller must not change the bytes any more
 * @param origin decides what becomes of an event with faults
 * @param source who brings it, for people; see {@link BrokerEvent#source()}
 * @param connection events with the same connection enter the log in the order in which they were submitted
 * @param keep how long the event stays in the log; empty for the log's own retention
 * @param quiet whether the event only enters the log: nobody is told of it, see {@link EventReader#poll}
 */
public record Submission(
        ByteBuffer content, Origin origin, String source, String connection, Optional<Duration> keep, boolean quiet) {

    /** From whom the broker has an event. */
    public enum Origin {
        /** From its author, who is told what is wrong with it: an event with faults is refused. */
        AUTHOR,
        /** From another broker, whose author cannot be told: faults are recorded and the event passes. */
        BROKER
    }

    public Submission {
        content = content.asReadOnlyBuffer();
        requireNonNull(origin);
        requireNonNull(source);
        requireNonNull(connection);
        requireNonNull(keep);
    }

    /** An event from its author. */
    public static Submission fromAuthor(ByteBuffer content, String source) {
        return new Submission(content, Origin.AUTHOR, source, source, Optional.empty(), false);
    }

    /** An event from another broker. */
    public static Submission fromBroker(ByteBuffer content, String source) {
        return new Submission(content, Origin.BROKER, source, source, Optional.empty(), false);
    }

    /** The same with another {@link #connection()}. */
    public Submission on(String otherConnection) {
        return new Submission(content, origin, source, otherConnection, keep, quiet);
    }

    /** The same, kept in the log for the given time instead of the log's retention. */
    public Submission keptFor(Duration time) {
        return new Submission(content, origin, source, connection, Optional.of(time), quiet);
    }

    /** The same, for the log only: an archive is taken in, and nobody shall take it for news. */
    public Submission quietly() {
        return new Submission(content, origin, source, connection, keep, true);
    }
}
