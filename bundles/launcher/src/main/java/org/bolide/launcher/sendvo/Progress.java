package org.bolide.launcher.sendvo;

import java.io.PrintStream;

/** A line on a terminal that says how far it has got; nothing where there is no terminal. */
final class Progress {

    private static final int CELLS = 30;
    private static final long PERIOD_NANOS = 100_000_000;
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream terminal;
    private final long total;
    private final long begunAt = System.nanoTime();
    private long drawnAt = begunAt - PERIOD_NANOS;
    private boolean drawn;

    /** @param terminal where to draw, or null */
    Progress(PrintStream terminal, long total) {
        this.terminal = terminal;
        this.total = Math.max(1, total);
    }

    /** Shows the state, at most ten times a second. */
    void show(long done, long events) {
        long now = System.nanoTime();
        if (terminal == null || now - drawnAt < PERIOD_NANOS) {
            return;
        }
        drawnAt = now;
        drawn = true;
        int filled = (int) Math.min(CELLS, CELLS * done / total);
        double seconds = Math.max(0.001, (now - begunAt) / 1e9);
        terminal.print(CLEAR + "[" + "#".repeat(filled) + "-".repeat(CELLS - filled) + "] "
                + "%3d %%  %,d events  %,.0f/s".formatted(Math.min(100, 100 * done / total), events, events / seconds));
        terminal.flush();
    }

    /** Makes way for other output. */
    void clear() {
        if (drawn) {
            terminal.print(CLEAR);
            terminal.flush();
            drawn = false;
            drawnAt = System.nanoTime() - PERIOD_NANOS;
        }
    }
}
