package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongPredicate;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.CitingPart;
import org.bolide.api.SkyPosition;

/** Goes through rows of {@code events} and lets through what {@link EventQuery#matches}, as far as SQL has not decided that. */
final class Sieve {

    /** What may be undecided goes by these; after {@code select}. */
    static final String COLUMNS = "sequence, identifier, authored_at, longitude, latitude";

    /** Rows that a server sends at once, and that are looked at together. */
    private static final int ROWS = 1000;

    private static final QName ANY = new QName("any");

    private record Row(long sequence, EventHeader header) {}

    private final Connection connection;
    private final EventQuery undecided;
    private final boolean readsCitations;

    Sieve(Connection connection, EventQuery undecided) {
        this.connection = connection;
        this.undecided = undecided;
        readsCitations = undecided.criteria(CitingPart.class).findFirst().isPresent();
    }

    /** Whether it has nothing to do. */
    boolean isOpen() {
        return undecided.criteria().isEmpty();
    }

    /**
     * Gives the sequences of what comes through, in the order of the rows.
     *
     * @param select selects {@link #COLUMNS}
     * @param taker says whether it wants more
     */
    void pass(SqlText select, LongPredicate taker) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = select.prepare(connection)) {
            statement.setFetchSize(ROWS);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(new Row(row.getLong(1), header(row)));
                    if (rows.size() == ROWS && !pass(rows, taker)) {
                        return;
                    }
                }
            }
        }
        pass(rows, taker);
    }

    private boolean pass(List<Row> rows, LongPredicate taker) throws SQLException {
        Map<Long, List<Citation>> citations = readsCitations
                ? Citations.of(connection, rows.stream().mapToLong(Row::sequence).toArray())
                : Map.of();
        for (Row row : rows) {
            List<Citation> cites = citations.get(row.sequence());
            EventHeader header = cites == null ? row.header() : EventRow.withCitations(row.header(), cites);
            if (undecided.matches(header, Instant.EPOCH, identifier -> false) && !taker.test(row.sequence())) {
                return false;
            }
        }
        rows.clear();
        return true;
    }

    private static EventHeader header(ResultSet row) throws SQLException {
        return new EventHeader(ANY, Optional.ofNullable(row.getString(2)), Optional.empty(), Optional.empty(),
                Optional.ofNullable(row.getString(3)).map(Times::parse), Optional.empty(), position(row), List.of());
    }

    private static Optional<SkyPosition> position(ResultSet row) throws SQLException {
        double longitude = row.getDouble(4);
        boolean none = row.wasNull();
        double latitude = row.getDouble(5);
        none |= row.wasNull();
        return none ? Optional.empty() : Optional.of(new SkyPosition(longitude, latitude, OptionalDouble.empty(), ""));
    }
}
