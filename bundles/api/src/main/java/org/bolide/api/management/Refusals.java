package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/** The newest events that were not taken. Registered by the broker, which remembers some hundreds since its start. */
@ProviderType
public interface Refusals {

    /** The newest refusals, newest first. Does not block. */
    List<Refusal> newest(int max);

    /**
     * Why an event was refused, in a word: the label of a metric.
     */
    enum Kind {
        /** It is no well-formed XML, has a document type declaration, or exceeds a limit. */
        MALFORMED,
        /** No vocabulary knows its root element. */
        UNKNOWN,
        /** It is not what its schema says. */
        INVALID,
        /** A rule of the owner, or another validator, does not let it in. */
        RULE
    }

    /**
     * One refusal.
     *
     * @param at when
     * @param source who brought the event, for people
     * @param identifier the event's own, as far as it could be read
     * @param bytes the event's length
     * @param kind why, in a word
     * @param reason why, as its author was told
     */
    record Refusal(Instant at, String source, Optional<String> identifier, int bytes, Kind kind, String reason) {}
}
