package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
    static final int CHUNK = 100;

    /** A transaction is followed by a pause of so many times its length. */
    private static final int PAUSES = 2;

    /** Digests looked at in a transaction: they are small and stand together. */
    private static final int DIGESTS = 500;

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

    /** The next digests in the order of the log: the last of them, and when the oldest was received. */
    private static final String NEXT_DIGESTS = "select max(sequence), min(received_at) from "
            + "(select sequence, received_at from digests where sequence > ? order by sequence limit ?) as next_ones";

    /** Not before their events, so that no event can stand in the log twice. */
    private static final String OLD_DIGESTS = "delete from digests where sequence > ? and sequence <= ? and received_at < ? "
            + "and not exists (select 1 from events where events.sequence = digests.sequence)";

    private final Dialect dialect;
    private final LogWriter writer;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "eventstore-expiry"));
    private final LongAdder events = new LongAdder();
    private final LongAdder digests = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Retention retention;
    private final CountDownLatch closing = new CountDownLatch(1);
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
            known = expireDigests(Times.sortable(digestsBefore.get()));
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

    /** From the beginning of the log to where no digest is old any more. */
    private long expireDigests(String before) throws IOException {
        long total = 0;
        for (long[] step = {0, 0}; step[0] >= 0 && !closed; total += step[1]) {
            long after = step[0];
            step = paced(session -> expireDigests(session.connection(), after, before));
        }
        return total;
    }

    /** Returns the last sequence looked at, or -1 if there is nothing more to do, and how many digests were deleted. */
    private static long[] expireDigests(Connection connection, long after, String before) throws SQLException {
        long last;
        try (PreparedStatement next = connection.prepareStatement(NEXT_DIGESTS)) {
            next.setLong(1, after);
            next.setInt(2, DIGESTS);
            try (ResultSet row = next.executeQuery()) {
                row.next();
                last = row.getLong(1);
                String oldest = row.getString(2);
                if (oldest == null || oldest.compareTo(before) >= 0) {
                    return new long[] {-1, 0};
                }
            }
        }
        try (PreparedStatement delete = connection.prepareStatement(OLD_DIGESTS)) {
            delete.setLong(1, after);
            delete.setLong(2, last);
            delete.setString(3, before);
            return new long[] {last, delete.executeUpdate()};
        }
    }

    /** Takes steps, each a transaction, until one finds nothing more to do. */
    private long repeat(LogWriter.Work<Integer> step) throws IOException {
        long total = 0;
        for (int rows = CHUNK; rows > 0 && !closed; total += rows) {
            rows = paced(step);
        }
        return total;
    }

    /** One transaction, and a pause that leaves most of the time to appends. */
    private <T> T paced(LogWriter.Work<T> step) throws IOException {
        long begun = System.nanoTime();
        T result = writer.write(step);
        try {
            closing.await(PAUSES * (System.nanoTime() - begun), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        }
        return result;
    }

    /** Waits for the transaction that is under way, for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
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
