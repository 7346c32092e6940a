package org.bolide.eventstore;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.bolide.api.store.EventStore.Appended;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A log as it is on disk when the machine stops: a copy of the files of one that is open. */
class UncleanStopTest {

    private static final int EVENTS = 50;
    private static final String WAL = SqliteDialect.FILE + "-wal";

    @TempDir
    Path base;

    private JdbcEventStore store;
    private Connection holder;
    private long before;
    private long after;
    private List<String> problems = List.of();

    @BeforeEach
    void append() throws Exception {
        store = open("log");
        append("event 1");
        // a reader keeps the write-ahead log from being begun anew, so that its last transaction is its last bytes
        holder = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("log").resolve(SqliteDialect.FILE));
        holder.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.executeQuery("select count(*) from events").close();
        }
        for (int i = 2; i <= EVENTS; i++) {
            before = Files.size(base.resolve("log").resolve(WAL));
            append("event " + i);
        }
        after = Files.size(base.resolve("log").resolve(WAL));
        assertTrue(after > before, before + " to " + after);
    }

    @AfterEach
    void close() throws Exception {
        holder.close();
        store.close();
    }

    @Test
    void shouldCheckTheNewestEventsAfterAnUncleanStopAndOnlyThen() throws Exception {
        copy();

        String log = reopen(EVENTS);
        assertTrue(log.matches("(?s).*was not stopped in good order: its newest 50 events, up to the number 50, were checked in "
                + "\\d+ ms and are in order\\..*"), log);
        assertEquals(List.of(), problems);
        assertFalse(reopen(EVENTS).contains("good order"), "it was stopped in good order");
    }

    @Test
    void shouldTellWhatItFindsDamaged() throws Exception {
        copy();
        sql("update events set content = x'00' where sequence = 7", "delete from digests where sequence = 9");

        String log = reopen(EVENTS);

        assertEquals(List.of("Of the newest events of the event log in " + base.resolve("copy") + " some were found damaged at the start: check "
                + "the whole log and compare with a backup. -> log check"), problems);
        assertTrue(log.contains("ERROR") && log.contains("Event 7 cannot be understood: ")
                && log.contains("Event 9 has no digest: "), log);
    }

    @Test
    void shouldLoseNothingOlderWhenTheLastPageIsCut() throws Exception {
        for (long length : List.of(before + 10, (before + after) / 2, after - 1)) {
            copy();
            try (RandomAccessFile wal = new RandomAccessFile(base.resolve("copy").resolve(WAL).toFile(), "rw")) {
                wal.setLength(length);
            }
            goOn();
        }
    }

    @Test
    void shouldLoseNothingOlderWhenTheLastPageIsGarbled() throws Exception {
        for (long place : List.of(before + 100, after - 1000)) {
            copy();
            try (RandomAccessFile wal = new RandomAccessFile(base.resolve("copy").resolve(WAL).toFile(), "rw")) {
                wal.seek(place);
                wal.write("not what was written".getBytes());
            }
            goOn();
        }
    }

    /** The last transaction is gone, as a whole, and what was in it can be appended again. */
    private void goOn() throws Exception {
        reopen(EVENTS - 1);
        JdbcEventStore copy = open("copy");
        try {
            for (int i = 1; i <= EVENTS; i++) {
                assertEquals(new Appended(i, i < EVENTS), append(copy, "event " + i), "event " + i);
            }
        } finally {
            copy.close();
        }
    }

    private void copy() throws IOException {
        Files.createDirectories(base.resolve("copy"));
        for (String file : List.of(SqliteDialect.FILE, WAL)) {
            Files.write(base.resolve("copy").resolve(file), Files.readAllBytes(base.resolve("log").resolve(file)));
        }
    }

    /** Opens the copy, which must have so many events, closes it, and returns what was logged. */
    private String reopen(int events) throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            JdbcEventStore copy = open("copy");
            long latest = copy.latest();
            problems = copy.problems().stream().map(problem -> problem.text() + " -> " + problem.command().orElse("")).toList();
            copy.close();
            assertEquals(events, latest);
            return log.text();
        }
    }

    private void sql(String... commands) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + base.resolve("copy").resolve(SqliteDialect.FILE));
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    private JdbcEventStore open(String directory) throws IOException {
        return new JdbcEventStore(base, Configs.in(Path.of(directory)));
    }

    private void append(String text) throws IOException {
        append(store, text);
    }

    private static Appended append(JdbcEventStore store, String text) throws IOException {
        return store.append(List.of(EventStoreContract.event(text, Instant.now())), Map.of()).get(0);
    }
}
