package org.bolide.filtering;

import static java.util.Objects.requireNonNull;

/** An evaluation that came to no verdict: an error that depends on the event, or the end of what it may cost. */
public final class EvaluationException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String kind;
    private final boolean overrun;

    private EvaluationException(String kind, String message, boolean overrun) {
        // Without a stack trace: a stranger's filter may throw for each event.
        super(requireNonNull(message), null, false, false);
        this.kind = requireNonNull(kind);
        this.overrun = overrun;
    }

    /**
     * @param kind what is the same for all errors of this kind, such as an error code
     * @param message for people
     */
    public static EvaluationException failed(String kind, String message) {
        return new EvaluationException(kind, message, false);
    }

    /** The evaluation was ended because it cost too much. */
    public static EvaluationException overran(String message) {
        return new EvaluationException("overrun", message, true);
    }

    String kind() {
        return kind;
    }

    public boolean isOverrun() {
        return overrun;
    }
}
