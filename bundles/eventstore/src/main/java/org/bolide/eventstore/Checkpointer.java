package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/**
 * Carries what is in SQLite's write-ahead log over to the database file, on a thread and a connection of its own, so that no
 * commit waits for it (https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files). A writer that pauses begins
 * the write-ahead log anew by itself; one that does not would let it grow for ever, because what it commits during a
 * checkpoint is not in that checkpoint. Therefore the thread says when the write-ahead log is large and nearly all of it is
 * done, and the writer then carries over the small rest before its next transaction.
 */
final class Checkpointer implements AutoCloseable {

    /** The write-ahead log is begun anew at this size: small enough that the same blocks of the disk are written again. */
    static final long TURN_BYTES = 16 << 20;

    /** Where the writer waits for readers, because one of them keeps the write-ahead log from being begun anew. */
    static final long BOUND_BYTES = 128 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);
    private static final int PERIOD_MILLIS = 100;
    private static final int CLOSE_SECONDS = 10;

    /** With fewer commits than this, a checkpoint waits for {@link #IDLE_PERIODS}. */
    private static final int BUSY_COMMITS = 100;
    private static final int IDLE_PERIODS = 10;

    /** A rest that the writer may carry over: some milliseconds. */
    private static final int REST_PAGES = 256;
    private static final int ROUNDS = 6;
    private static final int PATIENCE_MILLIS = 250;

    private final SQLiteDataSource source;
    private final String place;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "eventstore-checkpoint"));
    private final LongAdder failures = new LongAdder();
    private volatile int commits;
    private volatile boolean turn;
    private volatile boolean bound;
    private int done;
    private int idle;
    private boolean failing;
    private Connection connection;
    private int pageSize;
    private long warnedAt;

    Checkpointer(SQLiteDataSource source, String place) {
        this.source = source;
        this.place = place;
    }

    void start() {
        thread.scheduleWithFixedDelay(this::run, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** How often a checkpoint has failed. */
    long failures() {
        return failures.sum();
    }

    /** By the writer, between two transactions. */
    void betweenTransactions(Connection writer) throws SQLException {
        commits++; // only the writer writes it
        if (turn || bound) {
            boolean wait = bound;
            turn = false;
            bound = false;
            try (Statement statement = writer.createStatement()) {
                if (wait) {
                    statement.execute("pragma busy_timeout = " + PATIENCE_MILLIS);
                }
                checkpoint(statement, wait ? "restart" : "passive");
            } finally {
                if (wait) {
                    try (Statement statement = writer.createStatement()) {
                        statement.execute("pragma busy_timeout = " + SqliteDialect.BUSY_TIMEOUT_MILLIS);
                    }
                }
                // ends what the pragma began
                writer.commit();
            }
        }
    }

    private void run() {
        int now = commits;
        idle++;
        if (now == done || now - done < BUSY_COMMITS && idle < IDLE_PERIODS) {
            return;
        }
        idle = 0;
        done = now;
        try {
            checkpoint();
            failing = false;
        } catch (SQLException e) {
            failures.increment();
            if (!failing) {
                LOG.warn("The event log in {} cannot carry events over from its write-ahead log, which grows; that is tried again "
                        + "all the time. See that the disk has room and is in order ({}).", place, e.getMessage());
            }
            failing = true;
            done = now - BUSY_COMMITS;
            disconnect();
        } catch (RuntimeException e) {
            failures.increment();
            LOG.error("The event log in {} cannot carry events over from its write-ahead log.", place, e);
        }
    }

    private void checkpoint() throws SQLException {
        if (connection == null) {
            connection = source.getConnection();
            try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("pragma page_size")) {
                row.next();
                pageSize = row.getInt(1);
            }
        }
        try (Statement statement = connection.createStatement()) {
            long[] pages = checkpoint(statement, "passive");
            boolean large = pages[0] * pageSize > TURN_BYTES;
            for (int round = 1; large && pages[0] - pages[1] > REST_PAGES && round < ROUNDS; round++) {
                pages = checkpoint(statement, "passive");
            }
            if (pages[0] * pageSize > BOUND_BYTES) {
                bound = true;
                warn(pages[0] * pageSize);
            } else if (large) {
                turn = true;
            }
        }
    }

    private void warn(long bytes) {
        long now = System.nanoTime();
        if (warnedAt == 0 || now - warnedAt > TimeUnit.MINUTES.toNanos(10)) {
            warnedAt = now;
            LOG.warn("The write-ahead log of the event log in {} has grown to {} MB: a program reads the database in one long "
                    + "transaction. End it, or copy the log first and read the copy.", place, bytes >> 20);
        }
    }

    /** The pages in the write-ahead log, and how many of them are done. */
    private static long[] checkpoint(Statement statement, String mode) throws SQLException {
        try (ResultSet row = statement.executeQuery("pragma wal_checkpoint(" + mode + ")")) {
            row.next();
            return new long[] {row.getLong(2), row.getLong(3)};
        }
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("The connection was broken when it was closed.", e);
            }
            connection = null;
        }
    }

    /** After the writer was closed. The last connection to go carries over all that is left. */
    @Override
    public void close() {
        if (!thread.isShutdown()) {
            thread.execute(this::disconnect);
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A checkpoint of the event log in {} does not end; the log is closed nevertheless.", place);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
