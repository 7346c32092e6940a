package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Brings what {@code event_facts} has of new events there when there are many, in small transactions and in the order of the log,
 * so that they fill page after page.
 */
final class FactsMover {

    /** So many are moved at once, and not many more have to be looked at one by one. */
    static final int BULK = 1 << 13;

    /** A few are moved too when the last time was long ago. */
    private static final int FEW = 1 << 9;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Rows of one transaction. */
    private static final int CHUNK = 512;

    /** A chunk is followed by a pause of so many times its length. */
    private static final int PAUSES = 2;

    private final LogWriter writer;
    private final LogReader reader;
    private final CountDownLatch closed;
    private final String insert;
    private final int bulk;
    private long last = System.nanoTime();
    private long moved = -1;

    FactsMover(LogWriter writer, LogReader reader, Dialect.Identifiers identifiers, CountDownLatch closed, int bulk) {
        this.writer = writer;
        this.reader = reader;
        this.closed = closed;
        this.bulk = bulk;
        insert = "insert into event_facts (sequence, stream, role, authored_at) select " + EventFacts.columns(identifiers)
                + " from events where sequence > (select facts_sequence from log_state) and sequence <= ?";
    }

    /** Moves what there is to move if that is enough; blocks until that is done, or the log is closed. */
    void run() throws IOException {
        if (!isEnough()) {
            return;
        }
        if (moved < 0) {
            moved = reader.query(connection -> LongWork.number(connection, "select facts_sequence from log_state"));
        }
        if (!isEnough()) {
            return;
        }
        long latest = writer.latest();
        while (moved < latest) {
            long upTo = Math.min(latest, moved + CHUNK);
            long begun = System.nanoTime();
            writer.write(session -> move(session.connection(), upTo));
            moved = upTo;
            last = System.nanoTime();
            if (rest(last - begun)) {
                return;
            }
        }
    }

    private boolean isEnough() {
        long waiting = writer.latest() - Math.max(0, moved);
        return waiting >= bulk || waiting >= FEW && System.nanoTime() - last >= LONG_NANOS;
    }

    private int move(Connection connection, long upTo) throws SQLException {
        try (PreparedStatement rows = connection.prepareStatement(insert);
                PreparedStatement state = connection.prepareStatement("update log_state set facts_sequence = ? where facts_sequence < ?")) {
            rows.setLong(1, upTo);
            int count = rows.executeUpdate();
            state.setLong(1, upTo);
            state.setLong(2, upTo);
            state.executeUpdate();
            return count;
        }
    }

    /** Returns whether the log is being closed. */
    private boolean rest(long nanos) {
        try {
            return closed.await(PAUSES * nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
