package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

import javax.xml.namespace.QName;

import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.SkyPosition;
import org.bolide.api.store.StoredEvent;

/**
 * One search in the log, in one transaction that reads. Candidates come newest first, in growing portions: by the index of the
 * sky where there is a circle, else by that of identifiers where there is a stream, else in the order of the log, between the
 * first and the last event of the time that is asked for. What the other criteria leave of them is read, and
 * {@link EventQuery#matches} decides: SQL knows neither all letters as Java does nor the exact edge of a circle.
 */
final class EventSearch {

    private static final int FIRST_PORTION = 64;
    private static final int GROWTH = 4;

    /** Candidates whose rows are asked for at once. */
    private static final int ROWS = 1024;

    /** Rows that a server sends at once, of whole events and of a few columns. */
    private static final int FETCH = 32;
    private static final int FETCH_COLUMNS = 2000;

    /** All events up to a sequence; the plus leaves the choice to the smallest index. */
    static final String COUNT_ALL = "select count(*) from events where +sequence <= ?";

    private static final QName ANY = new QName("any");

    private final Connection connection;
    private final EventQuery query;
    private final EventCriteria criteria;
    private final long latest;

    /** @param latest the newest sequence to be found */
    EventSearch(Connection connection, Dialect dialect, EventQuery query, long latest) {
        this.connection = connection;
        this.query = query;
        this.latest = latest;
        criteria = new EventCriteria(query, dialect.identifiers());
    }

    /** The newest that match, newest first. */
    List<StoredEvent> newest(int maxEvents, Bodies bodies) throws SQLException {
        List<StoredEvent> found = new ArrayList<>();
        if (criteria.isImpossible()) {
            return found;
        }
        Optional<SqlText> index = byIndex();
        SqlText conditions = conditions();
        long[] ends = index.isPresent() ? new long[] {0, latest} : inTime();
        long first = ends[0];
        long last = ends[1];
        long portion = index.isPresent() ? Math.max(FIRST_PORTION, maxEvents) : maxEvents;
        try (Bodies.Unpacker unpacker = bodies.unpacker(connection)) {
            while (found.size() < maxEvents && last >= first) {
                SqlText candidates = index.isPresent()
                        ? new SqlText("select sequence from (").add(index.get()).add(") as candidates where sequence <= ?"
                                + " order by sequence desc limit ?", last, portion)
                        : new SqlText("select sequence from events where sequence >= ? and sequence <= ?", first, last)
                                .add(conditions).add(" order by sequence desc limit ?", portion);
                long[] sequences = sequences(candidates);
                for (int from = 0; from < sequences.length && found.size() < maxEvents; from += ROWS) {
                    take(Arrays.copyOfRange(sequences, from, Math.min(sequences.length, from + ROWS)), conditions, maxEvents, unpacker, found);
                }
                last = sequences.length < portion ? -1 : sequences[sequences.length - 1] - 1;
                portion = Math.min(Integer.MAX_VALUE, GROWTH * portion);
            }
        }
        return found.isEmpty() ? found : LogReader.cite(connection, found);
    }

    /** How many match. */
    long count() throws SQLException {
        if (criteria.isImpossible()) {
            return 0;
        }
        Optional<SqlText> index = byIndex();
        SqlText conditions = conditions();
        SqlText from = new SqlText(" from events where ");
        if (index.isPresent() && conditions.isEmpty() && criteria.isExact()) {
            from = new SqlText(" from (").add(index.get()).add(") as found where sequence <= ?", latest);
        } else if (index.isPresent()) {
            from.add("sequence in (select sequence from (").add(index.get()).add(") as candidates where sequence <= ?)", latest).add(conditions);
        } else {
            // whatever index has least to be read
            from.add("+sequence <= ?", latest).add(conditions);
        }
        return criteria.isExact() ? number(new SqlText("select count(*)").add(from)) : countMatching(from);
    }

    /** By what SQL cannot decide; the rest is in the condition. */
    private long countMatching(SqlText from) throws SQLException {
        EventQuery decisive = new EventQuery(query.criteria().stream()
                .filter(criterion -> criterion instanceof EventQuery.IdentifierPart || criterion instanceof EventQuery.Cone).toList());
        long count = 0;
        try (PreparedStatement select = new SqlText("select identifier, frame, longitude, latitude").add(from).prepare(connection)) {
            select.setFetchSize(FETCH_COLUMNS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    EventHeader header = new EventHeader(ANY, Optional.ofNullable(row.getString(1)), Optional.empty(), Optional.empty(),
                            Optional.empty(), Optional.empty(), position(row), List.of());
                    count += decisive.matches(header, Instant.EPOCH, identifier -> false) ? 1 : 0;
                }
            }
        }
        return count;
    }

    private static Optional<SkyPosition> position(ResultSet row) throws SQLException {
        double longitude = row.getDouble(3);
        boolean none = row.wasNull();
        double latitude = row.getDouble(4);
        none |= row.wasNull();
        return none ? Optional.empty() : Optional.of(new SkyPosition(longitude, latitude, OptionalDouble.empty(), ""));
    }

    /** Reads the rows of these candidates. */
    private void take(long[] sequences, SqlText conditions, int maxEvents, Bodies.Unpacker unpacker, List<StoredEvent> found)
            throws SQLException {
        SqlText rows = new SqlText(EventRow.SELECT + "where " + LogReader.among(sequences)).add(conditions).add(" order by sequence desc");
        try (PreparedStatement select = rows.prepare(connection)) {
            select.setFetchSize(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (found.size() < maxEvents && row.next()) {
                    StoredEvent event = EventRow.read(row, unpacker);
                    if (query.matches(event.header(), event.receivedAt(), identifier -> false)) {
                        found.add(event);
                    }
                }
            }
        }
    }

    /** What the index has not seen to. */
    private SqlText conditions() {
        return criteria.conditions(criteria.indexedStream().isEmpty() || query.criteria(EventQuery.Cone.class).findFirst().isPresent());
    }

    private Optional<SqlText> byIndex() throws SQLException {
        if (query.criteria(EventQuery.Cone.class).findFirst().isPresent()) {
            return Optional.of(bySky(new SkyCone(query.criteria(EventQuery.Cone.class).findFirst().get())));
        }
        return criteria.indexedStream().map(criteria::ofStream);
    }

    /** What is in the index of the sky, and then the newer events in their own order. */
    private SqlText bySky(SkyCone cone) throws SQLException {
        long indexed = number(new SqlText("select sky_sequence from log_state"));
        SqlText sequences = new SqlText("select sequence from sky_index where cell = " + SkyCell.ELSEWHERE);
        for (int[] range : cone.cells()) {
            sequences.add(" union all select sequence from sky_index where cell between " + range[0] + " and " + range[1]);
        }
        return sequences.add(" union all select sequence from events where sequence > ? and sequence <= ? and longitude is not null"
                + " and (latitude between ? and ? or latitude not between -90 and 90)", indexed, latest, cone.south(), cone.north());
    }

    /** The first and the last event of the time that is asked for: the log's events are nearly in the order of time. */
    private long[] inTime() throws SQLException {
        SqlText times = criteria.times();
        if (times.isEmpty()) {
            return new long[] {0, latest};
        }
        SqlText ends = new SqlText("select coalesce(min(sequence + 0), 0), coalesce(max(sequence + 0), -1) from events where 1 = 1").add(times);
        try (PreparedStatement select = ends.prepare(connection); ResultSet row = select.executeQuery()) {
            row.next();
            return new long[] {row.getLong(1), Math.min(latest, row.getLong(2))};
        }
    }

    private long[] sequences(SqlText sql) throws SQLException {
        LongStream.Builder sequences = LongStream.builder();
        try (PreparedStatement select = sql.prepare(connection)) {
            select.setFetchSize(FETCH_COLUMNS);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sequences.add(row.getLong(1));
                }
            }
        }
        return sequences.build().toArray();
    }

    private long number(SqlText sql) throws SQLException {
        try (PreparedStatement select = sql.prepare(connection); ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
