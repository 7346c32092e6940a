package org.bolide.eventstore;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets what is older than the retention, at the start and every few minutes, on a thread of its own. It deletes a few
 * rows in a transaction, so that an append waits some milliseconds at most, and waits for no reader: a reader that comes
 * late is told the gap.
 */
final class Expiry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final int PERIOD_SECONDS = 300;
    private static final int CLOSE_SECONDS = 10;

    /** Rows deleted in a transaction. */
    static final int CHUNK = 50;

    private static final String OVER =
            "select sequence from events where expires_at is not null and expires_at <= ? order by expires_at limit ?";
    private static final String OLD =
            "select sequence from events where received_at < ? and expires_at is null order by received_at limit ?";

    /** As many of the oldest events as it takes to hold so many bytes together. */
    private static final String OLDEST = "select sequence from "
            + "(select sequence, sum(bytes) over (order by sequence) - bytes as older from "
            + "(select sequence, bytes from events order by sequence limit ?) as oldest) as sums where older < ?";
    private static final String OLD_DEAD_LETTERS = "delete from dead_letters where id in "
            + "(select id from dead_letters where buried_at < ? order by buried_at limit ?)";

    /** Not before their events, so that no event can stand in the log twice. */
    private static final String OLD_DIGESTS = "delete from digests where digest in (select digest from digests "
            + "where received_at < ? and not exists (select 1 from events where events.sequence = digests.sequence) "
            + "order by received_at limit ?)";

    private final Dialect dialect;
    private final LogWriter writer;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "eventstore-expiry"));
    private final LongAdder events = new LongAdder();
    private final LongAdder digests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Retention retention;
    private volatile boolean closed;

    Expiry(Dialect dialect, LogWriter writer, Retention retention) {
        this.dialect = dialect;
        this.writer = writer;
        this.retention = retention;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::expire, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /** Takes effect at once. */
    void setRetention(Retention changed) {
        retention = changed;
        thread.execute(this::expire);
    }

    /** How many events have expired since the start. */
    long events() {
        return events.sum();
    }

    /** How many digests have expired since the start. */
    long digests() {
        return digests.sum();
    }

    /** How often expiry has failed since the start. */
    long failures() {
        return failures.sum();
    }

    private void expire() {
        try {
            expire(Instant.now());
        } catch (IOException e) {
            failures.increment();
            LOG.warn("Old events could not be deleted; that is tried again in {} s. {}", PERIOD_SECONDS, e.getMessage());
        } catch (RuntimeException e) {
            failures.increment();
            LOG.error("Old events could not be deleted; that is tried again in {} s.", PERIOD_SECONDS, e);
        }
    }

    /** Forgets all that may be forgotten at this instant. */
    void expire(Instant now) throws IOException {
        Retention current = retention;
        Optional<Instant> eventsBefore = current.eventsBefore(now);
        Optional<Instant> digestsBefore = current.digestsBefore(now);

        long old = repeat(session -> session.deleteEvents(OVER, Times.sortable(now), CHUNK));
        long letters = 0;
        if (eventsBefore.isPresent()) {
            old += repeat(session -> session.deleteEvents(OLD, Times.sortable(eventsBefore.get()), CHUNK));
            letters = repeat(session -> session.delete(OLD_DEAD_LETTERS, eventsBefore.get(), CHUNK));
        }
        long surplus = 0;
        if (current.maxBytes().isPresent()) {
            surplus = repeat(session -> deleteSurplus(session, current.maxBytes().get()));
        }
        long known = 0;
        if (digestsBefore.isPresent()) {
            known = repeat(session -> session.delete(OLD_DIGESTS, digestsBefore.get(), CHUNK));
        }
        repeat(session -> dialect.tidy(session.connection()));
        events.add(old + surplus);
        digests.add(known);
        if (surplus > 0) {
            LOG.info("Deleted the {} oldest events to stay within maxBytes.", surplus);
        }
        LOG.debug("Deleted {} old events, {} dead letters and {} digests.", old, letters, known);
    }

    private static int deleteSurplus(WriteSession session, long maxBytes) throws SQLException {
        long surplus = session.contentBytes() - maxBytes;
        return surplus <= 0 ? 0 : session.deleteEvents(OLDEST, CHUNK, surplus);
    }

    /** Takes steps, each a transaction, until one finds nothing more to do. */
    private long repeat(LogWriter.Work<Integer> step) throws IOException {
        long total = 0;
        for (int rows = CHUNK; rows > 0 && !closed; total += rows) {
            rows = writer.write(step);
        }
        return total;
    }

    /** Waits for the transaction that is under way, for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("Deleting old events does not end; the event log is closed nevertheless.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
