package org.bolide.eventstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.bolide.api.store.EventStore;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.testkit.EventStoreContract;
import org.bolide.testkit.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PostgresEventStoreTest extends EventStoreContract {

    private static PostgresServer server;
    private static int databases;

    private String database;
    private JdbcEventStore store;

    @BeforeAll
    static void startServer() throws IOException {
        server = new PostgresServer();
    }

    @AfterAll
    static void stopServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void create() throws IOException, SQLException {
        database = "log" + ++databases;
        sql("postgres", "create database " + database);
        open();
    }

    @AfterEach
    void drop() throws IOException, SQLException {
        close();
        // a server that was stopped hard syncs every file when it is started again
        sql("postgres", "drop database " + database + " with (force)");
    }

    private void close() throws IOException {
        if (store != null) {
            store.close();
        }
    }

    @Override
    protected EventStore store() {
        return store;
    }

    @Override
    protected void restart() throws IOException {
        close();
        open();
    }

    @Override
    protected void index() throws IOException {
        store.index();
    }

    @Override
    protected void expire(Instant now) throws IOException {
        store.expire(now);
    }

    @Test
    void shouldConnectAgainByItselfWhenTheServerWasAway() throws Exception {
        append("a");
        sql("postgres", "checkpoint"); // so that it is started again soon
        server.stop();
        try {
            IOException e = assertThrows(IOException.class, () -> append("b"));
            assertTrue(e.getMessage().startsWith("The event log in PostgreSQL database " + database + " at 127.0.0.1 cannot be "
                    + "reached: see that the server runs; the broker connects again by itself ("), e.getMessage());
            assertThrows(IOException.class, () -> append("b"));
            assertThrows(IOException.class, () -> store.read(0, 10, 10));
        } finally {
            server.start();
        }

        assertEquals(new Appended(2, false), append("b"));
        assertEquals(2, store.read(0, 10, 1000).size());
        assertEquals(new Appended(1, true), append("a"));
    }

    @Test
    void shouldMeanNothingWasWrittenWhenTheAnswerToACommitIsLost() throws Exception {
        close();
        try (LossyProxy proxy = new LossyProxy(server.port())) {
            store = new JdbcEventStore(Path.of(""), Configs.with(Map.of(
                    "databaseUrl", "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + database,
                    "databaseUser", PostgresServer.USER, "databasePassword", server.password())));
            append("a");
            proxy.loseCommitOf("lost");
            assertThrows(IOException.class, () -> append("lost"));
            assertTrue(proxy.hasLost(), "something else went wrong");
            assertEquals(1, store.latest());
            assertEquals(1, store.read(0, 10, 1000).size(), "what was not acknowledged is shown");
            assertEquals(Optional.of(1L), store.earliest());

            assertEquals(new Appended(2, false), append("c"));
            assertEquals(new Appended(3, false), append("lost"));
            assertEquals(List.of("a", "c", "lost"), store.read(0, 10, 1000).stream()
                    .map(event -> StandardCharsets.UTF_8.decode(event.content()).toString()).toList());
            close();
            assertEquals("6", sql(database, "select content_bytes from log_state"));
        }
        store = null;
    }

    @Test
    void shouldRefuseASecondBroker() throws Exception {
        IOException e = assertThrows(IOException.class, () -> new JdbcEventStore(Path.of(""), Configs.in(server, database)));
        assertTrue(e.getMessage().matches("The event log in PostgreSQL database log\\d+ at 127\\.0\\.0\\.1 is in use by another "
                + "broker \\(server process \\d+, \"bolide\" from 127\\.0\\.0\\.1\\)\\. Stop that one, or give this one another "
                + "database or schema \\(org\\.bolide\\.eventstore: databaseUrl\\)\\."), e.getMessage());
        append("a");

        sql(database, "create schema other");
        new JdbcEventStore(Path.of(""), Configs.with(Map.of(
                "databaseUrl", server.url(database) + "?currentSchema=other",
                "databaseUser", PostgresServer.USER, "databasePassword", server.password()))).close();
    }

    @Test
    void shouldRefuseALogOfANewerBrokerAndLeaveItAsItIs() throws Exception {
        append("a");
        sql(database, "insert into schema_version (version, installed_at, broker) values (99, '2030-01-01T00:00:00.000000Z', '9.8.7')");
        close();

        IOException e = assertThrows(IOException.class, this::open);

        assertEquals("The event log in PostgreSQL database " + database + " at 127.0.0.1 was written by a newer broker, Bolide 9.8.7, since "
                + "2030-01-01: it has schema 99, and this broker knows schemas up to " + Schema.SCRIPTS.size()
                + ". Start the newer broker again, or give this one another place.", e.getMessage());
        sql(database, "delete from schema_version where version = 99");
        open();
        assertEquals(1, store.latest());
    }

    @Test
    void shouldUndoNothingOfABrokerThatTookOver() throws Exception {
        append("a");
        sql(database, "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() "
                + "and pid <> pg_backend_pid()");
        JdbcEventStore other = await().ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> new JdbcEventStore(Path.of(""), Configs.in(server, database)), Objects::nonNull);
        assertThrows(IOException.class, () -> append("b"));
        assertEquals(new Appended(2, false), other.append(List.of(event("b", Instant.now())), Map.of()).get(0));
        IOException e = assertThrows(IOException.class, () -> append("c"));
        assertTrue(e.getMessage().contains("is in use by another broker"), e.getMessage());
        other.close();

        // the server ends the other one's session a moment after its socket
        await().ignoreExceptionsInstanceOf(IOException.class).until(() -> append("c").sequence() == 3);
        assertEquals(new Appended(2, true), append("b"));
        assertEquals(3, store.read(0, 10, 1000).size());
    }

    @Test
    void shouldTurnSynchronousCommitOn() throws Exception {
        sql("postgres", "alter database " + database + " set synchronous_commit = off");
        close();
        assertEquals("off", sql(database, "show synchronous_commit"));

        try (Connection writer = new PostgresDialect(
                server.url(database), PostgresServer.USER, server.password()).openWriter();
                Statement statement = writer.createStatement();
                ResultSet row = statement.executeQuery("show synchronous_commit")) {
            row.next();
            assertEquals("on", row.getString(1));
        }
    }

    @Test
    void shouldEndASearchThatTakesTooLong() throws Exception {
        PostgresDialect dialect = new PostgresDialect(server.url(database), PostgresServer.USER, server.password());
        Bodies bodies = new Bodies();
        LogReader reader = new LogReader(dialect, bodies, "test", 1);
        try {
            assertEquals(Long.valueOf(30_000L), reader.bounded(connection ->
                    LongWork.number(connection, "select setting::bigint from pg_settings where name = 'statement_timeout'")));
            assertEquals(Long.valueOf(0L), reader.query(connection ->
                    LongWork.number(connection, "select setting::bigint from pg_settings where name = 'statement_timeout'")));
            IOException e = assertThrows(IOException.class, () -> reader.query(connection -> {
                LongWork.execute(connection, "set local statement_timeout = 1");
                return LongWork.number(connection, "select pg_sleep(10)::text::bigint");
            }));
            assertTrue(e.getMessage().startsWith("The event log in PostgreSQL database " + database + " at 127.0.0.1 was searched for longer "
                    + "than 30 s, or the search was interrupted: narrow it by a stream, a circle on the sky or a shorter time ("), e.getMessage());
        } finally {
            reader.close();
            bodies.close();
        }
    }

    @Test
    void shouldSayWhatToDoWhenItIsNotLetIn() throws Exception {
        IOException e = assertThrows(IOException.class, () -> new JdbcEventStore(Path.of(""), Configs.with(Map.of(
                "databaseUrl", server.url(database), "databaseUser", PostgresServer.USER, "databasePassword", "wrong"))));
        assertTrue(e.getMessage().contains(" does not let the broker in: check databaseUrl, databaseUser and databasePassword of "
                + "org.bolide.eventstore and the user's rights ("), e.getMessage());
        assertFalse(e.getMessage().contains("wrong"), e.getMessage());
    }

    private Appended append(String text) throws IOException {
        return store.append(List.of(event(text, Instant.now())), Map.of()).get(0);
    }

    private void open() throws IOException {
        store = new JdbcEventStore(Path.of(""), Configs.in(server, database));
    }

    private static String sql(String database, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.url(database), PostgresServer.USER, server.password());
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
