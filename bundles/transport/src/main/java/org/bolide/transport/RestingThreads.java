package org.bolide.transport;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that rest three times as long as they have worked, if that was more than a moment: whatever strangers have them
 * do, most of their cores' time is left for all else. What comes after {@code shutdown} is discarded.
 */
final class RestingThreads extends ThreadPoolExecutor {

    private static final long MOMENT_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final int REST = 3;
    private static final long LONGEST_REST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    RestingThreads(int threads, ThreadFactory factory) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory, new DiscardPolicy());
    }

    @Override
    public void execute(Runnable task) {
        super.execute(() -> {
            long began = System.nanoTime();
            task.run();
            long worked = System.nanoTime() - began;
            if (worked > MOMENT_NANOS) {
                LockSupport.parkNanos(Math.min(REST * worked, LONGEST_REST_NANOS));
            }
        });
    }
}
