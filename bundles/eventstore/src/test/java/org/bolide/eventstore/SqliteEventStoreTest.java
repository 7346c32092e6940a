package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

import org.bolide.api.store.EventStore;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SqliteEventStoreTest extends EventStoreContract {

    @TempDir
    Path directory;

    private JdbcEventStore store;

    @BeforeEach
    void open() throws IOException {
        store = new JdbcEventStore(directory, Configs.in(Path.of("eventlog")));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void shouldEndASearchWhenItsThreadIsInterrupted() throws Exception {
        SqliteDialect dialect = new SqliteDialect(directory.resolve("other"));
        Bodies bodies = new Bodies();
        LogReader reader = new LogReader(dialect, bodies, "test", 1);
        try {
            IOException e = assertThrows(IOException.class, () -> reader.bounded(connection -> {
                Thread.currentThread().interrupt();
                return LongWork.number(connection, "with recursive endless (n) as (select 1 union all select n + 1 from endless) "
                        + "select count(*) from endless");
            }));
            assertTrue(Thread.interrupted(), "the interrupt was swallowed");
            assertTrue(e.getMessage().startsWith("The event log in " + directory.resolve("other") + " was searched for longer than 30 s, or the "
                    + "search was interrupted: narrow it by a stream, a circle on the sky or a shorter time ("), e.getMessage());
            // the connection is as good as new
            assertEquals(Long.valueOf(100_000L), reader.query(connection -> LongWork.number(connection, "with recursive some (n) as (select 1 union all "
                    + "select n + 1 from some limit 100000) select count(*) from some")));
        } finally {
            reader.close();
            bodies.close();
            dialect.release();
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
}
