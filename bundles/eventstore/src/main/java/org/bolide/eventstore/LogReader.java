package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import org.bolide.api.Citation;
import org.bolide.api.ReaderPlace;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.StoredEvent;

/**
 * All that reads, on connections of its own from a small pool, each call in one transaction: readers see one state of the
 * log, and neither wait for the writer nor hold it up. The pool replaces connections that broke.
 */
final class LogReader implements AutoCloseable {

    private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

    /** Rows that a server sends at once; an event may be large. */
    private static final int FETCH = 32;

    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    private final Dialect dialect;
    private final Bodies bodies;
    private final HikariDataSource pool;

    /**
     * Connects at the first use.
     *
     * @param connections so many of these reads may go on at once
     */
    LogReader(Dialect dialect, Bodies bodies, String name, int connections) {
        this.dialect = dialect;
        this.bodies = bodies;
        HikariConfig config = dialect.readers();
        config.setPoolName(name);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(false);
        pool = new HikariDataSource(config);
    }

    /** See {@link org.bolide.api.store.EventStore#read}; nothing beyond the sequence {@code upTo}. */
    List<StoredEvent> read(long after, long upTo, int maxEvents, int maxBytes) throws IOException {
        return query(connection -> {
            List<StoredEvent> events = new ArrayList<>();
            try (Bodies.Unpacker unpacker = bodies.unpacker(connection);
                    PreparedStatement select = connection.prepareStatement(
                    EventRow.SELECT + "where sequence > ? and sequence <= ? order by sequence limit ?")) {
                select.setFetchSize(FETCH);
                select.setLong(1, after);
                select.setLong(2, upTo);
                select.setInt(3, maxEvents);
                long bytes = 0;
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        StoredEvent event = EventRow.read(rows, unpacker);
                        bytes += event.content().remaining();
                        if (bytes > maxBytes && !events.isEmpty()) {
                            break;
                        }
                        events.add(event);
                    }
                }
            }
            return events.isEmpty() ? events : cite(connection, events);
        });
    }

    /** The events of this identifier with sequences up to the given one, oldest first. */
    List<StoredEvent> withIdentifier(String identifier, long upTo, int maxEvents) throws IOException {
        Dialect.Identifiers identifiers = dialect.identifiers();
        return query(connection -> {
            List<StoredEvent> events = new ArrayList<>();
            try (Bodies.Unpacker unpacker = bodies.unpacker(connection);
                    PreparedStatement select = connection.prepareStatement(
                    EventRow.SELECT + "where " + identifiers.key("identifier") + " = ? and identifier = ? and sequence <= ? order by sequence limit ?")) {
                select.setString(1, identifiers.keyOf(EventRow.text(identifier)));
                select.setString(2, EventRow.text(identifier));
                select.setLong(3, upTo);
                select.setInt(4, maxEvents);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        events.add(EventRow.read(rows, unpacker));
                    }
                }
            }
            return events.isEmpty() ? events : cite(connection, events);
        });
    }

    /** Gives the events their citations, in place. */
    static List<StoredEvent> cite(Connection connection, List<StoredEvent> events) throws SQLException {
        Map<Long, List<Citation>> citations = Citations.of(connection, events.stream().mapToLong(StoredEvent::sequence).toArray());
        events.replaceAll(event -> citations.containsKey(event.sequence())
                ? EventRow.withCitations(event, citations.get(event.sequence()))
                : event);
        return events;
    }

    /** The smallest sequence, up to the given one, of an event received at the given time or later. */
    Optional<Long> first(Instant receivedAt, long upTo) throws IOException {
        return query(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select min(sequence) from events where received_at >= ? and sequence <= ?")) {
                select.setString(1, Times.sortable(receivedAt));
                select.setLong(2, upTo);
                return number(select);
            }
        });
    }

    /** The smallest sequence up to the given one. */
    Optional<Long> first(long upTo) throws IOException {
        return query(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select sequence from events where sequence <= ? order by sequence limit 1")) {
                select.setLong(1, upTo);
                return number(select);
            }
        });
    }

    /** How many events there are with a sequence in the range (after, upTo]. */
    long count(long after, long upTo) throws IOException {
        return query(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select count(*) from events where sequence > ? and sequence <= ?")) {
                select.setLong(1, after);
                select.setLong(2, upTo);
                return number(select).orElse(0L);
            }
        });
    }

    Map<String, ReaderPlace> places() throws IOException {
        return query(connection -> {
            Map<String, ReaderPlace> places = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement("select reader, sequence, updated_at from places");
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    places.put(rows.getString(1), new ReaderPlace(rows.getLong(2), Times.parse(rows.getString(3))));
                }
            }
            return places;
        });
    }

    /** Those with ids in (after, upTo], oldest first. */
    List<DeadLetter> deadLetters(long after, long upTo, int max) throws IOException {
        return query(connection -> {
            List<DeadLetter> letters = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement("select id, handler, sequence, identifier, content, "
                    + "reason, attempts, buried_at from dead_letters where id > ? and id <= ? order by id limit ?")) {
                select.setFetchSize(FETCH);
                select.setLong(1, after);
                select.setLong(2, upTo);
                select.setInt(3, max);
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        letters.add(new DeadLetter(row.getLong(1), row.getString(2), row.getLong(3),
                                Optional.ofNullable(row.getString(4)), ByteBuffer.wrap(row.getBytes(5)),
                                row.getString(6), row.getInt(7), Times.parse(row.getString(8))));
                    }
                }
            }
            return letters;
        });
    }

    /** The number in the first row; empty if there is no row, or null in it. */
    private static Optional<Long> number(PreparedStatement select) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            long number = row.getLong(1);
            return row.wasNull() ? Optional.empty() : Optional.of(number);
        }
    }

    /** The dictionary of this number, where there is one. */
    Optional<byte[]> dictionary(int number) throws IOException {
        return query(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select content from dictionaries where id = ?")) {
                select.setInt(1, number);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    /** How many events the log had seen when it learned its newest dictionary; 0 if it has none. */
    long newestDictionaryKnownAt() throws IOException {
        return query(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select max(known_at) from dictionaries")) {
                return number(select).orElse(0L);
            }
        });
    }

    /** In a transaction of its own that reads. */
    <T> T query(Query<T> query) throws IOException {
        try (Connection connection = pool.getConnection()) {
            T result = query.run(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            if (pool.isClosed()) {
                throw new IOException("The event log is closed.", e);
            }
            throw new IOException(dialect.explain(e), e);
        }
    }

    /** As {@link #query}, for what may read the whole log: it fails when it takes too long. */
    <T> T bounded(Query<T> query) throws IOException {
        return query(connection -> {
            dialect.bound(connection);
            try {
                return query.run(connection);
            } finally {
                dialect.unbound(connection);
            }
        });
    }

    @Override
    public void close() {
        pool.close();
    }
}
