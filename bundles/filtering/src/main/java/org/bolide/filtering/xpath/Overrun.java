package org.bolide.filtering.xpath;

/** The evaluation has cost all that it may; ended. */
public final class Overrun extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Overrun(long steps) {
        // Without a stack trace: a stranger's filter may throw for each event.
        super("ended after " + steps + " steps", null, false, false);
    }
}
