package org.bolide.filtering.xquery;

/**
 * What one evaluation may still cost, in steps: one for each expression evaluated, each item handed on and each node looked
 * at, and one for every {@value #CHARACTERS} characters. Nothing here depends on the clock: the same filter on the same
 * event always ends the same way. Used by one thread.
 */
final class Meter {

    /** What an evaluation may cost on the smallest event: some milliseconds. */
    static final long STEPS = 500_000;
    /** What it may cost more for each node of the event. */
    static final long STEPS_PER_NODE = 30;
    /** Expressions inside one another while the query runs; each takes about a kilobyte of the thread's stack. */
    static final int MAX_DEPTH = 250;
    /** So many characters are one step. */
    static final int CHARACTERS = 8;

    /** For Saxon's regular expressions, which are not told of the evaluation that they are part of. */
    private static final ThreadLocal<Meter> CURRENT = new ThreadLocal<>();

    /**
     * Ends an evaluation. An Error, for Saxon handles exceptions, and a query must not be able to catch its own end.
     */
    static final class Spent extends Error {

        private static final long serialVersionUID = 1L;

        Spent(String message) {
            super(message, null, false, false);
        }
    }

    private long left;
    private int depth;
    private Spent spent;

    Meter(long nodes) {
        left = STEPS + STEPS_PER_NODE * nodes;
    }

    /** The meter of the evaluation that this thread is in. */
    static Meter current() {
        Meter meter = CURRENT.get();
        if (meter == null) {
            throw new IllegalStateException("no filter is running on this thread");
        }
        return meter;
    }

    /** For what is done both when a query is compiled and when it runs. */
    static void chargeIfRunning(long steps) {
        Meter meter = CURRENT.get();
        if (meter != null) {
            meter.charge(steps);
        }
    }

    void begin() {
        CURRENT.set(this);
    }

    static void end() {
        CURRENT.remove();
    }

    /** Whether it came to its end, even if what ended it was reported as something else. */
    boolean isSpent() {
        return spent != null;
    }

    String why() {
        return spent.getMessage();
    }

    void charge(long steps) {
        left -= steps;
        if (left < 0 || steps < 0) {
            left = -1;
            throw stop("it takes more than " + STEPS + " steps, and " + STEPS_PER_NODE + " for each node of the event");
        }
    }

    void chargeCharacters(long characters) {
        charge(characters / CHARACTERS);
    }

    /** The cost of comparing each character of one text with each of another, for what may come to that. */
    void chargeProduct(long characters, long others) {
        charge(characters / CHARACTERS + characters * others / (CHARACTERS * CHARACTERS));
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw stop("its functions call one another, or its parts are nested, more than " + MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }

    Spent stop(String why) {
        if (spent == null) {
            spent = new Spent(why);
        }
        return spent;
    }
}
