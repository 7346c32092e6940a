package org.bolide.benchmarks.faults;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import org.bolide.testkit.PostgresServer;

/** The events in a log, read as any tool may read it while the broker runs. */
record LogContents(List<Entry> entries) {

    /** One event, as the view {@code event_list} has it. */
    record Entry(long sequence, String ivoid, String receivedAt) {}

    static LogContents of(Path base) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("eventlog/events.sqlite"))) {
            return read(connection);
        }
    }

    static LogContents of(PostgresServer server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url("postgres"), PostgresServer.USER, server.password())) {
            return read(connection);
        }
    }

    private static LogContents read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select sequence, identifier, received_at from event_list order by sequence")) {
            List<Entry> entries = new ArrayList<>();
            while (rows.next()) {
                entries.add(new Entry(rows.getLong(1), rows.getString(2), rows.getString(3)));
            }
            return new LogContents(List.copyOf(entries));
        }
    }

    TreeSet<String> ivoids() {
        TreeSet<String> all = new TreeSet<>();
        entries.forEach(entry -> all.add(entry.ivoid()));
        return all;
    }

    /** How many entries are second copies. */
    int copies() {
        return entries.size() - ivoids().size();
    }
}
