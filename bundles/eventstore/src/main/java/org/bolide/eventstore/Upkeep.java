package org.bolide.eventstore;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log does for itself while it grows, on a thread of its own: digests, positions and facts go to their
 * indexes, a dictionary is learned. */
final class Upkeep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final int PERIOD_MILLIS = 500;
    private static final int CLOSE_SECONDS = 10;

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "eventstore-upkeep"));
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongAdder failures = new LongAdder();
    private final DigestMover mover;
    private final SkyMover sky;
    private final FactsMover facts;
    private final DictionaryTrainer trainer;
    private final LogSizes sizes;
    private final LogWriter writer;
    private boolean failing;

    /**
     * Made at the start of the log.
     *
     * @param bulk so many digests are moved at once
     * @param skyBulk so many positions, and so many facts, are moved at once
     */
    Upkeep(LogWriter writer, LogReader reader, Dialect.Identifiers identifiers, Bodies bodies, LogSizes sizes, int bulk, int skyBulk) {
        this.writer = writer;
        this.sizes = sizes;
        mover = new DigestMover(writer, closed, bulk);
        sky = new SkyMover(writer, reader, closed, skyBulk);
        facts = new FactsMover(writer, reader, identifiers, closed, skyBulk);
        trainer = new DictionaryTrainer(writer, reader, bodies);
    }

    void start() {
        thread.scheduleWithFixedDelay(this::run, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How often it has failed. */
    long failures() {
        return failures.sum();
    }

    private void run() {
        try {
            probe();
            trainer.run();
            mover.run();
            sky.run();
            facts.run();
            sizes.run();
            failing = false;
        } catch (IOException e) {
            failures.increment();
            if (!failing && closed.getCount() > 0) {
                LOG.warn("The event log's upkeep failed; it is tried again all the time. {}", e.getMessage());
            }
            failing = true;
        } catch (RuntimeException e) {
            failures.increment();
            LOG.error("The event log's upkeep failed.", e);
        }
    }

    /** Who was told that nothing can be written sends nothing: somebody has to see when that is over. */
    private void probe() throws IOException {
        if (writer.failing().isPresent() && closed.getCount() > 0 && sizes.haveRoom()) {
            writer.write(session -> {
                session.probe();
                return session;
            });
        }
    }

    /** Waits for the transaction that is under way, for some seconds at most. */
    @Override
    public void close() {
        closed.countDown();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The event log's upkeep does not end; the log is closed nevertheless.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
