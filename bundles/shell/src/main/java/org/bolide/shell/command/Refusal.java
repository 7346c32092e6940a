package org.bolide.shell.command;

/** Why a command does nothing. The message is for the person who gave it, of one line or several, ready to be shown. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    /** The exit status of a command that could not do its work. */
    public static final int FAILED = 1;

    /** The exit status of a command that was given wrongly (sysexits.h). */
    public static final int USAGE = 64;

    private final int status;

    public Refusal(String message) {
        this(message, FAILED, null);
    }

    public Refusal(String message, Throwable cause) {
        this(message, FAILED, cause);
    }

    private Refusal(String message, int status, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The command line is wrong. */
    public static Refusal usage(String message) {
        return new Refusal(message, USAGE, null);
    }

    public int status() {
        return status;
    }
}
