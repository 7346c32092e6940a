package org.bolide.shell.command;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** Who gave a command, and from where: a terminal, a script, Karaf's shell. Used by the command's thread. */
public interface Caller {

    /** The user who typed it, for the log: of the machine, or of Karaf's shell. */
    String user();

    /** Where it was typed, for the log: {@code bin/bolide}, {@code Karaf's shell}. */
    String frontEnd();

    /** Whether the caller may do more than look: whoever has the machine's account may. */
    default boolean mayChange() {
        return true;
    }

    /** What is piped into the command. */
    InputStream in();

    /** Whether {@link #in()} is a terminal, where somebody can be asked. */
    boolean isInputTerminal();

    /** For results. */
    PrintStream out();

    /** For progress and remarks. */
    PrintStream err();

    /** Whether {@link #out()} is a terminal. */
    boolean isTerminal();

    /** Whether {@link #err()} is a terminal, on which a line can be written over. */
    boolean isErrorTerminal();

    /** Where the caller's relative file names begin; absolute. */
    Path directory();

    /** A variable of the caller's environment whose name begins with {@code BOLIDE_}. */
    Optional<String> variable(String name);

    /** Asks for a password that is not shown; empty where nobody can be asked. */
    Optional<String> password(String prompt);
}
