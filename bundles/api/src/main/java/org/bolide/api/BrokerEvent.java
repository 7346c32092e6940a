package org.bolide.api;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One event of the log. Immutable and safe for use by any number of threads; no method blocks.
 */
@ProviderType
public interface BrokerEvent {

    /** The event's place in this node's log: strictly increasing, starting at 1, with gaps. */
    long sequence();

    /** What the vocabulary read from the event. */
    EventHeader header();

    /** A fresh read-only view of the bytes exactly as they were received, prolog and trailing comments included. */
    ByteBuffer content();

    /** Who brought the event, for people: an address such as {@code 192.0.2.7:41234}, a remote broker, a bundle. */
    String source();

    /** When the broker had received the event whole, by its own clock. */
    Instant receivedAt();

    /**
     * What is wrong with the event though it was accepted, one sentence each; empty for a faultless event. Only events
     * of remote brokers have faults: their authors cannot be told.
     */
    List<String> faults();

    /**
     * Something computed from this event, made at most once while the event is in memory and then shared: its tree, its
     * encoded frame, the verdicts of filters.
     *
     * @param type the key: a class that the caller owns, so that two bundles never share a slot by accident
     * @param make computes the value; must be pure, must not return null, may be called on any reader's thread and again
     *     after the event was read from disk anew
     */
    <T> T derived(Class<T> type, Function<BrokerEvent, T> make);
}
