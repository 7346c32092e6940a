package org.bolide.shell.command;

import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Says how far a long command has got, on standard error: on a terminal in one line that is written over, ten times a
 * second at most, elsewhere in a line of its own every ten seconds.
 */
final class ProgressLine implements AutoCloseable {

    private static final int CELLS = 30;
    private static final long TERMINAL_NANOS = 100_000_000;
    private static final long LINE_NANOS = 10_000_000_000L;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream err;
    private final boolean isTerminal;
    private final long begunAt = System.nanoTime();
    private long shownAt = begunAt;
    private boolean drawn;

    ProgressLine(Caller caller) {
        err = caller.err();
        isTerminal = caller.isErrorTerminal();
    }

    /** Shows a bar. */
    void show(long done, long total) {
        show(() -> {
            long all = Math.max(1, Math.max(done, total));
            int filled = (int) (CELLS * done / all);
            return isTerminal ? "[" + "#".repeat(filled) + "-".repeat(CELLS - filled) + "] %3d %%".formatted(100 * done / all)
                    : "%d %%".formatted(100 * done / all);
        });
    }

    /** Shows a text. */
    void show(Supplier<String> text) {
        long now = System.nanoTime();
        if (now - shownAt < (isTerminal ? TERMINAL_NANOS : LINE_NANOS)) {
            return;
        }
        shownAt = now;
        if (isTerminal) {
            err.print(CLEAR + text.get());
            drawn = true;
        } else {
            err.println(text.get());
        }
        err.flush();
    }

    double seconds() {
        return Math.max(1e-3, (System.nanoTime() - begunAt) / 1e9);
    }

    @Override
    public void close() {
        clear();
    }

    /** Makes way for other output. */
    void clear() {
        if (drawn) {
            err.print(CLEAR);
            err.flush();
            drawn = false;
        }
    }
}
