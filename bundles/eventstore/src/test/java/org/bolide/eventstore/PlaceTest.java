package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where the log may be, and what else may stand there. */
class PlaceTest {

    @TempDir
    Path base;

    /** Holds a log until it is killed. */
    static final class Holder {

        private Holder() {
        }

        public static void main(String[] arguments) throws IOException {
            new JdbcEventStore(Path.of(arguments[0]), Configs.in(Path.of("log")));
            System.out.println("open");
            if (System.in.read() < 0) {
                System.out.println("closed");
            }
        }
    }

    @Test
    void shouldMakeTheDirectoryBelowTheBase() throws IOException {
        new JdbcEventStore(base, Configs.in(Path.of("a/b/log"))).close();

        assertTrue(Files.size(base.resolve("a/b/log/events.sqlite")) > 0);
    }

    @Test
    void shouldRefuseAFile() throws IOException {
        Path file = Files.writeString(base.resolve("log"), "precious");

        assertRefused("The event log cannot be in " + file + ": " + file + " is a file. Move it away, or give another directory "
                + "(org.bolide.eventstore: directory).");
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void shouldRefuseADirectoryBelowAFile() throws IOException {
        Path file = Files.writeString(base.resolve("file"), "precious");

        IOException e = assertThrows(IOException.class, () -> open("file/log"));
        assertTrue(e.getMessage().startsWith("The event log cannot be in " + file.resolve("log") + ": " + file + " is a file."),
                e.getMessage());
    }

    @Test
    void shouldRefuseADirectoryThatCannotBeMade() {
        IOException e = assertThrows(IOException.class, () -> open("/proc/log"));
        assertTrue(e.getMessage().startsWith("The event log cannot be in /proc/log: /proc/log: "), e.getMessage());
        assertTrue(e.getMessage().endsWith("Make it writable for the user " + System.getProperty("user.name")
                + ", or give another directory (org.bolide.eventstore: directory)."), e.getMessage());
    }

    @Test
    void shouldRefuseALogThatThisProcessHas() throws IOException {
        JdbcEventStore store = open("log");
        for (int i = 0; i < 2; i++) {
            assertRefused("The event log in " + base.resolve("log") + " is in use by another broker, process "
                    + ProcessHandle.current().pid() + ". Stop that one, or give this one another directory "
                    + "(org.bolide.eventstore: directory).");
        }
        store.close();
        store.close();

        open("log").close();
    }

    @Test
    void shouldRefuseALogThatAnotherProcessHasUntilItIsKilled() throws Exception {
        try (Child holder = Child.start(Holder.class, base)) {
            assertEquals("open", holder.line());

            assertRefused("The event log in " + base.resolve("log") + " is in use by another broker, process " + holder.pid()
                    + ". Stop that one, or give this one another directory (org.bolide.eventstore: directory).");

            holder.kill();
            open("log").close();
        }
    }

    @Test
    void shouldSayThatAFileIsNoLogAndReleaseTheDirectory() throws IOException {
        Path file = Files.createDirectories(base.resolve("log")).resolve("events.sqlite");
        Files.writeString(file, "This is no database at all. ".repeat(1000));

        for (int i = 0; i < 2; i++) {
            IOException e = assertThrows(IOException.class, () -> open("log"));
            assertTrue(e.getMessage().startsWith("The event log in " + base.resolve("log") + " is damaged: "), e.getMessage());
        }
        Files.delete(file);
        open("log").close();
    }

    @Test
    void shouldRefuseALogOfANewerBroker() throws Exception {
        open("log").close();
        sql("insert into schema_version (version, installed_at, broker) values (99, '2030-01-01T00:00:00.000000Z', '9.8.7')");

        assertRefused("The event log in " + base.resolve("log") + " was written by a newer broker, Bolide 9.8.7, since 2030-01-01: it has schema 99, "
                + "and this broker knows schemas up to " + Schema.SCRIPTS.size() + ". Start the newer broker again, or give this one another place.");
    }

    @Test
    void shouldMigrateAnOlderLogForward() throws Exception {
        append("log", "a");
        List<String> scripts = new ArrayList<>(Schema.SCRIPTS);
        scripts.add("-- a comment; with a semicolon\nalter table events add column trust integer;\n"
                + "update events\n    set trust = 3;\n");
        SqliteDialect dialect = new SqliteDialect(base.resolve("log"));
        for (int i = 0; i < 2; i++) {
            try (Connection connection = dialect.openWriter()) {
                Schema.migrate(connection, dialect, scripts);
            }
        }
        dialect.release();

        assertEquals("1|3", sql("select sequence || '|' || trust from events"));
        assertEquals(String.valueOf(scripts.size()), sql("select count(*) from schema_version"));
    }

    @Test
    void shouldUndoAMigrationThatFails() throws Exception {
        append("log", "a");
        List<String> scripts = new ArrayList<>(Schema.SCRIPTS);
        scripts.add("alter table events add column trust integer;\nno such command;\n");
        SqliteDialect dialect = new SqliteDialect(base.resolve("log"));
        try (Connection connection = dialect.openWriter()) {
            assertThrows(SQLException.class, () -> Schema.migrate(connection, dialect, scripts));
        }
        dialect.release();

        append("log", "b");
        assertEquals("2", sql("select count(*) from event_list"));
    }

    @Test
    void shouldBeOpenToOtherProgramsWhileItRuns() throws Exception {
        JdbcEventStore store = open("log");
        try {
            store.append(List.of(EventStoreContract.event("a", Instant.parse("2026-11-21T20:00:00.123456789Z"))), Map.of());

            assertEquals("1|2026-11-21T20:00:00.123456Z|1",
                    sql("select sequence || '|' || received_at || '|' || bytes from event_list"));
            // somebody who writes is waited for, and does not break anything
            sql("delete from places");
            store.append(List.of(EventStoreContract.event("b", Instant.now())), Map.of());
            assertEquals("2", sql("select count(*) from event_list"));
        } finally {
            store.close();
        }
    }

    @Test
    void shouldSayThatItIsClosed() throws IOException {
        JdbcEventStore store = open("log");
        store.close();

        for (IOException e : List.of(
                assertThrows(IOException.class, () -> store.append(List.of(), Map.of("a", 1L))),
                assertThrows(IOException.class, store::places))) {
            assertEquals("The event log is closed.", e.getMessage());
        }
    }

    private void assertRefused(String message) {
        assertEquals(message, assertThrows(IOException.class, () -> open("log")).getMessage());
    }

    private void append(String directory, String text) throws IOException {
        JdbcEventStore store = open(directory);
        store.append(List.of(EventStoreContract.event(text, Instant.now())), Map.of());
        store.close();
    }

    private JdbcEventStore open(String directory) throws IOException {
        return new JdbcEventStore(base, Configs.in(Path.of(directory)));
    }

    /** As the tool {@code sqlite3} would, and what it would print. */
    private String sql(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("log/events.sqlite"));
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }
}
