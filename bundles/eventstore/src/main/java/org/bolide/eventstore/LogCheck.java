package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Looks whether events in the log are what was written: each row can be read, its body unpacks to its length with the right
 * checksum, its header can be understood, its digest is there, and the index of identifiers knows it. Changes nothing. Pages
 * of events are transactions of their own.
 */
final class LogCheck {

    private static final int PAGE = 500;

    private static final String EVENTS = EventRow.SELECT + "where sequence > ? and sequence <= ? order by sequence limit " + PAGE;
    private static final String NO_DIGEST = "select sequence from events where sequence > ? and sequence <= ? "
            + "and not exists (select 1 from digests where digests.sequence = events.sequence) order by sequence";

    /** SQLite's, which says that an index is to be used, or fail. */
    private static final String NOT_INDEXED = "select sequence from events where sequence > ? and sequence <= ? "
            + "and identifier is not null and not exists (select 1 from events as found indexed by events_identifier "
            + "where found.identifier = events.identifier and found.sequence = events.sequence) order by sequence";

    private final Connection connection;
    private final boolean isSqlite;
    private final Bodies bodies;
    private final Consumer<String> faults;

    /**
     * Checks on this connection.
     *
     * @param connection with autocommit off, for this alone
     * @param faults is given each fault as a sentence
     */
    LogCheck(Connection connection, boolean isSqlite, Bodies bodies, Consumer<String> faults) {
        this.connection = connection;
        this.isSqlite = isSqlite;
        this.bodies = bodies;
        this.faults = faults;
    }

    /**
     * Looks at the events with sequences in (after, upTo].
     *
     * @param progress is told again and again how many have been looked at
     * @return how many events were looked at, those that cannot be read included
     * @throws SQLException if nothing can be read at all
     * @throws InterruptedException if the thread was interrupted
     */
    long check(long after, long upTo, LongConsumer progress) throws SQLException, InterruptedException {
        long events = 0;
        for (long place = after; place < upTo; progress.accept(events)) {
            LongWork.checkInterrupt();
            try (Bodies.Unpacker unpacker = bodies.unpacker(connection)) {
                long[] page = page(place, upTo, unpacker);
                long last = page[0] < PAGE ? upTo : page[1];
                absent(NO_DIGEST, place, last, "has no digest: it would be taken again if it came again");
                if (isSqlite) {
                    absent(NOT_INDEXED, place, last, "is not in the index of identifiers");
                }
                events += page[0];
                place = last;
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                events += oneByOne(place, Math.min(upTo, place + PAGE), e);
                place = Math.min(upTo, place + PAGE);
            }
        }
        return events;
    }

    /** Returns how many events there are in the page, and the last one. */
    private long[] page(long after, long upTo, Bodies.Unpacker unpacker) throws SQLException {
        long[] page = {0, after};
        try (PreparedStatement select = connection.prepareStatement(EVENTS)) {
            select.setLong(1, after);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                for (; row.next(); page[0]++) {
                    page[1] = row.getLong(1);
                    look(page[1], row, unpacker);
                }
            }
        }
        return page;
    }

    private void look(long sequence, ResultSet row, Bodies.Unpacker unpacker) {
        try {
            int length = row.getInt(EventRow.BYTES);
            int actual = EventRow.read(row, unpacker).content().remaining();
            if (length != actual) {
                faults.accept("Event " + sequence + " has " + actual + " bytes instead of " + length + ".");
            }
        } catch (SQLException | RuntimeException e) {
            faults.accept("Event " + sequence + " cannot be understood: " + e.getMessage() + ".");
        }
    }

    private void absent(String query, long after, long upTo, String what) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setLong(1, after);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    faults.accept("Event " + row.getLong(1) + " " + what + ".");
                }
            }
        }
    }

    /** Where a page of events fails as a whole: finds out which ones. */
    private long oneByOne(long after, long upTo, SQLException whole) throws SQLException, InterruptedException {
        long events = 0;
        boolean found = false;
        for (long sequence = after + 1; sequence <= upTo; sequence++) {
            LongWork.checkInterrupt();
            try (Bodies.Unpacker unpacker = bodies.unpacker(connection)) {
                events += page(sequence - 1, sequence, unpacker)[0];
            } catch (SQLException e) {
                faults.accept("Event " + sequence + " cannot be read: " + e.getMessage() + ".");
                events++;
                found = true;
                connection.rollback();
            }
        }
        if (!found) {
            faults.accept("The events after " + after + ", up to " + upTo + ", cannot be checked: " + whole.getMessage() + ".");
        }
        connection.commit();
        return events;
    }
}
