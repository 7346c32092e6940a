package org.bolide.eventstore;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.namespace.QName;

import org.bolide.api.EventHeader;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogCheckTest {

    private static final int EVENTS = 1200;

    @TempDir
    Path base;

    @BeforeEach
    void fill() throws Exception {
        JdbcEventStore store = new JdbcEventStore(base, Configs.in(Path.of("log")));
        List<NewEvent> events = new ArrayList<>();
        for (int i = 1; i <= EVENTS; i++) {
            NewEvent plain = EventStoreContract.event("event " + i, Instant.now());
            EventHeader header = new EventHeader(new QName("e"), Optional.of("ivo://x.y.z/a#" + i % 10), Optional.empty(),
                    Optional.empty(), Optional.of(Instant.EPOCH), Optional.empty(), Optional.empty(), List.of());
            events.add(new NewEvent(plain.digest(), header, ByteBuffer.wrap(("event " + i).getBytes()), "s", Instant.now(),
                    List.of(), Optional.empty(), false));
        }
        store.append(events, Map.of());
        store.close();
    }

    @Test
    void shouldFindNothingInALogThatIsInOrderAndShowItsProgress() throws Exception {
        List<Long> progress = new ArrayList<>();

        assertEquals(List.of(), check(0, EVENTS, progress));
        assertEquals(List.of(500L, 1000L, 1200L), progress);
        assertEquals(List.of(), check(700, 900, progress));
        assertEquals(200, progress.get(progress.size() - 1));
    }

    @Test
    void shouldFindWhatIsDamaged() throws Exception {
        sql("update events set content = x'28b52ffd00' where sequence = 3",
                "update events set bytes = bytes + 1 where sequence = 600",
                "update events set dictionary = 99 where sequence = 601",
                "update events set content = 'event 602', dictionary = null, bytes = 8 where sequence = 602",
                "update events set authored_at = 'yesterday' where sequence = 1199",
                "delete from digests where sequence = 1200");

        List<String> faults = check(0, EVENTS, new ArrayList<>());

        assertEquals(6, faults.size(), faults.toString());
        List<String> expected = List.of("Event 3 cannot be understood: its body is damaged", "Event 600 cannot be understood: its body has 9 "
                + "bytes instead of 10", "Event 601 cannot be understood: its dictionary, number 99, is gone",
                "Event 602 has 9 bytes instead of 8.", "Event 1199 cannot be understood: ", "Event 1200 has no digest");
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(faults.get(i).startsWith(expected.get(i)), faults.get(i));
        }
    }

    @Test
    void shouldFindAnEventThatTheIndexOfIdentifiersDoesNotKnow() throws Exception {
        // a row that is changed while the index seems to be of nothing
        indexIs("create index events_identifier on events (identifier) where 0");
        sql("update events set identifier = 'ivo://x.y.z/other' where sequence = 1100");
        indexIs("create index events_identifier on events (identifier)");

        assertEquals(List.of("Event 1100 is not in the index of identifiers."), check(0, EVENTS, new ArrayList<>()));
    }

    private void indexIs(String definition) throws SQLException {
        sql("pragma writable_schema = on", "update sqlite_schema set sql = '" + definition + "' where name = 'events_identifier'");
    }

    private List<String> check(long after, long upTo, List<Long> progress) throws Exception {
        List<String> faults = new ArrayList<>();
        try (Connection connection = connect(); Bodies bodies = new Bodies()) {
            connection.setAutoCommit(false);
            new LogCheck(connection, true, bodies, faults::add).check(after, upTo, progress::add);
        }
        return faults;
    }

    private void sql(String... commands) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + base.resolve("log").resolve(SqliteDialect.FILE));
    }
}
