package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.bolide.api.management.LogMaintenance.Database;
import org.bolide.api.management.LogMaintenance.LogCopy;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.EventStoreContract;
import org.bolide.testkit.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MigrationTest {

    private static final Instant RECEIVED = Instant.now().truncatedTo(ChronoUnit.MICROS).minusSeconds(100);
    private static PostgresServer server;
    private static int databases;

    @TempDir
    Path base;

    private Database database;
    private String name;
    private JdbcEventStore store;
    private int written;

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
    void open() throws Exception {
        name = "target" + ++databases;
        sql("postgres", "create database " + name);
        database = new Database(server.url(name), PostgresServer.USER, server.password());
        store = new JdbcEventStore(base, Configs.in(Path.of("log")));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static void sql(String database, String command) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.url(database), PostgresServer.USER, server.password());
                Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private void append(int events) throws IOException {
        List<NewEvent> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            byte[] content = ("event " + ++written).getBytes(StandardCharsets.UTF_8);
            EventHeader header = new EventHeader(new QName("urn:e", "e"), Optional.of("ivo://a/b#" + written),
                    Optional.of("test"), Optional.empty(), Optional.of(RECEIVED), Optional.empty(),
                    written % 2 == 0 ? Optional.empty() : Optional.of(new SkyPosition(1.5, 2, OptionalDouble.empty(), "FK5")),
                    written % 3 == 0 ? List.of(new Citation("ivo://a/b#1", "followup")) : List.of());
            batch.add(new NewEvent(EventStoreContract.event(content, RECEIVED, Optional.empty()).digest(), header, ByteBuffer.wrap(content), "x",
                    RECEIVED.plusSeconds(written), List.of("a fault"), Optional.empty(), written % 5 == 0));
        }
        store.append(batch, Map.of("reader", (long) written));
    }

    private LogCopy migrate() throws Exception {
        List<Long> done = new ArrayList<>();
        LogCopy copy = store.migrate(database, (rows, total) -> done.add(rows));
        assertEquals(copy.events() + copy.digests(), done.get(done.size() - 1));
        return copy;
    }

    private JdbcEventStore target() throws IOException {
        return new JdbcEventStore(base, Configs.in(server, name));
    }

    @Test
    void shouldCarryEverythingOver() throws Exception {
        append(1300);
        store.bury(new DeadLetter(0, "handler", 7, Optional.empty(), ByteBuffer.wrap(new byte[] {1}), "why", 3, RECEIVED));
        store.keep("ban", Map.of("192.0.2.0/24", Optional.of("since today")));
        assertEquals(new LogCopy(1300, 1300, 1300, 1300, 0), migrate());
        JdbcEventStore target = target();
        try {
            assertEquals(store.read(0, 2000, Integer.MAX_VALUE), target.read(0, 2000, Integer.MAX_VALUE));
            assertEquals(store.places(), target.places());
            assertEquals(store.deadLetters(0, 100), target.deadLetters(0, 100));
            assertEquals(Map.of("192.0.2.0/24", "since today"), target.state("ban"));
            assertEquals(store.state().contentBytes(), target.state().contentBytes());
            assertEquals("PostgreSQL", target.state().kind());
            assertTrue(target.state().stoppedCleanly());
            NewEvent known = EventStoreContract.event("event 5", Instant.now());
            assertEquals(List.of(new Appended(5, true)), target.append(List.of(known), Map.of()));
            assertEquals(List.of(new Appended(1301, false)),
                    target.append(List.of(EventStoreContract.event("new", Instant.now())), Map.of()));
        } finally {
            target.close();
        }
    }

    @Test
    void shouldCopyOnlyWhatIsNewTheNextTime() throws Exception {
        append(700);
        migrate();
        append(20);
        assertEquals(new LogCopy(20, 20, 720, 720, 0), migrate());
        assertEquals(new LogCopy(0, 0, 720, 720, 0), migrate());
        assertCompleteCopy();
    }

    @Test
    void shouldGoOnWhereItWasInterrupted() throws Exception {
        append(1700);
        assertThrows(InterruptedException.class, () -> store.migrate(database, (done, total) -> {
            if (done >= 2500) {
                Thread.currentThread().interrupt();
            }
        }));
        await().untilAsserted(() -> {
            IOException unfinished = assertThrows(IOException.class, this::target);
            assertTrue(unfinished.getMessage().contains("unfinished copy"), unfinished.getMessage());
        });
        append(5);
        LogCopy copy = migrate();
        assertTrue(copy.events() < 1000, copy::toString);
        assertEquals(1705, copy.total());
        assertCompleteCopy();
    }

    @Test
    void shouldForgetInTheTargetWhatHasExpiredMeanwhile() throws Exception {
        append(30);
        migrate();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("log/events.sqlite"));
                Statement statement = connection.createStatement()) {
            statement.execute("delete from events where sequence <= 10");
        }
        append(1);
        assertEquals(21, migrate().total());
    }

    @Test
    void shouldSetNoPlaceBehindTheEndOfTheCopy() throws Exception {
        append(10);
        LogCopy copy = store.migrate(database, (done, total) -> {
            try {
                append(1);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        assertTrue(copy.behind() > 0, copy::toString);
        JdbcEventStore target = target();
        try {
            assertEquals(copy.newest(), target.latest());
            assertEquals(copy.newest(), target.places().get("reader").sequence());
        } finally {
            target.close();
        }
    }

    @Test
    void shouldRefuseADatabaseThatHoldsAnotherLog() throws Exception {
        JdbcEventStore other = target();
        other.append(List.of(EventStoreContract.event("another", Instant.now())), Map.of());
        other.close();
        append(10);
        IOException e = assertThrows(IOException.class, this::migrate);
        assertTrue(e.getMessage().contains("holds another log"), e.getMessage());
        other = await().ignoreExceptionsInstanceOf(IOException.class).until(this::target, Objects::nonNull);
        assertEquals(1, other.read(0, 10, 1000).size());
        other.close();
    }

    @Test
    void shouldSayWhyItIsNotLetIn() {
        IOException e = assertThrows(IOException.class, () -> store.migrate(
                new Database(server.url(name), PostgresServer.USER, "wrong"), (done, total) -> { }));
        assertTrue(e.getMessage().contains("does not let"), e.getMessage());
        IOException url = assertThrows(IOException.class, () -> store.migrate(
                new Database("jdbc:mysql://x", "", ""), (done, total) -> { }));
        assertTrue(url.getMessage().contains("jdbc:postgresql:"), url.getMessage());
    }

    @Test
    void shouldBackADatabaseUpIntoAFile() throws Exception {
        append(900);
        migrate();
        JdbcEventStore target = target();
        Path copy = base.resolve("copy.sqlite");
        try {
            target.keep("ban", Map.of("2001:db8::/32", Optional.of("there")));
            target.backup(copy, (done, total) -> { });
            IOException twice = assertThrows(IOException.class, () -> target.migrate(database, (done, total) -> { }));
            assertTrue(twice.getMessage().contains("already"), twice.getMessage());
            assertEquals(0, target.check((done, total) -> { }).damaged());
            target.compact((done, total) -> { });
        } finally {
            target.close();
        }
        Files.move(copy, Files.createDirectories(base.resolve("back")).resolve("events.sqlite"));
        JdbcEventStore back = new JdbcEventStore(base, Configs.in(Path.of("back")));
        try {
            assertEquals(store.read(0, 2000, Integer.MAX_VALUE), back.read(0, 2000, Integer.MAX_VALUE));
            assertEquals(store.places(), back.places());
            assertEquals(Map.of("2001:db8::/32", "there"), back.state("ban"));
        } finally {
            back.close();
        }
    }

    private void assertCompleteCopy() throws IOException {
        JdbcEventStore target = target();
        try {
            assertEquals(store.read(0, 5000, Integer.MAX_VALUE), target.read(0, 5000, Integer.MAX_VALUE));
            assertEquals(store.places(), target.places());
        } finally {
            target.close();
        }
    }
}
