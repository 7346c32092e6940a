package org.bolide.launcher.cli;

/** Ends the program with a status and a text for the caller. */
final class Exit extends Exception {

    private static final long serialVersionUID = 1;

    /** The command line is wrong (sysexits.h). */
    static final int USAGE = 64;
    /** A configuration file is wrong. */
    static final int CONFIGURATION = 78;
    /** The broker cannot run here and now. */
    static final int FAILURE = 1;

    private final int status;

    Exit(int status, String text) {
        super(text);
        this.status = status;
    }

    int status() {
        return status;
    }
}
