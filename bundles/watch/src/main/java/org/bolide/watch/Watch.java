package org.bolide.watch;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Connections.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread {@code watch}: reads the log into the book, lets its time pass, and has it written once a minute. */
final class Watch implements AutoCloseable {

    static final String READER = "watch";

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int TICK_SECONDS = 5;
    private static final int SAVE_TICKS = 12;
    private static final int CLOSE_SECONDS = 5;
    private static final int BATCH_EVENTS = 1024;
    private static final int BATCH_BYTES = 4 << 20;
    /** Nobody is in a hurry: under load it would be one more thread that the log wakes for each few events. */
    private static final int PAUSE_MILLIS = 50;

    private final StreamBook book;
    private final Tally tally;
    private final Supplier<List<Connection>> connections;
    private final EventReader reader;
    private final ScheduledExecutorService thread;
    private long missed;
    private int ticks;
    private boolean troubled;

    /** Begins. */
    Watch(StreamBook book, Tally tally, EventLog log, Supplier<List<Connection>> connections) {
        this.book = book;
        this.tally = tally;
        this.connections = connections;
        book.logEndsAt(log.latest());
        reader = log.open(ReaderSpec.named(READER, new ReaderSpec.Start.Latest()));
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread created = new Thread(task, "watch");
            created.setDaemon(true);
            return created;
        });
        thread.scheduleWithFixedDelay(() -> trying(this::tick), 0, TICK_SECONDS, TimeUnit.SECONDS);
        readSoon(0);
    }

    /** What goes wrong is said once, and the next time may do better. */
    private void trying(Runnable task) {
        try {
            task.run();
            troubled = false;
        } catch (UncheckedIOException e) {
            if (!troubled) {
                troubled = true;
                LOG.warn("Streams cannot be watched now, because the log cannot be read or written; see to its disk or database. It is tried again", e);
            }
        } catch (RuntimeException e) { // else it would be the last time
            LOG.error("Watching streams failed; this is a defect, please report it", e);
        }
    }

    /** A batch at a time, so that time passes meanwhile. */
    private void read() {
        List<BrokerEvent> batch = reader.poll(BATCH_EVENTS, BATCH_BYTES);
        book.heard(batch);
        tally.expired.add(reader.missed() - missed);
        missed = reader.missed();
        if (batch.size() == BATCH_EVENTS) {
            readSoon(0);
        } else {
            reader.onAvailable(() -> readSoon(PAUSE_MILLIS));
        }
    }

    private void readSoon(int millis) {
        try {
            thread.schedule(() -> trying(this::read), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("An event came while the watch was closed; it is counted after the next start");
        }
    }

    private void tick() {
        book.tick(connections.get());
        if (++ticks % SAVE_TICKS == 0) {
            save();
        }
        read(); // nobody wakes it any more after a failure
    }

    private void save() {
        reader.commit(book.save());
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("The watch did not end within {} s and is interrupted", CLOSE_SECONDS);
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
        trying(this::save);
        reader.close();
    }
}
