package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary.Tally;

/** How many events of each kind match. */
final class EventTallies {

    private final Connection connection;
    private final Dialect.Identifiers identifiers;
    private final EventSearch search;

    /** @param latest the newest sequence to be counted */
    EventTallies(Connection connection, Dialect dialect, EventQuery query, long latest) throws SQLException {
        this.connection = connection;
        identifiers = dialect.identifiers();
        search = new EventSearch(connection, dialect, query, latest, false);
    }

    List<Tally> byStreamAndRole() throws SQLException {
        TreeMap<String, TreeMap<String, Long>> counts = new TreeMap<>();
        for (SqlText rows : sources()) {
            SqlText sql = new SqlText("select stream, coalesce(role, ''), count(*)").add(rows).add(" group by stream, role");
            try (PreparedStatement select = sql.prepare(connection); ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.computeIfAbsent(row.getString(1), stream -> new TreeMap<>()).merge(row.getString(2), row.getLong(3), Long::sum);
                }
            }
        }
        List<Tally> tallies = new ArrayList<>();
        counts.forEach((stream, roles) -> roles.forEach((role, events) -> tallies.add(new Tally(stream, role, events))));
        return tallies;
    }

    /** Rows with what {@link EventFacts} have. */
    private List<SqlText> sources() throws SQLException {
        Optional<EventFacts> facts = search.facts();
        return facts.isPresent() ? facts.get().parts() : search.rows().stream().map(rows -> EventFacts.of(rows, identifiers)).toList();
    }

    SortedMap<YearMonth, Long> byMonth() throws SQLException {
        TreeMap<YearMonth, Long> counts = new TreeMap<>();
        for (SqlText rows : sources()) {
            SqlText sql = new SqlText("select month, count(*) from (select substr(authored_at, 1, " + identifiers.position("authored_at", "'T'")
                    + " - 4) as month").add(rows).add(" and authored_at is not null) as months group by month");
            try (PreparedStatement select = sql.prepare(connection); ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.merge(YearMonth.parse(row.getString(1)), row.getLong(2), Long::sum);
                }
            }
        }
        return counts;
    }
}
