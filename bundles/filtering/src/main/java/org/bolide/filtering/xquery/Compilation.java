package org.bolide.filtering.xquery;

import java.util.concurrent.atomic.AtomicReference;

import net.sf.saxon.trans.XPathException;

/**
 * One compilation, on a thread of its own with a stack on which no text of permitted length overflows: an overflow while a
 * class of Saxon's is being loaded would spoil the class for as long as the broker runs. It is ended after a number of
 * steps, whatever takes them.
 */
final class Compilation<T> extends Thread {

    /** A query of the greatest permitted length takes a few thousand. */
    private static final int MAX_STEPS = 50_000;
    private static final long STACK_BYTES = 256L << 20;

    /** Compiles one query. */
    @FunctionalInterface
    interface Task<T> {

        T run() throws XPathException;
    }

    private final Task<T> task;
    private final AtomicReference<T> result = new AtomicReference<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private int steps;

    private Compilation(Task<T> task) {
        super(null, null, "filter-compiler", STACK_BYTES);
        this.task = task;
        setDaemon(true);
        // Saxon looks there for its tables.
        setContextClassLoader(Compilation.class.getClassLoader());
    }

    /** Runs a compilation and waits for it. */
    static <T> T of(Task<T> task) throws XPathException {
        Compilation<T> compilation = new Compilation<>(task);
        compilation.start();
        compilation.await();
        Throwable failure = compilation.failure.get();
        if (failure instanceof XPathException e) {
            throw e;
        } else if (failure instanceof RuntimeException e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
        return compilation.result.get();
    }

    /** Called by Saxon's own code where it comes by. */
    static void step() {
        if (Thread.currentThread() instanceof Compilation<?> compilation && ++compilation.steps > MAX_STEPS) {
            throw new Meter.Spent("the filter is too complicated");
        }
    }

    @Override
    public void run() {
        try {
            result.set(task.run());
        } catch (XPathException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    /** It ends soon, so an interrupt waits too. */
    private void await() {
        boolean interrupted = false;
        for (boolean ended = false; !ended;) {
            try {
                join();
                ended = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
