package org.bolide.broker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

import org.bolide.api.BrokerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles several batches at the same time; the place is before the lowest one that is not settled. */
final class Workers {

    @FunctionalInterface
    private interface Task {
        void run() throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final Handling handling;
    private final LongConsumer commit;
    private final ClassLoader loader;
    private final int most;
    private final ExecutorService threads;
    private final Semaphore free;
    private final TreeMap<Long, Instant> unsettled = new TreeMap<>();
    private long passed;

    /**
     * @param commit is told the place, under a lock
     * @param loader the threads' context class loader
     */
    Workers(LaneSpec spec, Handling handling, LongConsumer commit, ClassLoader loader) {
        this.handling = handling;
        this.commit = commit;
        this.loader = loader;
        most = spec.concurrency();
        free = new Semaphore(most);
        AtomicInteger number = new AtomicInteger();
        threads = Executors.newFixedThreadPool(most, task -> new Thread(task, "lane-" + spec.name() + "-" + number.incrementAndGet()));
    }

    /** Has a batch handled; waits until a thread is free. What is up to {@code upTo} and not in the batch need not be handled. */
    void take(List<BrokerEvent> batch, long upTo) throws InterruptedException {
        run(() -> {
            if (handling.handle(batch)) {
                settled(batch);
            }
        }, () -> {
            batch.forEach(event -> unsettled.put(event.sequence(), event.receivedAt()));
            passed = upTo;
        });
    }

    /** Has one of the threads do what is wanted besides; waits until one is free. */
    void doFavours() throws InterruptedException {
        run(handling::doFavours, () -> { });
    }

    private void run(Task task, Runnable first) throws InterruptedException {
        free.acquire();
        synchronized (this) {
            first.run();
        }
        try {
            threads.execute(() -> {
                Thread.currentThread().setContextClassLoader(loader);
                try {
                    task.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    free.release();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("the lane has ended", e);
            free.release();
        }
    }

    private synchronized void settled(List<BrokerEvent> batch) {
        batch.forEach(event -> unsettled.remove(event.sequence()));
        commit();
    }

    synchronized void passedUpTo(long sequence) {
        passed = sequence;
        commit();
    }

    private void commit() {
        commit.accept(unsettled.isEmpty() ? passed : unsettled.firstKey() - 1);
    }

    /** When the oldest event that is not settled was received. */
    synchronized Optional<Instant> oldest() {
        return Optional.ofNullable(unsettled.firstEntry()).map(Map.Entry::getValue);
    }

    /** Waits until no thread handles anything, and forgets what is not settled: it is not handled any more. */
    void clear() throws InterruptedException {
        awaitIdle();
        free.release(most);
        synchronized (this) {
            unsettled.clear();
        }
    }

    /** Waits until no thread handles anything; none begins any more. */
    void awaitIdle() throws InterruptedException {
        free.acquire(most);
    }

    void interrupt() {
        threads.shutdownNow();
    }
}
