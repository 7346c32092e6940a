package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Moves digests from memory to the table {@code digest_index} when there are many, in the order of that table and in small
 * transactions, and takes those that have expired out of it on the way. A move that fails, or that a crash ends, begins again:
 * what it has done already does no harm.
 */
final class DigestMover {

    /** Rows of one transaction. */
    private static final int CHUNK = 256;

    /** A chunk is followed by a pause of so many times its length, except when digests come faster than they go. */
    private static final int PAUSES = 2;

    private final LogWriter writer;
    private final CountDownLatch closed;
    private final int bulk;

    DigestMover(LogWriter writer, CountDownLatch closed, int bulk) {
        this.writer = writer;
        this.closed = closed;
        this.bulk = bulk;
    }

    /** Moves digests if there are enough; blocks until that is done, or the log is closed. */
    void run() throws IOException {
        if (writer.known().recent() < bulk) {
            return;
        }
        KnownDigests.Sorted sorted = writer.write(session -> writer.known().sorted());
        long first = writer.write(session -> firstDigest(session));
        long low = Long.MIN_VALUE;
        for (int from = 0; from < sorted.prefixes().length; from += CHUNK) {
            int start = from;
            int end = Math.min(sorted.prefixes().length, from + CHUNK);
            long above = low;
            long high = end == sorted.prefixes().length ? Long.MAX_VALUE : sorted.prefixes()[end - 1];
            long begun = System.nanoTime();
            writer.write(session -> {
                move(session.connection(), sorted, start, end);
                forget(session, above, high, first);
                return end;
            });
            low = high;
            if (rest(System.nanoTime() - begun)) {
                return;
            }
        }
        writer.write(session -> indexed(session.connection(), sorted.upTo()));
        writer.moved(sorted.upTo());
    }

    /** Returns whether the log is being closed. */
    private boolean rest(long nanos) {
        try {
            boolean hurry = writer.known().recent() > bulk;
            return closed.await(hurry ? 0 : PAUSES * nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    static void move(Connection connection, KnownDigests.Sorted sorted, int from, int end) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into digest_index (prefix, sequence) values (?, ?) on conflict do nothing")) {
            for (int i = from; i < end; i++) {
                insert.setLong(1, sorted.prefixes()[i]);
                insert.setLong(2, sorted.sequences()[i]);
                insert.addBatch();
                if ((i - from) % CHUNK == CHUNK - 1) {
                    insert.executeBatch();
                }
            }
            insert.executeBatch();
        }
    }

    /** All digests up to this sequence are in the index. */
    static int indexed(Connection connection, long upTo) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("update log_state set indexed_sequence = ? where indexed_sequence < ?")) {
            update.setLong(1, upTo);
            update.setLong(2, upTo);
            return update.executeUpdate();
        }
    }

    /** Those of the same pages that have no digest any more. */
    private static void forget(WriteSession session, long above, long upTo, long first) throws SQLException {
        try (PreparedStatement delete = session.connection().prepareStatement(
                "delete from digest_index where prefix > ? and prefix <= ? and sequence < ?")) {
            delete.setLong(1, above);
            delete.setLong(2, upTo);
            delete.setLong(3, first);
            delete.executeUpdate();
        }
    }

    private static long firstDigest(WriteSession session) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery("select coalesce(min(sequence), 0) from digests")) {
            row.next();
            return row.getLong(1);
        }
    }
}
