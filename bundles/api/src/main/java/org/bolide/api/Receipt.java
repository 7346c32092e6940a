package org.bolide.api;

import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * What became of a {@link Submission}. The source turns it into its protocol's answer.
 *
 * @param status what the source is to do
 * @param sequence the event's place in the log if it was accepted, else 0
 * @param identifier the event's identifier as far as it could be read
 * @param reason for people: why the event was refused, or is a duplicate; the faults of one that was accepted with them
 */
public record Receipt(Status status, long sequence, Optional<String> identifier, String reason) {

    /** What the source is to do. */
    public enum Status {
        /** The event is on disk. */
        ACCEPTED,
        /** The same event was on disk before; it is handled no second time. Answer as for ACCEPTED. */
        DUPLICATE,
        /** The event will never be accepted; tell the peer {@link Receipt#reason()}. */
        REFUSED,
        /** Not now: overload, stopping, disk full. Nothing is known of the event; the peer is to try again later. */
        UNAVAILABLE
    }

    public Receipt {
        requireNonNull(status);
        requireNonNull(identifier);
        requireNonNull(reason);
    }
}
