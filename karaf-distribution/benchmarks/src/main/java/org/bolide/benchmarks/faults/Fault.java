package org.bolide.benchmarks.faults;

import java.util.List;

/** Something that goes wrong, done to a running product under load, and the check that what was promised holds all the same. */
interface Fault {

    /** A word for the command line. */
    String name();

    /** What must hold, in a line. */
    String promise();

    /** Its numbers, which the command line may change. */
    default List<Amount> amounts() {
        return List.of();
    }

    /**
     * Runs it once.
     *
     * @param figures takes what was measured, also when it fails
     * @throws AssertionError if the promise does not hold
     */
    void run(Setting setting, Figures figures) throws Exception;
}
