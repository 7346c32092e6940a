package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The table {@code state}: what bundles remember. */
final class KeptRows {

    private KeptRows() {
    }

    /** All of one kind. */
    static SortedMap<String, String> read(Connection connection, String kind) throws SQLException {
        SortedMap<String, String> kept = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement("select key, value from state where kind = ?")) {
            select.setString(1, EventRow.text(kind));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    kept.put(row.getString(1), row.getString(2));
                }
            }
        }
        return kept;
    }

    /** Puts what has a value and deletes what has none. */
    static void write(Connection connection, String kind, Map<String, Optional<String>> changes) throws SQLException {
        try (PreparedStatement put = connection.prepareStatement("insert into state (kind, key, value) values (?, ?, ?) "
                        + "on conflict (kind, key) do update set value = excluded.value");
                PreparedStatement delete = connection.prepareStatement("delete from state where kind = ? and key = ?")) {
            for (Map.Entry<String, Optional<String>> change : new TreeMap<>(changes).entrySet()) {
                PreparedStatement statement = change.getValue().isPresent() ? put : delete;
                statement.setString(1, EventRow.text(kind));
                statement.setString(2, EventRow.text(change.getKey()));
                if (change.getValue().isPresent()) {
                    statement.setString(3, EventRow.text(change.getValue().get()));
                }
                statement.addBatch();
            }
            delete.executeBatch();
            put.executeBatch();
        }
    }
}
