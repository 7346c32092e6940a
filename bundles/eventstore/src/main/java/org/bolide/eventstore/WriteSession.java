package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.bolide.api.Citation;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection that writes, its prepared statements, and the log's state as of its transaction. Knows no commit: that
 * is {@link LogWriter}'s, which also throws the session away after a failure. Used by one thread at a time.
 */
final class WriteSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WriteSession.class);

    /** Digests looked up by one statement. */
    private static final int LOOKUP = 64;

    private final Connection connection;
    private final String writer;
    private final String lastWriter;
    private final PreparedStatement findOne;
    private final PreparedStatement findMany;
    private final PreparedStatement insertDigest;
    private final PreparedStatement insertEvent;
    private final PreparedStatement insertCitation;
    private final PreparedStatement putPlace;
    private final PreparedStatement putState;
    private final PreparedStatement insertDeadLetter;
    private final PreparedStatement deleteDeadLetter;

    private long latest;
    private long latestDeadLetter;
    private long contentBytes;
    private boolean settled;

    private WriteSession(Connection connection, String writer) throws SQLException {
        this.connection = connection;
        this.writer = writer;
        String find = "select digest, sequence from digests where digest in (?";
        findOne = connection.prepareStatement(find + ")");
        findMany = connection.prepareStatement(find + ", ?".repeat(LOOKUP - 1) + ")");
        insertDigest = connection.prepareStatement("insert into digests (digest, sequence, received_at) values (?, ?, ?)");
        insertEvent = connection.prepareStatement(EventRow.INSERT);
        insertCitation = connection.prepareStatement(
                "insert into citations (sequence, ordinal, identifier, relation) values (?, ?, ?, ?)");
        putPlace = connection.prepareStatement("insert into places (reader, sequence, updated_at) values (?, ?, ?) "
                + "on conflict (reader) do update set sequence = excluded.sequence, updated_at = excluded.updated_at");
        putState = connection.prepareStatement("update log_state set latest_sequence = ?, latest_dead_letter = ?, "
                + "content_bytes = ?, writer = ?");
        insertDeadLetter = connection.prepareStatement("insert into dead_letters "
                + "(id, handler, sequence, identifier, reason, attempts, buried_at, content) values (?, ?, ?, ?, ?, ?, ?, ?)");
        deleteDeadLetter = connection.prepareStatement("delete from dead_letters where id = ?");
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select latest_sequence, latest_dead_letter, content_bytes, writer from log_state")) {
            row.next();
            latest = row.getLong(1);
            latestDeadLetter = row.getLong(2);
            contentBytes = row.getLong(3);
            lastWriter = row.getString(4);
        }
    }

    /**
     * Connects, takes the lock where the database has one, and makes or migrates the tables.
     *
     * @param writer stands for this broker from its start to its end
     */
    static WriteSession open(Dialect dialect, String writer) throws SQLException, IOException {
        Connection connection = dialect.openWriter();
        try {
            Schema.migrate(connection, dialect, Schema.SCRIPTS);
            WriteSession session = new WriteSession(connection, writer);
            if (session.lastWriter.equals(Migration.UNFINISHED)) {
                throw new IOException("The event log in " + dialect.describe() + " is the unfinished copy of another log: run"
                        + " \"bolide log migrate\" there once more.");
            }
            return session;
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Begins the session's first transaction, and undoes what an earlier session of this broker may have committed without
     * learning of it. Does nothing in later transactions.
     *
     * @param certain the newest sequence that the broker knows to be on disk
     */
    void settle(long certain) throws SQLException {
        if (settled) {
            return;
        }
        settled = true;
        if (lastWriter.equals(writer) && latest > certain) {
            try (PreparedStatement digests = connection.prepareStatement("delete from digests where sequence > ?")) {
                digests.setLong(1, certain);
                digests.executeUpdate();
            }
            deleteEvents("select sequence from events where sequence > ?", certain);
            latest = certain;
        }
        saveState();
    }

    Connection connection() {
        return connection;
    }

    /** The newest sequence, those of the transaction under way included. */
    long latest() {
        return latest;
    }

    /** The bytes of all events' contents. */
    long contentBytes() {
        return contentBytes;
    }

    List<Appended> append(List<NewEvent> events, Map<String, Long> places) throws SQLException {
        Map<ByteBuffer, Long> known = find(events);
        List<Appended> result = new ArrayList<>(events.size());
        boolean citations = false;
        long before = latest;
        for (NewEvent event : events) {
            Long duplicate = known.putIfAbsent(event.digest(), latest + 1);
            if (duplicate != null) {
                result.add(new Appended(duplicate, true));
                continue;
            }
            latest++;
            contentBytes += event.content().remaining();
            insertDigest.setBytes(1, EventRow.bytes(event.digest()));
            insertDigest.setLong(2, latest);
            insertDigest.setString(3, Times.sortable(event.receivedAt()));
            insertDigest.addBatch();
            EventRow.bind(insertEvent, latest, event);
            insertEvent.addBatch();
            citations |= addCitations(latest, event.header().citations());
            result.add(new Appended(latest, false));
        }
        if (latest > before) {
            insertDigest.executeBatch();
            insertEvent.executeBatch();
            if (citations) {
                insertCitation.executeBatch();
            }
            saveState();
        }
        putPlaces(places);
        return result;
    }

    /** The sequences of those events that the log has or has had, by digest. */
    private Map<ByteBuffer, Long> find(List<NewEvent> events) throws SQLException {
        Map<ByteBuffer, Long> known = new HashMap<>();
        for (int from = 0; from < events.size(); from += LOOKUP) {
            List<NewEvent> some = events.subList(from, Math.min(events.size(), from + LOOKUP));
            PreparedStatement find = some.size() == 1 ? findOne : findMany;
            int parameters = some.size() == 1 ? 1 : LOOKUP;
            for (int i = 0; i < parameters; i++) {
                find.setBytes(i + 1, EventRow.bytes(some.get(Math.min(i, some.size() - 1)).digest()));
            }
            try (ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    known.put(ByteBuffer.wrap(rows.getBytes(1)), rows.getLong(2));
                }
            }
        }
        return known;
    }

    private boolean addCitations(long sequence, List<Citation> citations) throws SQLException {
        for (int i = 0; i < citations.size(); i++) {
            insertCitation.setLong(1, sequence);
            insertCitation.setInt(2, i);
            insertCitation.setString(3, EventRow.text(citations.get(i).identifier()));
            insertCitation.setString(4, EventRow.text(citations.get(i).relation()));
            insertCitation.addBatch();
        }
        return !citations.isEmpty();
    }

    private void putPlaces(Map<String, Long> places) throws SQLException {
        if (places.isEmpty()) {
            return;
        }
        String now = Times.sortable(Instant.now());
        for (Map.Entry<String, Long> place : places.entrySet()) {
            putPlace.setString(1, EventRow.text(place.getKey()));
            putPlace.setLong(2, place.getValue());
            putPlace.setString(3, now);
            putPlace.addBatch();
        }
        putPlace.executeBatch();
    }

    void forget(Collection<String> readers) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from places where reader = ?")) {
            for (String reader : readers) {
                delete.setString(1, EventRow.text(reader));
                delete.addBatch();
            }
            delete.executeBatch();
        }
    }

    long bury(DeadLetter letter) throws SQLException {
        latestDeadLetter++;
        insertDeadLetter.setLong(1, latestDeadLetter);
        insertDeadLetter.setString(2, EventRow.text(letter.handler()));
        insertDeadLetter.setLong(3, letter.sequence());
        insertDeadLetter.setString(4, EventRow.text(letter.identifier().orElse(null)));
        insertDeadLetter.setString(5, EventRow.text(letter.reason()));
        insertDeadLetter.setInt(6, letter.attempts());
        insertDeadLetter.setString(7, Times.sortable(letter.buriedAt()));
        insertDeadLetter.setBytes(8, EventRow.bytes(letter.content()));
        insertDeadLetter.executeUpdate();
        saveState();
        return latestDeadLetter;
    }

    boolean drop(long deadLetterId) throws SQLException {
        deleteDeadLetter.setLong(1, deadLetterId);
        return deleteDeadLetter.executeUpdate() > 0;
    }

    /**
     * Deletes events, not their digests, and returns how many.
     *
     * @param query gives their sequences
     * @param parameters of the query
     */
    int deleteEvents(String query, Object... parameters) throws SQLException {
        int deleted = 0;
        try (PreparedStatement events = connection.prepareStatement(
                        "delete from events where sequence in (" + query + ") returning sequence, bytes");
                PreparedStatement citations = connection.prepareStatement("delete from citations where sequence = ?")) {
            for (int i = 0; i < parameters.length; i++) {
                events.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = events.executeQuery()) {
                for (; rows.next(); deleted++) {
                    citations.setLong(1, rows.getLong(1));
                    citations.addBatch();
                    contentBytes -= rows.getLong(2);
                }
            }
            citations.executeBatch();
        }
        if (deleted > 0) {
            saveState();
        }
        return deleted;
    }

    /** Deletes what the statement says, with this parameter and the limit, and returns how many rows. */
    int delete(String sql, Instant before, int limit) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, Times.sortable(before));
            delete.setInt(2, limit);
            return delete.executeUpdate();
        }
    }

    private void saveState() throws SQLException {
        putState.setLong(1, latest);
        putState.setLong(2, latestDeadLetter);
        putState.setLong(3, contentBytes);
        putState.setString(4, writer);
        putState.executeUpdate();
    }

    /** Rolls back what was not committed, and disconnects. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("The connection was broken when it was closed.", e);
        }
    }
}
