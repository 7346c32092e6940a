package org.bolide.api;

import static java.util.Objects.requireNonNull;

/**
 * A reference from one event to another.
 *
 * @param identifier the identifier of the event referred to
 * @param relation what the citing event is to it; in a VOEvent {@code followup}, {@code supersedes} or
 *     {@code retraction} (VOEvent 2.0, section 3.6); empty where the event does not say
 */
public record Citation(String identifier, String relation) {

    public Citation {
        requireNonNull(identifier);
        requireNonNull(relation);
    }
}
