package org.bolide.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;

import org.bolide.api.KeptState;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.Streams.Kind;
import org.bolide.api.management.Streams.StreamStatus;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Weeks, simulated in steps of a minute. */
class StreamBookTest {

    private static final String STREAM = "ivo://nasa.gsfc.gcn/SWIFT";
    private static final String REMOTE = "subscription.gcn";
    private static final int DAY = 24 * 60;

    private final MemoryBroker broker = new MemoryBroker();
    private final Tally tally = new Tally();
    private Instant now = Instant.parse("2026-11-01T00:00:00Z");
    private List<Connection> connections = List.of();
    private long sequence;
    private StreamBook book = open(broker);

    @AfterEach
    void close() {
        broker.close();
    }

    private StreamBook open(KeptState state) {
        return new StreamBook(state, () -> now, new Rules(true, new Cadence.Settings(1, 20, 6, 3)), tally);
    }

    private void restart() {
        book.save();
        book = open(broker);
    }

    private void minute() {
        now = now.plusSeconds(60);
        book.tick(connections);
    }

    private void event(String stream) {
        sequence++;
        book.heard(List.of(new SomeEvent(sequence, stream + "#" + sequence, now)));
    }

    /** One event each so many minutes. */
    private void steady(String stream, int minutes, int each) {
        for (int i = 0; i < minutes; i++) {
            minute();
            if (i % each == 0) {
                event(stream);
            }
        }
    }

    private void silence(int minutes) {
        for (int i = 0; i < minutes; i++) {
            minute();
        }
    }

    private StreamStatus status(String name) {
        return book.streams().stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    }

    private List<Problem> problems() {
        return new Silences(book).problems();
    }

    private static Connection remote(boolean connected, long events, long duplicates) {
        return new Connection(Role.REMOTE_BROKER, REMOTE, "a.example:8099", Optional.empty(), connected, Instant.EPOCH, Optional.empty(), events,
                duplicates, 0, Optional.empty(), Optional.empty());
    }

    @Test
    void shouldShowWhatComesAndHowOften() {
        steady(STREAM, 7 * DAY, 10);
        event("ivo://other/stream");
        StreamStatus swift = status(STREAM);
        assertEquals(Kind.STREAM, swift.kind());
        assertEquals(7 * DAY / 10, swift.events());
        assertEquals(144, swift.today(), 6);
        assertEquals(144, swift.perDay().orElseThrow(), 0.5);
        assertEquals(Optional.of(STREAM + "#" + (sequence - 1)), swift.lastIdentifier());
        assertFalse(swift.silent());
        assertEquals("ivo://other/stream", book.streams().get(0).name());
        assertEquals(Optional.empty(), book.streams().get(0).alarmAfter());
        silence(2 * DAY);
        assertEquals(0, status(STREAM).today());
    }

    @Test
    void shouldRaiseTheAlarmOnceAndSayWhenItEnds() {
        steady(STREAM, 14 * DAY, 10);
        Duration after = status(STREAM).alarmAfter().orElseThrow();
        assertTrue(after.toMinutes() >= 60 && after.toMinutes() < 120, "after " + after);
        try (CapturedLog log = new CapturedLog()) {
            silence((int) after.toMinutes() - 10);
            assertEquals(List.of(), problems());
            silence(11);
            assertTrue(status(STREAM).silent());
            Problem problem = problems().get(0);
            assertTrue(problem.text().matches("it is silent: its last event came 2026-11-14T23:51:00Z; usual is one every 10 min,"
                    + " and no pause beyond [0-9.]+ (min|h); see to where it comes from"), problem.text());
            assertEquals(Optional.of("streams"), problem.command());
            silence(DAY);
            event(STREAM);
            assertFalse(status(STREAM).silent());
            assertEquals(List.of(), problems());
            assertEquals(1, log.text().lines().filter(line -> line.contains("WARN") && line.contains("is silent")).count(), log.text());
            assertEquals(1, log.text().lines().filter(line -> line.contains("INFO") && line.contains("is heard again, after 25 h")).count(), log.text());
        }
        assertEquals(1, tally.counters().get("watch.alarms"));
    }

    @Test
    void shouldGoOnAfterARestart() {
        steady(STREAM, 14 * DAY, 10);
        StreamStatus before = status(STREAM);
        restart();
        assertEquals(before, status(STREAM));
        silence(40);
        restart();
        silence(70);
        assertTrue(status(STREAM).silent());
        try (CapturedLog log = new CapturedLog()) {
            restart();
            silence(10);
            assertTrue(status(STREAM).silent());
            assertEquals("", log.text()); // not a second time
        }
    }

    @Test
    void shouldNotTakeItsOwnDowntimeForSilence() {
        steady(STREAM, 14 * DAY, 10);
        double usual = status(STREAM).perDay().orElseThrow();
        book.save();
        now = now.plus(Duration.ofDays(5));
        book = open(broker);
        silence(30);
        assertFalse(status(STREAM).silent());
        steady(STREAM, 600, 10);
        assertEquals(usual, status(STREAM).perDay().orElseThrow(), 1);
        assertEquals(0, tally.alarms.sum());
    }

    @Test
    void shouldNotTakeItForSilenceThatAllRemotesAreDown() {
        connections = List.of(remote(true, 0, 0));
        steady(STREAM, 14 * DAY, 10);
        connections = List.of(remote(false, 0, 0));
        silence(DAY);
        assertFalse(status(STREAM).silent());
        connections = List.of(remote(false, 0, 0), new Connection(Role.REMOTE_BROKER, "subscription.b", "b", Optional.empty(), true, Instant.EPOCH, Optional.empty(), 0, 0, 0,
                Optional.empty(), Optional.empty()));
        silence(120);
        assertTrue(status(STREAM).silent());
    }

    @Test
    void shouldWatchRemoteBrokersByTheirCounts() {
        long brought = 7;
        for (int i = 0; i < 14 * DAY; i++) {
            brought += i % 10 == 0 ? 2 : 0;
            connections = List.of(remote(true, brought / 2, brought - brought / 2));
            minute();
        }
        assertEquals(288, status(REMOTE).perDay().orElseThrow(), 2);
        assertEquals(Kind.REMOTE, status(REMOTE).kind());
        restart();
        connections = List.of(remote(false, 0, 0));
        silence(DAY);
        assertFalse(status(REMOTE).silent()); // somebody else tells that it is down
        connections = List.of(remote(true, 0, 0));
        silence(180);
        assertTrue(status(REMOTE).silent());
        connections = List.of(remote(true, 1, 0));
        silence(1);
        assertFalse(status(REMOTE).silent());
    }

    @Test
    void shouldSayNothingWhereTheAlarmIsOff() {
        steady(STREAM, 14 * DAY, 10);
        silence(DAY);
        assertEquals(1, problems().size());
        book.modify(new Rules(false, new Cadence.Settings(1, 20, 6, 3)));
        assertEquals(List.of(), problems());
        assertFalse(status(STREAM).silent());
    }

    @Test
    void shouldForgetOnDemand() {
        steady(STREAM, DAY, 10);
        assertFalse(book.forget(Kind.REMOTE, STREAM));
        assertTrue(book.forget(Kind.STREAM, STREAM));
        assertFalse(book.forget(Kind.STREAM, STREAM));
        assertEquals(List.of(), book.streams());
        restart();
        assertEquals(List.of(), book.streams());
        event(STREAM);
        assertEquals(1, status(STREAM).events());
    }

    @Test
    void shouldForgetTheLongestUnheardAmongTheUnknownFirst() {
        steady(STREAM, DAY, 10);
        silence(5);
        for (int i = 0; i < StreamBook.MOST + 50; i++) {
            now = now.plusMillis(1);
            event("ivo://flood/" + i);
        }
        assertEquals(StreamBook.MOST, book.streams().size());
        assertTrue(status(STREAM).perDay().isPresent());
        assertEquals(51, tally.forgotten.sum());
        assertTrue(book.streams().stream().noneMatch(each -> each.name().equals("ivo://flood/50")));
        assertTrue(book.streams().stream().anyMatch(each -> each.name().equals("ivo://flood/51")));
        book.save();
        assertEquals(StreamBook.MOST + 2, broker.read(StreamBook.KIND).size());
    }

    @Test
    void shouldCountNoEventTwice() {
        event(STREAM);
        SomeEvent first = new SomeEvent(1, STREAM + "#1", now);
        book.heard(List.of(first));
        restart();
        book.heard(List.of(first));
        assertEquals(1, status(STREAM).events());
        book.logEndsAt(0); // another log
        book.heard(List.of(first));
        assertEquals(2, status(STREAM).events());
    }

    @Test
    void shouldCountWhatItReadsLateWhenItCame() {
        steady(STREAM, 14 * DAY, 10);
        silence(50);
        sequence++;
        book.heard(List.of(new SomeEvent(sequence, STREAM + "#late", now.minusSeconds(40 * 60))));
        silence(15);
        assertFalse(status(STREAM).silent());
        silence(30);
        assertTrue(status(STREAM).silent());
    }

    @Test
    void shouldCutTheNamesOfStrangers() {
        event("ivo://x/" + "y".repeat(5_000));
        assertTrue(book.streams().get(0).name().length() < 520);
        assertTrue(book.streams().get(0).lastIdentifier().orElseThrow().length() < 520);
    }

    @Test
    void shouldLearnAnewWhatItCannotRead() {
        broker.write(StreamBook.KIND, Map.of("STREAM ivo://a/b", Optional.of("nonsense"), "STRAM x", Optional.of("1")));
        try (CapturedLog log = new CapturedLog()) {
            restart();
            assertTrue(log.text().contains("What was kept of STREAM ivo://a/b cannot be read; it is learned anew"), log.text());
        }
        assertEquals(List.of(), book.streams());
    }

    @Test
    void shouldWriteLaterWhatCannotBeWrittenNow() {
        boolean[] broken = {true};
        book = open(new KeptState() {

            @Override
            public SortedMap<String, String> read(String kind) {
                return broker.read(kind);
            }

            @Override
            public void write(String kind, Map<String, Optional<String>> changes) {
                if (broken[0]) {
                    throw new UncheckedIOException(new IOException("full"));
                }
                broker.write(kind, changes);
            }
        });
        event(STREAM);
        assertThrows(UncheckedIOException.class, () -> book.save());
        assertThrows(UncheckedIOException.class, () -> book.forget(Kind.STREAM, STREAM));
        assertEquals(1, book.streams().size());
        broken[0] = false;
        assertEquals(1, book.save());
        assertEquals(1, open(broker).streams().size());
    }

    @Test
    void shouldSummarizeVeryMany() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 4 * DAY; i++) {
            minute();
            event("ivo://x/" + random.nextInt(15));
        }
        silence(3 * DAY);
        assertEquals(11, problems().size());
        assertTrue(problems().get(10).text().startsWith("5 more streams are silent"), problems().get(10).text());
    }
}
