package org.bolide.api.management;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

import static java.util.Objects.requireNonNull;

/**
 * The operator's commands, as they are typed after {@code bolide}, for front ends of other bundles. Registered by the bundle that has
 * them. What changes something is written to the log, with the user and the front end. Commands that read files or ask for a
 * password are refused. Safe for any number of threads.
 */
@ProviderType
public interface CommandLine {

    /**
     * Runs a command. Blocks as long as it takes; interrupt the thread to end it.
     *
     * @param words the command's name and what follows: {@code ["clients", "--json"]}
     */
    Answer run(List<String> words, Caller caller) throws InterruptedException;

    /**
     * Who gives a command.
     *
     * @param user for the log
     * @param frontEnd where it was given, for the log: {@code the page}
     * @param mayChange whether the user may do more than look
     */
    record Caller(String user, String frontEnd, boolean mayChange) {

        public Caller {
            requireNonNull(user);
            requireNonNull(frontEnd);
        }
    }

    /**
     * What came of it.
     *
     * @param status the exit status: 0 if all is well
     * @param text what was printed; with {@code --json}, one JSON document
     * @param refusal why nothing was done or shown; empty if it was
     */
    record Answer(int status, String text, String refusal) {

        public Answer {
            requireNonNull(text);
            requireNonNull(refusal);
        }
    }
}
