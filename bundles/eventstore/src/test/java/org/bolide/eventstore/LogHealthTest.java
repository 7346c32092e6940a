package org.bolide.eventstore;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LogHealthTest extends SqliteLogTest {

    private static final long GB = 1_000_000_000;

    private final AtomicReference<LogSizes.Space> space = new AtomicReference<>(new LogSizes.Space(50 * GB, 100 * GB));
    private LogSizes sizes;
    private LogHealth health;

    @BeforeEach
    void open() {
        sizes = new LogSizes(dialect, writer, reader, where -> space.get());
        health = new LogHealth("/the/log", writer, sizes, Optional.empty());
    }

    @Test
    void shouldBeAllRightAtFirst() throws IOException {
        assertEquals(List.of(), health.problems());
        sizes.look();
        assertEquals(List.of(), health.problems());
    }

    @Test
    void shouldNotBeReadyWhileNothingCanBeWritten() throws IOException {
        Instant begun = Instant.now();
        fail("the disk is gone");
        Problem first = health.problems().get(0);
        fail("and still");

        Problem problem = health.problems().get(0);
        assertEquals(Weight.NOT_READY, problem.weight());
        assertEquals("log", problem.subject());
        assertEquals("No event can be taken in: The event log in " + directory + " cannot be used (and still).", problem.text());
        assertEquals(first.since(), problem.since());
        assertFalse(problem.since().orElseThrow().isBefore(begun));

        writer.write(session -> 1);
        assertEquals(List.of(), health.problems());
    }

    @Test
    void shouldSeeByItselfThatItCanBeWrittenAgain() throws IOException {
        Upkeep upkeep = new Upkeep(writer, reader, dialect.identifiers(), bodies, sizes, KnownDigests.BULK, SkyMover.BULK);
        fail("the disk is gone");
        upkeep.start();
        try {
            await().until(() -> health.problems().isEmpty());
        } finally {
            upkeep.close();
        }
    }

    private void fail(String reason) {
        assertThrows(IOException.class, () -> writer.write(session -> {
            throw new SQLException(reason);
        }));
    }

    @Test
    void shouldWarnWhenTheDiskIsNearlyFull() throws IOException {
        space.set(new LogSizes.Space(4 * GB, 100 * GB));
        sizes.look();
        Problem problem = health.problems().get(0);
        assertEquals(Weight.WARNING, problem.weight());
        assertEquals("log.disk", problem.subject());
        assertEquals("The disk of the event log in /the/log has only 4,000 MB of 100,000 MB left: free some space there, or lower keepDays or "
                + "maxBytes of org.bolide.eventstore.", problem.text());
        assertTrue(problem.since().isPresent());
        space.set(new LogSizes.Space(3 * GB, 100 * GB));
        sizes.look();
        assertEquals(problem.since(), health.problems().get(0).since());

        space.set(new LogSizes.Space(6 * GB, 100 * GB));
        sizes.look();
        assertEquals(List.of(), health.problems());
    }

    @Test
    void shouldKnowWhatIsLittle() {
        assertTrue(new LogSizes.Space(GB - 1, 5 * GB).isLittle());
        assertFalse(new LogSizes.Space(GB, 5 * GB).isLittle());
        assertTrue(new LogSizes.Space(5 * GB - 1, 100 * GB).isLittle());
        assertFalse(new LogSizes.Space(5 * GB, 100 * GB).isLittle());
        assertTrue(new LogSizes.Space(10 * GB - 1, 10_000 * GB).isLittle());
        assertFalse(new LogSizes.Space(10 * GB, 10_000 * GB).isLittle());
    }

    @Test
    void shouldKnowHowLargeTheLogIs() throws IOException {
        assertEquals(Map.of("eventstore.content.bytes", 0L), sizes.gauges());
        writer.write(session -> session.append(List.of(event("abc"), event("de")), Map.of()));
        sizes.look();

        Map<String, Long> gauges = sizes.gauges();
        assertEquals(5, gauges.get("eventstore.content.bytes"));
        assertEquals(2, gauges.get("eventstore.events"));
        assertEquals(50 * GB, gauges.get("eventstore.disk.free.bytes"));
        assertTrue(gauges.get("eventstore.disk.bytes") > 50_000, gauges.toString());
        writer.write(session -> session.append(List.of(event("f")), Map.of()));
        assertEquals(3, sizes.gauges().get("eventstore.events"));
        assertEquals(6, sizes.gauges().get("eventstore.content.bytes"));
    }

    private static NewEvent event(String text) {
        return EventStoreContract.event(text, Instant.now());
    }
}
