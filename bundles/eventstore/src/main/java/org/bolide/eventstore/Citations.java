package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.bolide.api.Citation;

/** The table {@code citations}, both ways. */
final class Citations {

    private Citations() {
    }

    /** What these events cite; those that cite nothing are not in it. */
    static Map<Long, List<Citation>> of(Connection connection, long[] sequences) throws SQLException {
        Map<Long, List<Citation>> citations = new HashMap<>();
        if (sequences.length == 0) {
            return citations;
        }
        long first = Arrays.stream(sequences).min().getAsLong();
        long last = Arrays.stream(sequences).max().getAsLong();
        boolean near = last - first < 4L * sequences.length; // as a rule, and then nothing has to be listed
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select sequence, identifier, relation from citations where "
                        + (near ? "sequence between " + first + " and " + last : among(sequences)) + " order by sequence, ordinal")) {
            while (rows.next()) {
                citations.computeIfAbsent(rows.getLong(1), sequence -> new ArrayList<>())
                        .add(new Citation(rows.getString(2), rows.getString(3)));
            }
        }
        return citations;
    }

    /** How many citations each of these identifiers has; those without are not in it. */
    static Map<String, Long> counts(Connection connection, Dialect.Identifiers identifiers, Collection<String> cited) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        if (cited.isEmpty()) {
            return counts;
        }
        SqlText sql = new SqlText("select identifier, count(*) from citations where " + identifiers.key("identifier") + " in ")
                .add(EventCriteria.list(cited.stream().map(identifiers::keyOf).toList()))
                .add(" and identifier in ").add(EventCriteria.list(cited)).add(" group by identifier");
        try (PreparedStatement select = sql.prepare(connection); ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }

    /** The condition that the sequence is one of these. */
    static String among(long[] sequences) {
        return Arrays.stream(sequences).mapToObj(Long::toString).collect(Collectors.joining(", ", "sequence in (", ")"));
    }
}
