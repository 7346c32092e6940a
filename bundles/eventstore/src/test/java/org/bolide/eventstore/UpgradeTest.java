package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

import org.bolide.api.Citation;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.Cited;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventSummary.Order;
import org.bolide.api.EventSummary.Tally;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.bolide.testkit.EventStoreContract;
import org.bolide.testkit.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Logs made by the scripts of older brokers, with rows as those wrote them. */
class UpgradeTest {

    private static final int EVENTS = 40;
    private static final Instant T0 = Instant.now().truncatedTo(ChronoUnit.MICROS).minusSeconds(1000);
    private static PostgresServer server;

    @TempDir
    Path base;

    @BeforeAll
    static void startServer() throws IOException {
        server = new PostgresServer();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    @Test
    void shouldTakeOverAFileOfTheFirstBroker() throws Exception {
        shouldTakeOverAFile(1);
    }

    @Test
    void shouldTakeOverAFileOfTheSecondBroker() throws Exception {
        shouldTakeOverAFile(2);
    }

    @Test
    void shouldTakeOverAFileOfTheThirdBroker() throws Exception {
        shouldTakeOverAFile(3);
    }

    @Test
    void shouldTakeOverAFileOfTheFourthBroker() throws Exception {
        shouldTakeOverAFile(4);
    }

    @Test
    void shouldTakeOverADatabaseOfTheFirstBroker() throws Exception {
        shouldTakeOverADatabase(1);
    }

    @Test
    void shouldTakeOverADatabaseOfTheSecondBroker() throws Exception {
        shouldTakeOverADatabase(2);
    }

    @Test
    void shouldTakeOverADatabaseOfTheFourthBroker() throws Exception {
        shouldTakeOverADatabase(4);
    }

    private void shouldTakeOverAFile(int version) throws Exception {
        SqliteDialect dialect = new SqliteDialect(base.resolve("log"));
        try {
            makeLog(dialect, version);
        } finally {
            dialect.release();
        }
        shouldServe(Configs.in(Path.of("log")));
    }

    private void shouldTakeOverADatabase(int version) throws Exception {
        try (Connection connection = DriverManager.getConnection(server.url("postgres"), PostgresServer.USER, server.password());
                Statement statement = connection.createStatement()) {
            statement.execute("create database log" + version);
        }
        makeLog(new PostgresDialect(server.url("log" + version), PostgresServer.USER, server.password()), version);
        shouldServe(Configs.in(server, "log" + version));
    }

    private static void makeLog(Dialect dialect, int version) throws SQLException, IOException {
        try (Connection connection = dialect.openWriter()) {
            Schema.migrate(connection, dialect, Schema.SCRIPTS.subList(0, version));
            try (PreparedStatement event = connection.prepareStatement("insert into events (sequence, root, identifier, role, longitude, "
                            + "latitude, frame, sky_cell, source, received_at, bytes, content) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
                    PreparedStatement digest = connection.prepareStatement("insert into digests (digest, sequence, received_at) values (?, ?, ?)");
                    Statement others = connection.createStatement()) {
                for (int i = 1; i <= EVENTS; i++) {
                    byte[] content = content(i);
                    event.setLong(1, i);
                    event.setString(2, "{urn:e}e");
                    event.setString(3, "ivo://a.b/" + (i % 2 == 0 ? "even" : "odd") + "#" + i);
                    event.setString(4, "observation");
                    event.setObject(5, i % 4 == 0 ? null : (double) i, Types.DOUBLE);
                    event.setObject(6, i % 4 == 0 ? null : 80.0, Types.DOUBLE);
                    event.setString(7, i % 4 == 0 ? null : "UTC-FK5-GEO");
                    event.setObject(8, i % 4 == 0 ? null : 170_000, Types.INTEGER);
                    event.setString(9, "s");
                    event.setString(10, Times.sortable(T0.plusSeconds(i)));
                    event.setInt(11, content.length);
                    event.setBytes(12, content);
                    event.executeUpdate();
                    digest.setBytes(1, EventRow.bytes(newEvent(i).digest()));
                    digest.setLong(2, i);
                    digest.setString(3, Times.sortable(T0.plusSeconds(i)));
                    digest.executeUpdate();
                }
                others.execute("insert into citations (sequence, ordinal, identifier, relation) values (7, 0, 'ivo://a.b/odd#5', 'followup')");
                others.execute("insert into places (reader, sequence, updated_at) values ('exec', 17, '2026-11-21T20:00:00.000000Z')");
                others.execute("update log_state set latest_sequence = " + EVENTS + ", content_bytes = 9");
                connection.commit();
            }
        }
    }

    private void shouldServe(EventStoreConfig config) throws IOException {
        JdbcEventStore store = new JdbcEventStore(base, config);
        try {
            assertEquals(EVENTS, store.latest());
            assertEquals(EVENTS, store.read(0, 100, Integer.MAX_VALUE).size());
            assertEquals(ByteBuffer.wrap(content(7)), store.read(6, 1, 1000).get(0).content());
            assertEquals(List.of(new Citation("ivo://a.b/odd#5", "followup")), store.read(6, 1, 1000).get(0).header().citations());
            assertFalse(store.read(6, 1, 1000).get(0).quiet());
            assertEquals(17, store.places().get("exec").sequence());
            assertEquals(List.of(new Appended(7, true), new Appended(EVENTS + 1, false)),
                    store.append(List.of(newEvent(7), newEvent(EVENTS + 1)), Map.of()));

            for (boolean indexed : new boolean[] {false, true}) {
                if (indexed) {
                    store.index();
                }
                assertEquals(descending(i -> i % 2 == 0), found(store, EventQuery.all().ofStream("ivo://a.b/even")));
                assertEquals(descending(i -> i % 4 != 0 && i >= 10 && i <= 20), found(store, EventQuery.all().within(new Cone(15, 80, 0.87))));
                assertEquals(List.of(40L), found(store, EventQuery.all().withIdentifierPart("EVEN#40")));
                assertEquals(descending(i -> i >= 35), found(store, EventQuery.all().since(T0.plusSeconds(35)).until(T0.plusSeconds(1000))));
                assertEquals(List.of(5L), found(store, EventQuery.all().and(new Cited(true))));
                assertEquals(List.of(7L), found(store, EventQuery.all().and(new CitingOne(Set.of("ivo://a.b/odd#5")))));
                assertEquals(1, store.list(EventQuery.all(), Order.SEQUENCE, false, 4, 1).get(0).cited());
                assertEquals(List.of(new Tally("e", "", 1), new Tally("ivo://a.b/even", "observation", 20), new Tally("ivo://a.b/odd", "observation", 20)),
                        store.tally(EventQuery.all()));
            }
            assertEquals(1, store.withIdentifier("ivo://a.b/odd#5", 10).size());
            store.keep("ban", Map.of("a", Optional.of("b")));
            assertEquals(0, store.check((done, total) -> { }).damaged());
            assertTrue(store.problems().isEmpty(), () -> store.problems().toString());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            store.close();
        }
    }

    private static List<Long> found(JdbcEventStore store, EventQuery query) throws IOException {
        List<Long> found = store.search(query, Long.MAX_VALUE, 100).stream().map(StoredEvent::sequence).toList();
        assertEquals(found.size(), store.count(query));
        return found;
    }

    private static List<Long> descending(LongPredicate wanted) {
        return LongStream.iterate(EVENTS, i -> i > 0, i -> i - 1).filter(wanted).boxed().toList();
    }

    private static NewEvent newEvent(int i) {
        return EventStoreContract.event(new String(content(i), StandardCharsets.UTF_8), Instant.EPOCH.plusSeconds(4_000_000_000L));
    }

    private static byte[] content(int i) {
        return ("<e>" + i + "</e>").getBytes(StandardCharsets.UTF_8);
    }
}
