package org.bolide.api.management;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.osgi.annotation.versioning.ProviderType;

/**
 * What comes, how often, and what has fallen silent. Registered by the bundle that watches; what it has learned is kept across
 * restarts.
 */
@ProviderType
public interface Streams {

    /** The streams, and the remote brokers that bring them, the one heard last first. Does not block. */
    List<StreamStatus> streams();

    /**
     * Forgets a stream that will not come any more, with its alarm. May wait for the disk.
     *
     * @return whether it was known
     */
    boolean forget(Kind kind, String name);

    /** Whose events are counted. */
    enum Kind {
        /** Of {@link org.bolide.api.EventHeader#stream()}. */
        STREAM,
        /** That a remote broker has brought, whether first or not. */
        REMOTE
    }

    /**
     * One stream, or remote broker.
     *
     * @param name the stream's, or the subscription's: {@code subscription.gcn}
     * @param events counted since it is known
     * @param today of them in the last 24 hours
     * @param last when the last one came
     * @param lastIdentifier that one's
     * @param perDay the usual rate; empty while too little is known
     * @param alarmAfter the longest silence that is still usual; empty while too little is known
     * @param silent whether it has been silent for longer than that
     */
    record StreamStatus(
            Kind kind,
            String name,
            long events,
            long today,
            Instant last,
            Optional<String> lastIdentifier,
            OptionalDouble perDay,
            Optional<Duration> alarmAfter,
            boolean silent) {}
}
