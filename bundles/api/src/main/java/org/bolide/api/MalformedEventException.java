package org.bolide.api;

import static java.util.Objects.requireNonNull;

/** A document that no broker could pass on: not well-formed, with a DTD, or beyond a limit. The message says where. */
public class MalformedEventException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong and where, for the author of the document */
    public MalformedEventException(String message) {
        super(requireNonNull(message));
    }
}
