package org.bolide.eventstore;

import java.io.IOException;
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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

import org.bolide.api.management.LogMaintenance.LogFindings;
import org.bolide.api.management.LogMaintenance.LogState;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.bolide.testkit.EventStoreContract.event;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MaintenanceTest {

    private static final Instant RECEIVED = Instant.now().truncatedTo(ChronoUnit.MICROS).minusSeconds(100);

    @TempDir
    Path base;

    private final Random random = new Random(1);
    private final List<Long> progress = new ArrayList<>();
    private JdbcEventStore store;
    private int written;

    @BeforeEach
    void open() throws IOException {
        store = new JdbcEventStore(base, Configs.in(Path.of("log")));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private void append(int events, int bytes) throws IOException {
        List<NewEvent> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            byte[] content = new byte[bytes];
            random.nextBytes(content);
            batch.add(event(content, RECEIVED.plusSeconds(written++), Optional.empty()));
        }
        store.append(batch, Map.of("a reader", (long) written));
    }

    private void note(long done, long total) {
        assertTrue(done <= total, done + " of " + total);
        progress.add(done);
    }

    private static void sql(Path file, String... commands) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }

    /** The events of a copy, read by a broker that is started on it. */
    private List<StoredEvent> restored(Path copy) throws IOException {
        Path log = Files.createDirectories(base.resolve("restored"));
        Files.copy(copy, log.resolve(SqliteDialect.FILE));
        JdbcEventStore other = new JdbcEventStore(base, Configs.in(Path.of("restored")));
        try {
            assertEquals(store.places().keySet(), other.places().keySet());
            return other.read(0, 100_000, Integer.MAX_VALUE);
        } finally {
            other.close();
        }
    }

    @Test
    void shouldTellWhatTheLogHolds() throws IOException {
        LogState empty = store.state();
        assertEquals(0, empty.newest());
        assertEquals(Optional.empty(), empty.oldest());
        append(3, 1000);
        LogState state = store.state();
        assertEquals("SQLite", state.kind());
        assertEquals(base.resolve("log").toString(), state.place());
        assertEquals(List.of(3L, 1L, 3L, 3000L),
                List.of(state.newest(), state.oldest().orElseThrow(), state.events(), state.contentBytes()));
        assertEquals(Optional.of(RECEIVED), state.oldestAt());
        assertEquals(Optional.of(RECEIVED.plusSeconds(2)), state.newestAt());
        assertTrue(state.diskBytes() > 3000, state::toString);
    }

    @Test
    void shouldFindALogInOrder() throws Exception {
        append(1200, 100);
        assertEquals(new LogFindings(1200, 0, List.of()), store.check(this::note));
        assertEquals(1200, progress.get(progress.size() - 1));
    }

    @Test
    void shouldFindADamagedRow() throws Exception {
        append(5, 100);
        sql(base.resolve("log/events.sqlite"), "update events set content = substr(content, 2) where sequence = 3");
        LogFindings findings = store.check(this::note);
        assertEquals(5, findings.events());
        assertEquals(1, findings.damaged());
        assertTrue(findings.faults().get(0).contains("vent 3 "), findings::toString);
    }

    @Test
    void shouldBackUpWhileItIsWrittenTo() throws Exception {
        append(2000, 2000);
        AtomicBoolean stop = new AtomicBoolean();
        Thread author = new Thread(() -> {
            while (!stop.get()) {
                try {
                    append(10, 500);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        author.start();
        Path copy = base.resolve("copy.sqlite");
        try {
            copyTo(copy);
        } finally {
            stop.set(true);
            author.join();
        }
        assertFalse(Files.exists(base.resolve("copy.sqlite.part")));
        assertTrue(progress.size() > 1, "progress");
        List<StoredEvent> events = restored(copy);
        assertTrue(events.size() >= 2000 && events.size() <= written, events.size() + " of " + written);
        assertEquals(store.read(0, events.size(), Integer.MAX_VALUE), events);
    }

    private Path copyTo(Path copy) throws Exception {
        store.backup(copy, this::note);
        return copy;
    }

    @Test
    void shouldNotOverwriteABackup() throws Exception {
        Path copy = Files.writeString(base.resolve("copy.sqlite"), "precious");
        IOException e = assertThrows(IOException.class, () -> copyTo(copy));
        assertEquals(copy + " is there already: give another name, or move it away.", e.getMessage());
        assertEquals("precious", Files.readString(copy));
        IOException nowhere = assertThrows(IOException.class, () -> copyTo(base.resolve("no/copy.sqlite")));
        assertTrue(nowhere.getMessage().startsWith("The backup cannot be written: "), nowhere.getMessage());
    }

    @Test
    void shouldLeaveNothingOfAnInterruptedBackup() throws Exception {
        append(3000, 3000);
        Path copy = base.resolve("copy.sqlite");
        assertThrows(InterruptedException.class, () -> store.backup(copy, (done, total) -> Thread.currentThread().interrupt()));
        assertFalse(Thread.interrupted());
        assertFalse(Files.exists(copy) || Files.exists(base.resolve("copy.sqlite.part")));
        assertTrue(Files.size(copyTo(copy)) > 0);
    }

    @Test
    void shouldGiveTheRoomOfDeletedEventsBack() throws Exception {
        append(3000, 3000);
        store.expire(RECEIVED.plusSeconds(1));
        assertEquals(0, store.state().freeBytes());
        // few enough that expiry leaves them to be used again
        sql(base.resolve("log/events.sqlite"), "delete from events where sequence <= 500");
        LogState before = store.state();
        assertTrue(before.freeBytes() > 1_000_000, before::toString);
        long back = store.compact(this::note);
        LogState after = store.state();
        assertTrue(back >= before.freeBytes(), back + " " + before);
        assertEquals(0, after.freeBytes());
        assertEquals(2500, after.events());
        assertArrayEquals(new long[] {501}, new long[] {store.earliest().orElseThrow()});
        append(1, 100);
    }
}
