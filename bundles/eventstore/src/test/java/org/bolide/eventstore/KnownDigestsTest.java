package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.bolide.api.store.EventStore.Appended;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Digests in memory, in the index, and on their way. */
class KnownDigestsTest {

    private static final int BULK = 1000;

    @TempDir
    Path directory;

    private final CountDownLatch closed = new CountDownLatch(1);
    private SqliteDialect dialect;
    private Bodies bodies;
    private LogWriter writer;

    @BeforeEach
    void open() throws IOException {
        dialect = new SqliteDialect(directory);
        bodies = new Bodies();
        writer = new LogWriter(dialect, bodies);
    }

    @AfterEach
    void close() throws IOException {
        writer.close();
        bodies.close();
        dialect.release();
    }

    @Test
    void shouldKnowAnEventWhereverItsDigestIs() throws IOException {
        append(1, 1500);
        mover().run();
        append(1501, 1700);

        assertEquals(1500, number("select count(*) from digest_index"));
        assertEquals(200, writer.known().recent());
        assertAllKnown(1700);
        close();
        open();
        assertEquals(200, writer.known().recent());
        assertAllKnown(1700);
    }

    @Test
    void shouldLeaveFewInMemory() throws IOException {
        append(1, BULK - 1);

        mover().run();

        assertEquals(0, number("select count(*) from digest_index"));
        assertAllKnown(BULK - 1);
    }

    @Test
    void shouldBeginAgainWhereAMoveWasCutShort() throws IOException {
        append(1, 1500);
        closed.countDown();
        mover().run();
        long moved = number("select count(*) from digest_index");
        assertEquals(256, moved);
        assertEquals(0, number("select indexed_sequence from log_state"));
        assertAllKnown(1500);

        append(1501, 2600);
        assertAllKnown(2600);
        close();
        open();
        assertAllKnown(2600);
        new DigestMover(writer, new CountDownLatch(1), BULK).run();

        assertEquals(2600, number("select count(*) from digest_index"));
        assertEquals(2600, number("select indexed_sequence from log_state"));
        assertAllKnown(2600);
    }

    @Test
    void shouldForgetExpiredDigestsAndTakeThemOutOfTheIndex() throws IOException {
        append(1, 1500);
        mover().run();
        execute("delete from events where sequence <= 700", "delete from digests where sequence <= 700");

        assertEquals(List.of(new Appended(1501, false)), append(700, 700));
        assertEquals(List.of(new Appended(701, true)), append(701, 701));
        assertEquals(List.of(new Appended(1501, true)), append(700, 700));
        append(1600, 2700);
        mover().run();

        assertEquals(1500 - 700 + 1 + 1101, number("select count(*) from digest_index"));
        assertEquals(0, number("select count(*) from digest_index where sequence <= 700"));
    }

    private DigestMover mover() {
        return new DigestMover(writer, closed, BULK);
    }

    private void assertAllKnown(int last) throws IOException {
        List<Appended> expected = IntStream.rangeClosed(1, last).mapToObj(i -> new Appended(i, true)).toList();
        assertEquals(expected, append(1, last));
        assertEquals(expected.subList(6, 7), append(7, 7));
    }

    private List<Appended> append(int first, int last) throws IOException {
        return writer.write(session -> session.append(IntStream.rangeClosed(first, last)
                .mapToObj(i -> EventStoreContract.event("event " + i, Instant.now())).toList(), Map.of()));
    }

    private long number(String sql) throws IOException {
        return writer.write(session -> LongWork.number(session.connection(), sql));
    }

    private void execute(String... commands) throws IOException {
        writer.write(session -> {
            try (Statement statement = session.connection().createStatement()) {
                for (String command : commands) {
                    statement.execute(command);
                }
                return commands;
            }
        });
    }
}
