package org.bolide.api;

import java.util.List;

import static java.util.Objects.requireNonNull;

/**
 * What a {@link Vocabulary} read from a well-formed document.
 *
 * @param header as far as the document has one
 * @param faults what its schema and its rules forbid, one sentence each with line and column where they are known; empty
 *     for a valid document
 */
public record Reading(EventHeader header, List<String> faults) {

    public Reading {
        requireNonNull(header);
        faults = List.copyOf(faults);
    }
}
