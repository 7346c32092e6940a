package org.bolide.eventstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/** The log's tables, brought from whatever version they have to this bundle's. */
final class Schema {

    /** Script n-1 leads from version n-1 to version n. A script that was released is never changed. */
    static final List<String> SCRIPTS = List.of(
            resource("schema-1.sql"), resource("schema-2.sql"), resource("schema-3.sql"), resource("schema-4.sql"),
            resource("schema-5.sql"));

    /** The first version that knows which broker made it. */
    private static final int BROKER_SINCE = 4;
    private static final String VERSION = resource("version").strip();

    private Schema() {
    }

    /**
     * Runs the scripts that the database has not seen, each in a transaction of its own.
     *
     * @param connection with autocommit off
     * @throws IOException if the log was written by a newer broker
     */
    static void migrate(Connection connection, Dialect dialect, List<String> scripts) throws SQLException, IOException {
        int version = version(connection);
        if (version > scripts.size()) {
            throw new IOException("The event log in " + dialect.describe() + " was written by a newer broker" + newest(connection)
                    + ": it has schema " + version + ", and this broker knows schemas up to " + scripts.size()
                    + ". Start the newer broker again, or give this one another place.");
        }
        for (int next = version + 1; next <= scripts.size(); next++) {
            try (Statement statement = connection.createStatement();
                    PreparedStatement done =
                            connection.prepareStatement("insert into schema_version (version, installed_at) values (?, ?)")) {
                for (String command : commands(dialect.translate(scripts.get(next - 1)))) {
                    statement.execute(command);
                }
                done.setInt(1, next);
                done.setString(2, Times.sortable(Instant.now()));
                done.executeUpdate();
                if (next >= BROKER_SINCE) {
                    statement.executeUpdate("update schema_version set broker = '" + VERSION + "' where version = " + next);
                }
            }
            connection.commit();
        }
    }

    /** Which broker it was that brought the log to its version, and when, as far as that is known. */
    private static String newest(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select broker, installed_at from schema_version order by version desc limit 1")) {
            row.next();
            String day = row.getString(2).replaceFirst("T.*", "");
            return row.getString(1) == null ? " since " + day : ", Bolide " + row.getString(1) + ", since " + day;
        } finally {
            connection.commit();
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists schema_version (version integer primary key, installed_at text not null)");
            try (ResultSet row = statement.executeQuery("select coalesce(max(version), 0) from schema_version")) {
                row.next();
                return row.getInt(1);
            }
        } finally {
            connection.commit();
        }
    }

    private static List<String> commands(String script) {
        return List.of(script.replaceAll("(?m)^--.*\n", "").strip().split(";\\s*\n|;$"));
    }

    private static String resource(String name) {
        try (InputStream in = Schema.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
