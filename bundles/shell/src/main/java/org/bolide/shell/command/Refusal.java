package org.bolide.shell.command;

/** Why a command does nothing. The message is for the person who gave it, of one line or several, ready to be shown. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    public Refusal(String message) {
        super(message);
    }

    public Refusal(String message, Throwable cause) {
        super(message, cause);
    }
}
