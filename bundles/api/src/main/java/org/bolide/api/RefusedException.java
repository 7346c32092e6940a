package org.bolide.api;

import static java.util.Objects.requireNonNull;

/** Thrown by an {@link EventValidator}: the event may not enter the log. */
public class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message why, for the event's author */
    public RefusedException(String message) {
        super(requireNonNull(message));
    }
}
