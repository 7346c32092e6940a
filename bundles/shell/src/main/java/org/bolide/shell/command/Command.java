package org.bolide.shell.command;

/**
 * One command. Both front ends run it through {@link Commands}, which reads the words that were typed, checks them against the
 * grammar, answers {@code --help}, and writes the audit line of a form that {@link Form#changes changes} something: a command
 * does none of that itself. Its help is the file {@code OSGI-INF/bolide/commands/NAME.txt}, the first line of which is the description.
 */
public interface Command {

    /** What can be typed. */
    Grammar grammar();

    /**
     * Carries one call out and returns the exit status. Runs on a thread of its own, which may be interrupted, and at the same
     * time as other calls of the same command.
     *
     * @throws Refusal if there is nothing to show or nothing could be done
     */
    int run(Call call) throws Refusal, InterruptedException;
}
