package org.bolide.api;

import java.time.Instant;

import static java.util.Objects.requireNonNull;

/**
 * What the log can tell of an event without its content. Immutable.
 *
 * @param sequence see {@link BrokerEvent#sequence()}
 * @param header see {@link BrokerEvent#header()}
 * @param source see {@link BrokerEvent#source()}
 * @param receivedAt see {@link BrokerEvent#receivedAt()}
 * @param bytes the length of the content
 * @param cited how many citations of its identifier the log has
 */
public record EventSummary(long sequence, EventHeader header, String source, Instant receivedAt, int bytes, long cited) {

    /** In which order events are listed. Events alike in it come in the order of the log. */
    public enum Order {
        /** Of the log: of their entry. */
        SEQUENCE,
        /** Of the time at which they were written by their authors; those that name none come last. */
        AUTHORED,
        /** Of their identifiers, code point by code point; those without come last. */
        IDENTIFIER
    }

    /**
     * How many events a stream has of a role.
     *
     * @param stream see {@link EventHeader#stream()}
     * @param role the events' role; the empty text for none
     */
    public record Tally(String stream, String role, long events) {

        public Tally {
            requireNonNull(stream);
            requireNonNull(role);
        }
    }

    public EventSummary {
        requireNonNull(header);
        requireNonNull(source);
        requireNonNull(receivedAt);
    }
}
