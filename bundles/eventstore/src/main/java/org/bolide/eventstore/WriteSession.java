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
import java.util.TreeMap;

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

    /** So many events may come on top of what {@code log_state} says: its page is not written for each of them. */
    static final int STATE_LAG = 256;

    private final Connection connection;
    private final String writer;
    private final String lastWriter;
    private final KnownDigests known;
    private final DigestLookup lookup;
    private final Bodies bodies;
    private final List<byte[]> newDigests = new ArrayList<>();
    private final PreparedStatement insertDigest;
    private final PreparedStatement insertEvent;
    private final PreparedStatement insertCitation;
    private final PreparedStatement putPlace;
    private final PreparedStatement putState;
    private final PreparedStatement insertDeadLetter;
    private final PreparedStatement deleteDeadLetter;

    private long latest;
    private long savedLatest;
    private long latestDeadLetter;
    private long contentBytes;
    private boolean settled;

    private WriteSession(Connection connection, String writer, KnownDigests known, Bodies bodies) throws SQLException {
        this.connection = connection;
        this.writer = writer;
        this.known = known;
        this.bodies = bodies;
        lookup = new DigestLookup(connection);
        insertDigest = connection.prepareStatement("insert into digests (sequence, digest, received_at) values (?, ?, ?)");
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
        savedLatest = latest;
        latest = latest(connection);
        contentBytes += LongWork.number(connection, "select sum(bytes) from events where sequence > ?", savedLatest);
    }

    /** The newest sequence in the log, also where {@code log_state} is some events behind. */
    static long latest(Connection connection) throws SQLException {
        return LongWork.number(connection, "select max(sequence) from (select latest_sequence as sequence from log_state union all "
                + "select max(sequence) from events union all select max(sequence) from digests) as newest");
    }

    /**
     * Connects, takes the lock where the database has one, and makes or migrates the tables.
     *
     * @param writer stands for this broker from its start to its end
     * @param known is brought up to date where another broker has written since
     */
    static WriteSession open(Dialect dialect, String writer, KnownDigests known, Bodies bodies) throws SQLException, IOException {
        Connection connection = dialect.openWriter();
        try {
            Schema.migrate(connection, dialect, Schema.SCRIPTS);
            WriteSession session = new WriteSession(connection, writer, known, bodies);
            if (session.lastWriter.equals(Migration.UNFINISHED)) {
                throw new IOException("The event log in " + dialect.describe() + " is the unfinished copy of another log: run"
                        + " \"bolide log migrate\" there once more.");
            }
            if (!session.lastWriter.equals(writer)) {
                known.load(connection);
            }
            connection.commit();
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

    /**
     * Whether the broker that had this log before was not stopped as it should be; only before the first {@link #settle}.
     */
    boolean unclean() {
        return !lastWriter.isEmpty() && !lastWriter.equals(writer);
    }

    /** Whether the log says that it is open: this session has written, or an earlier one. */
    boolean written() {
        return settled || !lastWriter.isEmpty();
    }

    /** The bytes of all events' contents. */
    long contentBytes() {
        return contentBytes;
    }

    List<Appended> append(List<NewEvent> events, Map<String, Long> places) throws SQLException {
        newDigests.clear();
        List<byte[]> digests = new ArrayList<>(events.size());
        for (NewEvent event : events) {
            digests.add(EventRow.bytes(event.digest()));
        }
        long[] found = known.find(digests, lookup);
        Map<ByteBuffer, Long> ofThisList = new HashMap<>();
        List<Appended> result = new ArrayList<>(events.size());
        boolean citations = false;
        long before = latest;
        for (int i = 0; i < found.length; i++) {
            NewEvent event = events.get(i);
            byte[] digest = digests.get(i);
            Long duplicate = found[i] != 0 ? Long.valueOf(found[i]) : ofThisList.putIfAbsent(ByteBuffer.wrap(digest), latest + 1);
            if (duplicate != null) {
                result.add(new Appended(duplicate, true));
                continue;
            }
            latest++;
            contentBytes += event.content().remaining();
            newDigests.add(digest);
            String receivedAt = Times.sortable(event.receivedAt());
            insertDigest.setLong(1, latest);
            insertDigest.setBytes(2, digest);
            insertDigest.setString(3, receivedAt);
            insertDigest.addBatch();
            EventRow.bind(insertEvent, latest, event, receivedAt, bodies.pack(event.content()));
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
            if (latest - savedLatest >= STATE_LAG) {
                saveState();
            }
        }
        putPlaces(places);
        return result;
    }

    /** The transaction is on disk. */
    void committed() {
        long sequence = latest - newDigests.size();
        for (byte[] digest : newDigests) {
            known.add(digest, ++sequence);
        }
        newDigests.clear();
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
        // in the order of the table, so that thousands of them are a few pages one after the other
        for (Map.Entry<String, Long> place : new TreeMap<>(places).entrySet()) {
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
                PreparedStatement citations = connection.prepareStatement("delete from citations where sequence = ?");
                PreparedStatement facts = connection.prepareStatement("delete from event_facts where sequence = ?")) {
            for (int i = 0; i < parameters.length; i++) {
                events.setObject(i + 1, parameters[i]);
            }
            try (ResultSet rows = events.executeQuery()) {
                for (; rows.next(); deleted++) {
                    citations.setLong(1, rows.getLong(1));
                    citations.addBatch();
                    facts.setLong(1, rows.getLong(1));
                    facts.addBatch();
                    contentBytes -= rows.getLong(2);
                }
            }
            citations.executeBatch();
            facts.executeBatch();
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

    /** The log is closed as it should be. */
    void sayClosed() throws SQLException {
        saveState("");
    }

    /** Writes what is there already, to see whether that is possible. */
    void probe() throws SQLException {
        saveState();
    }

    private void saveState() throws SQLException {
        saveState(writer);
    }

    private void saveState(String holder) throws SQLException {
        savedLatest = latest;
        putState.setLong(1, latest);
        putState.setLong(2, latestDeadLetter);
        putState.setLong(3, contentBytes);
        putState.setString(4, holder);
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
