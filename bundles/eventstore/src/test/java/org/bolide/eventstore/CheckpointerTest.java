package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CheckpointerTest {

    private static final int BODY_BYTES = 1 << 20;

    @TempDir
    Path base;

    private final Random random = new Random(1);
    private JdbcEventStore store;

    @BeforeEach
    void open() throws IOException {
        store = new JdbcEventStore(base, Configs.in(Path.of("log")));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void shouldCarryOverWhatWasCommittedWhileNothingElseIsWritten() throws Exception {
        append();

        await().until(() -> Files.size(base.resolve("log").resolve(SqliteDialect.FILE)) > BODY_BYTES);
    }

    @Test
    void shouldBeginTheWriteAheadLogAnewUnderAWriterThatNeverPauses() throws Exception {
        long largest = 0;
        for (int i = 0; i < 400; i++) {
            append();
            largest = Math.max(largest, Files.size(base.resolve("log").resolve(SqliteDialect.FILE + "-wal")));
        }

        // what is written while a checkpoint is under way on a slow disk comes on top of the bound
        assertTrue(largest < 2 * Checkpointer.BOUND_BYTES, largest + " bytes");
        assertEquals(0, store.counters().get("eventstore.upkeep.failures"));
        assertEquals(400, store.read(399, 1, 1).get(0).sequence());
    }

    private void append() throws IOException {
        byte[] body = new byte[BODY_BYTES];
        random.nextBytes(body);
        store.append(List.of(EventStoreContract.event(body, Instant.now(), Optional.empty())), Map.of());
    }
}
