package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

import org.bolide.api.store.EventStore;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

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
        store.indexSky();
    }

    @Override
    protected void expire(Instant now) throws IOException {
        store.expire(now);
    }
}
