package org.bolide.web.watch;

import java.util.concurrent.TimeUnit;

/**
 * How often browsers are told, and how fast those that are far behind read on. With many who watch each is told less often, so that
 * all of them together take a bounded share of the machine. Safe for any number of threads.
 */
final class WatchPace {

    /** At most four updates a second for each. */
    static final long SHORTEST_MILLIS = 250;

    private static final long LONGEST_MILLIS = 2_000;
    /** At most five hundred updates a second for all. */
    private static final long MILLIS_PER_WATCHER = 2;
    /** Of the time, reading what is old takes a quarter. */
    private static final int REST = 3;

    private long oldIsReadAt = System.nanoTime();

    /** After how long a browser may be told again. */
    static long intervalNanos(int watchers) {
        long millis = Math.min(LONGEST_MILLIS, Math.max(SHORTEST_MILLIS, watchers * MILLIS_PER_WATCHER));
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * When somebody who is behind may read on, by {@link System#nanoTime}.
     *
     * @param spentNanos how long the last portion took
     */
    synchronized long readOnAt(long spentNanos) {
        long now = System.nanoTime();
        oldIsReadAt = (oldIsReadAt - now > 0 ? oldIsReadAt : now) + REST * spentNanos;
        return oldIsReadAt;
    }
}
