package org.bolide.eventstore;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is kept and for how long. Times are relative to now, because expiry also runs by itself. */
class RetentionTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path base;

    private final Instant now = Instant.now();
    private JdbcEventStore store;

    @BeforeEach
    void open() throws Exception {
        store = new JdbcEventStore(base, config(Map.of()));
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    @Test
    void shouldForgetEventsAfterKeepDays() throws Exception {
        append("1", now);
        append("2", now.minus(DAY));
        append("3 of its own time", now.minus(DAY), now.plus(DAY.multipliedBy(40)));

        store.expire(now.plus(DAY.multipliedBy(29)).minusSeconds(1));
        assertEquals(List.of(1L, 2L, 3L), sequences());
        store.expire(now.plus(DAY.multipliedBy(29)).plusSeconds(1));
        assertEquals(List.of(1L, 3L), sequences());
        store.expire(now.plus(DAY.multipliedBy(41)));
        assertEquals(List.of(), sequences());
        assertEquals(3, store.expired(0, 3));
        assertEquals(3, store.counters().get("eventstore.expired.events"));
    }

    @Test
    void shouldForgetDigestsAfterKeepDigestsDaysButNeverBeforeTheEvent() throws Exception {
        restart(Map.of("keepDays", 1, "keepDigestsDays", 60));
        append("1", now);
        append("2 of its own time", now, now.plus(DAY.multipliedBy(100)));

        store.expire(now.plus(DAY.multipliedBy(60)).minusSeconds(1));
        assertEquals(List.of(2L), sequences());
        assertTrue(append("1", now));
        store.expire(now.plus(DAY.multipliedBy(60)).plusSeconds(1));
        assertFalse(append("1", now), "the digest was not forgotten");
        assertTrue(append("2 of its own time", now), "the digest was forgotten before its event");
        assertEquals(1, store.counters().get("eventstore.expired.digests"));
    }

    @Test
    void shouldKeepDigestsAsLongAsEvents() throws Exception {
        restart(Map.of("keepDays", 0));
        append("1", now);

        store.expire(now.plus(DAY.multipliedBy(30_000)));

        assertEquals(List.of(1L), sequences());
        assertTrue(append("1", now));
    }

    @Test
    void shouldForgetDeadLettersAfterKeepDays() throws Exception {
        for (int days : List.of(0, 3)) {
            store.bury(new DeadLetter(0, "exec", 1, Optional.empty(), EventStoreContract.event("a", now).content(), "why", 10,
                    now.minus(DAY.multipliedBy(days))));
        }

        store.expire(now.plus(DAY.multipliedBy(28)));

        assertEquals(List.of(1L), store.deadLetters(0, 100).stream().map(DeadLetter::id).toList());
    }

    @Test
    void shouldForgetTheOldestBeyondMaxBytes() throws Exception {
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            events.add(EventStoreContract.event(i + "x".repeat(1000 - Integer.toString(i).length()), now));
        }
        store.append(events, Map.of());
        restart(Map.of("maxBytes", 100_000L));

        store.expire(now);

        assertEquals(100, sequences().size());
        assertEquals(401, sequences().get(0));
        append("y", now);
        store.expire(now);
        assertEquals(100, sequences().size());
        store.expire(now);
        assertEquals(100, sequences().size());
        assertEquals(401, store.expired(0, 501));
    }

    @Test
    void shouldExpireByItselfAtTheStart() throws Exception {
        append("1", now.minus(DAY.multipliedBy(20)));
        assertEquals(List.of(1L), sequences());

        restart(Map.of("keepDays", 10));

        await().until(() -> sequences().isEmpty());
        assertTrue(append("1", now), "the digest is to stay for 30 days");
    }

    @Test
    void shouldTakeANewRetentionWhileItRuns() throws Exception {
        append("1", now.minus(DAY.multipliedBy(20)));

        store.modified(config(Map.of("keepDays", 10)));

        await().until(() -> sequences().isEmpty());
        assertThrows(IllegalArgumentException.class, () -> store.modified(config(Map.of("keepDays", -1))));
    }

    @Test
    void shouldGiveRoomOnTheDiskBack() throws Exception {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        for (int i = 0; i < 500; i++) {
            content[0] = (byte) i;
            content[1] = (byte) (i >> 8);
            store.append(List.of(EventStoreContract.event(content.clone(), now, Optional.empty())), Map.of());
        }
        // the file grows, and shrinks, when the write-ahead log is carried over to it
        await().until(() -> size() > 40_000_000);
        long before = size();

        restart(Map.of("maxBytes", 1_000_000L));
        store.expire(now);

        await().until(() -> size() < before / 2);
        assertEquals(10, sequences().size());
    }

    @Test
    void shouldRefuseWrongValuesNamingKeyAndAllowedValues() throws Exception {
        close();
        Map<Map<String, Object>, String> refused = Map.of(
                Map.of("keepDays", -1), "keepDays = -1 is not allowed; give a whole number of days from 1 to 36500, or 0 for ever.",
                Map.of("keepDays", 36_501),
                "keepDays = 36501 is not allowed; give a whole number of days from 1 to 36500, or 0 for ever.",
                Map.of("keepDigestsDays", 29),
                "keepDigestsDays = 29 is not allowed; give a whole number of days from 30 to 36500, or 0 for ever.",
                Map.of("maxBytes", -1L), "maxBytes = -1 is not allowed; give a number of bytes, or 0 for no bound.",
                Map.of("directory", " "), "directory is empty; give the path of a directory.",
                Map.of("directory", "a\0b"), "directory = a\0b is not allowed; give the path of a directory.",
                Map.of("databaseUrl", "jdbc:mysql://u:secret@h/d"), "databaseUrl is not allowed, it does not begin with "
                        + "jdbc:postgresql:; give jdbc:postgresql://host[:port]/database, or nothing for SQLite.",
                Map.of("databaseUrl", "jdbc:postgresql://h:secret/d"), "databaseUrl is not allowed, it is not understood; "
                        + "give jdbc:postgresql://host[:port]/database, or nothing for SQLite.");
        refused.forEach((values, message) -> assertEquals("org.bolide.eventstore: " + message,
                assertThrows(IllegalArgumentException.class, () -> new JdbcEventStore(base, config(values))).getMessage()));
        // whatever was refused keeps nothing locked
        open();
    }

    private void restart(Map<String, Object> values) throws Exception {
        store.close();
        store = new JdbcEventStore(base, config(values));
    }

    private static EventStoreConfig config(Map<String, Object> values) {
        return Configs.with(values);
    }

    private boolean append(String text, Instant received, Instant... end) throws Exception {
        NewEvent event = EventStoreContract.event(text.getBytes(), received,
                end.length == 0 ? Optional.empty() : Optional.of(end[0]));
        return store.append(List.of(event), Map.of()).get(0).duplicate();
    }

    private List<Long> sequences() throws Exception {
        return store.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE).stream().map(StoredEvent::sequence).toList();
    }

    private long size() throws Exception {
        return Files.size(base.resolve("eventlog/events.sqlite"));
    }
}
