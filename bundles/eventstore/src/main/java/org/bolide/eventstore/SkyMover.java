package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Brings the positions of new events into the table {@code sky_index} when there are many, in the order of that table and in
 * small transactions: a page of it then takes several at once. Takes rows of events that have expired out of it when those are
 * a good part. What fails, or is ended by a crash, begins again; what it has done already does no harm.
 */
final class SkyMover {

    /** So many events are moved at once, and not many more have to be looked at one by one in a search. */
    static final int BULK = 1 << 13;

    /** A few are moved too when the last time was long ago: they cost a page each, but not often. */
    private static final int FEW = 1 << 9;
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** In a log of an older broker, or one that was copied, more are moved at once: 2 MB of memory. */
    private static final int MOST = 1 << 18;

    /** Rows of one transaction. */
    private static final int CHUNK = 256;

    /** A chunk is followed by a pause of so many times its length. */
    private static final int PAUSES = 2;

    /** The index is cleaned when so many of its rows may have no event any more, and an eighth of all. */
    private static final int CLEAN_IF_GONE = 1 << 13;
    private static final int FETCH = 2000;

    /** A cell and how far behind the last moved event it is, as one number that sorts by both. */
    private static final int CELL_SHIFT = 40;

    private final LogWriter writer;
    private final LogReader reader;
    private final CountDownLatch closed;
    private final int bulk;
    private long last = System.nanoTime();
    private long moved = -1;
    private long cleaned = -1;

    SkyMover(LogWriter writer, LogReader reader, CountDownLatch closed, int bulk) {
        this.writer = writer;
        this.reader = reader;
        this.closed = closed;
        this.bulk = bulk;
    }

    /** Moves what there is to move if that is enough; blocks until that is done, or the log is closed. */
    void run() throws IOException {
        if (!isEnough()) {
            return;
        }
        if (moved < 0) {
            moved = reader.query(connection -> LongWork.number(connection, "select sky_sequence from log_state"));
        }
        while (isEnough()) {
            long after = moved;
            long upTo = Math.min(writer.latest(), after + MOST);
            long[] positions = reader.query(connection -> positions(connection, after, upTo));
            if (!move(positions, after)) {
                return;
            }
            writer.write(session -> moved(session.connection(), upTo));
            moved = upTo;
            last = System.nanoTime();
            clean();
        }
    }

    private boolean isEnough() {
        long waiting = writer.latest() - Math.max(0, moved);
        return waiting >= bulk || waiting >= FEW && System.nanoTime() - last >= LONG_NANOS;
    }

    private static long[] positions(Connection connection, long after, long upTo) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select sequence, longitude, latitude from events "
                + "where sequence > ? and sequence <= ? and longitude is not null and latitude is not null order by sequence")) {
            select.setFetchSize(FETCH);
            select.setLong(1, after);
            select.setLong(2, upTo);
            long[] positions = new long[(int) (upTo - after)];
            int count = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long cell = SkyCell.anywhere(row.getDouble(2), row.getDouble(3));
                    positions[count++] = (cell << CELL_SHIFT) + row.getLong(1) - after;
                }
            }
            positions = Arrays.copyOf(positions, count);
            Arrays.sort(positions);
            return positions;
        }
    }

    /** Returns false if the log is being closed. */
    private boolean move(long[] positions, long after) throws IOException {
        for (int from = 0; from < positions.length; from += CHUNK) {
            int start = from;
            long begun = System.nanoTime();
            writer.write(session -> insert(session.connection(), positions, start, after));
            if (rest(System.nanoTime() - begun)) {
                return false;
            }
        }
        return true;
    }

    private static int insert(Connection connection, long[] positions, int from, long after) throws SQLException {
        int end = Math.min(positions.length, from + CHUNK);
        try (PreparedStatement insert =
                connection.prepareStatement("insert into sky_index (cell, sequence) values (?, ?) on conflict do nothing")) {
            for (int i = from; i < end; i++) {
                insert.setInt(1, (int) (positions[i] >> CELL_SHIFT));
                insert.setLong(2, after + (positions[i] & (1L << CELL_SHIFT) - 1));
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return end;
    }

    private static int moved(Connection connection, long upTo) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update log_state set sky_sequence = ?")) {
            update.setLong(1, upTo);
            return update.executeUpdate();
        }
    }

    /** Zone by zone, those older than the oldest event. */
    private void clean() throws IOException {
        long first = reader.first(writer.latest()).orElse(writer.latest() + 1);
        if (cleaned < 0) {
            cleaned = reader.query(connection -> LongWork.number(connection, "select min(sequence) from "
                    + "(select sequence from sky_index limit 1000) as few"));
        }
        if (first - cleaned < Math.max(Math.min(bulk, CLEAN_IF_GONE), (moved - first) / 8)) {
            return;
        }
        for (int zone = -1; zone < SkyCell.ZONES; zone++) {
            int from = zone * SkyCell.ZONE_STEP;
            long begun = System.nanoTime();
            writer.write(session -> delete(session.connection(), from, first));
            if (rest(System.nanoTime() - begun)) {
                return;
            }
        }
        cleaned = first;
    }

    private static int delete(Connection connection, int from, long first) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("delete from sky_index where cell >= ? and cell < ? and sequence < ?")) {
            delete.setInt(1, from);
            delete.setInt(2, from + SkyCell.ZONE_STEP);
            delete.setLong(3, first);
            return delete.executeUpdate();
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
