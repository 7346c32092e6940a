package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.bolide.api.EventHeader;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A log in a file, open for each test, without the store around it. */
abstract class SqliteLogTest {

    @TempDir
    Path directory;

    final Bodies bodies = new Bodies();
    SqliteDialect dialect;
    LogWriter writer;
    LogReader reader;

    @BeforeEach
    void openLog() throws IOException {
        dialect = new SqliteDialect(directory);
        writer = new LogWriter(dialect, bodies);
        reader = new LogReader(dialect, bodies, "test", 1);
    }

    @AfterEach
    void closeLog() throws IOException {
        reader.close();
        writer.close();
        bodies.close();
        dialect.release();
    }

    /** Appends events with the numbers of a range and these headers. */
    void append(int first, int last, IntFunction<EventHeader> header) throws IOException {
        List<NewEvent> events = IntStream.rangeClosed(first, last)
                .mapToObj(i -> new NewEvent(EventStoreContract.event("event " + i, Instant.now()).digest(), header.apply(i),
                        ByteBuffer.wrap(new byte[] {1}), "s", Instant.now(), List.of(), Optional.empty(), false))
                .toList();
        writer.write(session -> session.append(events, Map.of()));
    }

    long number(String sql) throws IOException {
        return writer.write(session -> LongWork.number(session.connection(), sql));
    }
}
