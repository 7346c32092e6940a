package org.bolide.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What every {@link EventStore} must do. To be extended by a test of each. */
public abstract class EventStoreContract extends EventSearchContract {

    private static final Instant T0 = Instant.parse("2026-11-21T20:00:00.123456Z");
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** An event with this text, whose digest is a function of the text, received at the given instant. */
    public static NewEvent event(String text, Instant receivedAt) {
        return event(text.getBytes(StandardCharsets.UTF_8), receivedAt, Optional.empty());
    }

    /** An event with these bytes. */
    public static NewEvent event(byte[] content, Instant receivedAt, Optional<Instant> expiresAt) {
        return new NewEvent(digest(content), EventHeader.of(new QName("e")), ByteBuffer.wrap(content), "192.0.2.1:4711",
                receivedAt, List.of(), expiresAt, false);
    }

    @Test
    void shouldBeEmptyAtFirst() throws IOException {
        assertEquals(0, store().latest());
        assertEquals(Optional.empty(), store().earliest());
        assertEquals(List.of(), store().read(0, 10, NO_LIMIT));
        assertEquals(0, store().before(T0));
        assertEquals(0, store().expired(0, 10));
        assertEquals(Map.of(), store().places());
        assertEquals(List.of(), store().deadLetters(0, 100));
        assertEquals(List.of(), store().append(List.of(), Map.of()));
    }

    @Test
    void shouldNumberEventsInTheOrderOfTheListStartingAtOne() throws IOException {
        List<Appended> first = append("a", "b", "c");
        List<Appended> second = append("d");

        assertEquals(1, first.get(0).sequence());
        List<Long> sequences = List.of(first.get(0).sequence(), first.get(1).sequence(), first.get(2).sequence(),
                second.get(0).sequence());
        assertEquals(sequences.stream().sorted().distinct().toList(), sequences);
        assertTrue(first.stream().noneMatch(Appended::duplicate));
        assertEquals(List.of("a", "b", "c", "d"), texts(0));
        assertEquals(second.get(0).sequence(), store().latest());
        assertEquals(Optional.of(1L), store().earliest());
    }

    @Test
    void shouldGiveBackWhatWasAppended() throws IOException {
        EventHeader header = new EventHeader(
                new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent"),
                Optional.of("ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_1-\u00e9\ud83d\udd2d'\"\\n"),
                Optional.of("observation"),
                Optional.of("ivo://nasa.gsfc.tan/gcn"),
                Optional.of(Instant.parse("2014-04-01T11:58:57Z")),
                Optional.of(Instant.parse("1604-10-09T11:58:57.123456789Z")),
                Optional.of(new SkyPosition(-123.4, 89.999, OptionalDouble.of(0.05), "UTC-FK5-GEO")),
                List.of(new Citation("ivo://x.y.z/b#1", "supersedes"), new Citation("ivo://x.y.z/a#2", "")));
        ByteBuffer content = ByteBuffer.wrap("..<e>\u0000\u00ff</e>..".getBytes(StandardCharsets.ISO_8859_1), 2, 10);
        List<String> faults = List.of("line 3: one\ntwo", "", "back\\slash\r");
        Instant received = T0.minusSeconds(7);
        NewEvent event = new NewEvent(
                digest(new byte[] {1}), header, content, "[2001:db8::1]:4711", received, faults, Optional.empty(), true);

        store().append(List.of(event), Map.of());

        StoredEvent expected = new StoredEvent(1, header, event.content(), "[2001:db8::1]:4711", received, faults, true);
        assertEquals(List.of(expected), store().read(0, 10, NO_LIMIT));
        assertEquals(10, event.content().remaining(), "the caller's buffer was moved");
        restart();
        assertEquals(List.of(expected), store().read(0, 10, NO_LIMIT));
    }

    @Test
    void shouldGiveBackOddHeaders() throws IOException {
        List<EventHeader> headers = List.of(
                at(new SkyPosition(0, 0, OptionalDouble.empty(), "")),
                at(new SkyPosition(Double.NaN, Double.POSITIVE_INFINITY, OptionalDouble.of(-1), "\u03b1-\u03b4")),
                at(new SkyPosition(1e300, -91, OptionalDouble.of(1e-300), "UTC-ICRS-TOPO")),
                header(new QName("urn:odd}{space", "x"), "i".repeat(100_000), Instant.MAX),
                header(new QName("x"), "", Instant.MIN));
        List<NewEvent> events = IntStream.range(0, headers.size())
                .mapToObj(i -> new NewEvent(digest(new byte[] {(byte) i}), headers.get(i), ByteBuffer.allocate(i), "s",
                        T0, List.of(), Optional.empty(), false))
                .toList();

        store().append(events, Map.of());

        assertEquals(headers, store().read(0, 10, NO_LIMIT).stream().map(StoredEvent::header).toList());
    }

    @Test
    void shouldAppendAnEventOnlyOnce() throws IOException {
        long first = append("a", "b").get(1).sequence();

        List<Appended> again = append("c", "b", "d");

        assertEquals(new Appended(first, true), again.get(1));
        assertFalse(again.get(0).duplicate());
        assertFalse(again.get(2).duplicate());
        assertEquals(List.of("a", "b", "c", "d"), texts(0));
        restart();
        assertEquals(new Appended(first, true), append("b").get(0));
        assertEquals(List.of("a", "b", "c", "d"), texts(0));
    }

    @Test
    void shouldTakeTheSameEventTwiceInOneList() throws IOException {
        List<Appended> result = append("a", "b", "a", "a");

        assertFalse(result.get(0).duplicate());
        assertEquals(new Appended(result.get(0).sequence(), true), result.get(2));
        assertEquals(new Appended(result.get(0).sequence(), true), result.get(3));
        assertEquals(List.of("a", "b"), texts(0));
    }

    @Test
    void shouldKeepLongListsInOrder() throws IOException {
        List<NewEvent> events = IntStream.range(0, 3000).mapToObj(i -> event("event " + i, T0.plusMillis(i))).toList();
        store().append(events.subList(1000, 1700), Map.of());

        List<Appended> result = store().append(events, Map.of());

        assertEquals(700, result.stream().filter(Appended::duplicate).count());
        List<String> expected = new ArrayList<>();
        IntStream.concat(IntStream.range(1000, 1700), IntStream.concat(IntStream.range(0, 1000),
                IntStream.range(1700, 3000))).forEach(i -> expected.add("event " + i));
        assertEquals(expected, texts(0));
        for (int i = 0; i < 3000; i += 97) {
            assertEquals("event " + i, text(store().read(result.get(i).sequence() - 1, 1, NO_LIMIT).get(0)));
        }
    }

    @Test
    void shouldReadNoMoreThanAskedFor() throws IOException {
        append("four", "five", "a longer one", "six");

        assertEquals(List.of("four", "five"), texts(store().read(0, 2, NO_LIMIT)));
        assertEquals(List.of("four", "five"), texts(store().read(0, 10, 19)));
        assertEquals(List.of("four", "five", "a longer one"), texts(store().read(0, 10, 20)));
        assertEquals(List.of("a longer one"), texts(store().read(2, 10, 5)));
        assertEquals(List.of("six"), texts(store().read(3, 10, 0)));
        assertEquals(List.of(), store().read(4, 10, NO_LIMIT));
        assertEquals(List.of(), store().read(Long.MAX_VALUE, 10, NO_LIMIT));
        assertEquals(List.of(), store().read(0, 0, NO_LIMIT));
    }

    @Test
    void shouldKeepLargeEvents() throws IOException {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);

        store().append(List.of(event(large, T0, Optional.empty()), event("small", T0)), Map.of());

        List<StoredEvent> read = store().read(0, 10, 1000);
        assertEquals(1, read.size());
        assertEquals(ByteBuffer.wrap(large), read.get(0).content());
    }

    @Test
    void shouldKeepRealEventsBitForBit() throws IOException {
        List<byte[]> contents = new ArrayList<>(SampleEvents.all());
        SharedData.events().forEach(real -> contents.add(real.content()));
        System.out.println("events kept bit for bit: " + contents.size());
        List<NewEvent> events = contents.stream().map(content -> event(content, T0, Optional.empty())).toList();

        List<Appended> result = store().append(events, Map.of());
        restart();

        for (int i = 0; i < contents.size(); i++) {
            StoredEvent read = store().read(result.get(i).sequence() - 1, 1, NO_LIMIT).get(0);
            assertEquals(ByteBuffer.wrap(contents.get(i)), read.content());
        }
    }

    @Test
    void shouldFindThePlaceBeforeATime() throws IOException {
        // not quite in order of time: events of different connections overtake one another
        store().append(List.of(event("a", T0), event("b", T0.plusSeconds(20)), event("c", T0.plusSeconds(10)),
                event("d", T0.plusSeconds(30))), Map.of());

        assertEquals(0, store().before(T0.minusSeconds(1)));
        assertEquals(0, store().before(T0));
        assertEquals(1, store().before(T0.plusNanos(1000)));
        assertEquals(1, store().before(T0.plusSeconds(15)));
        assertEquals(3, store().before(T0.plusSeconds(30)));
        assertEquals(4, store().before(T0.plusSeconds(31)));
    }

    @Test
    void shouldKeepPlaces() throws IOException {
        store().append(List.of(), Map.of("save-event", 3L, "odd 'name' \u03b1", 1L));
        store().append(List.of(event("a", T0)), Map.of("save-event", 5L));
        store().append(List.of(event("a", T0)), Map.of("exec", 7L));

        Map<String, Long> expected = Map.of("save-event", 5L, "odd 'name' \u03b1", 1L, "exec", 7L);
        assertEquals(expected, places());
        Instant used = store().places().get("exec").usedAt();
        assertTrue(Duration.between(used, Instant.now()).abs().compareTo(Duration.ofMinutes(1)) < 0, "used at " + used);
        restart();
        assertEquals(expected, places());
        assertEquals(used, store().places().get("exec").usedAt());
    }

    @Test
    void shouldForgetPlaces() throws IOException {
        store().append(List.of(), Map.of("a", 1L, "b", 2L, "c", 3L));

        store().forget(List.of("a", "c", "never known"));

        assertEquals(Map.of("b", 2L), places());
        restart();
        assertEquals(Map.of("b", 2L), places());
    }

    @Test
    void shouldFindEventsByTheirIdentifier() throws IOException {
        String identifier = "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_1";
        store().append(List.of(identified("1.1", identifier), identified("other", "ivo://x.y.z/a#1"), event("none", T0)), Map.of());
        store().append(List.of(identified("2.0", identifier), identified("late", identifier)), Map.of());

        assertEquals(List.of("1.1", "2.0", "late"), texts(store().withIdentifier(identifier, 10)));
        assertEquals(List.of("1.1", "2.0"), texts(store().withIdentifier(identifier, 2)));
        assertEquals(List.of(), store().withIdentifier("ivo://nasa.gsfc.gcn/SWIFT", 10));
        restart();
        assertEquals(List.of("1.1", "2.0", "late"), texts(store().withIdentifier(identifier, 10)));
    }

    private static NewEvent identified(String text, String identifier) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return new NewEvent(digest(content), header(new QName("e"), identifier, T0), ByteBuffer.wrap(content), "s", T0, List.of(),
                Optional.empty(), false);
    }

    private Map<String, Long> places() throws IOException {
        return store().places().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, place -> place.getValue().sequence()));
    }

    @Test
    void shouldKeepDeadLettersUntilTheyAreDropped() throws IOException {
        DeadLetter letter = new DeadLetter(0, "exec", 17, Optional.of("ivo://x.y.z/a#1"),
                ByteBuffer.wrap(new byte[] {0, -1, 60}), "exit status 1\nand more", 10, T0);
        long first = store().bury(letter);
        long second = store().bury(new DeadLetter(0, "kafka", 18, Optional.empty(), letter.content(), "", 10, T0));

        restart();

        assertEquals(List.of(
                new DeadLetter(first, "exec", 17, Optional.of("ivo://x.y.z/a#1"), letter.content(),
                        "exit status 1\nand more", 10, T0),
                new DeadLetter(second, "kafka", 18, Optional.empty(), letter.content(), "", 10, T0)),
                store().deadLetters(0, 100));
        assertTrue(store().drop(second));
        assertFalse(store().drop(second));
        assertEquals(List.of(first), store().deadLetters(0, 100).stream().map(DeadLetter::id).toList());
        restart();
        long third = store().bury(letter);
        assertTrue(third != first && third != second, "an id was given twice");
    }

    @Test
    void shouldGiveDeadLettersByTheirId() throws IOException {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(store().bury(new DeadLetter(0, "exec", i, Optional.empty(), ByteBuffer.wrap(new byte[] {(byte) i}), "why", i, T0)));
        }
        store().drop(ids.get(2));

        assertEquals(List.of(ids.get(1), ids.get(3)), ids(store().deadLetters(ids.get(0), 2)));
        assertEquals(List.of(ids.get(4)), ids(store().deadLetters(ids.get(3), 10)));
        assertEquals(List.of(), store().deadLetters(ids.get(4), 10));
        assertEquals(List.of(), store().deadLetters(0, 0));
        assertEquals(Optional.of(new DeadLetter(ids.get(3), "exec", 3, Optional.empty(), ByteBuffer.wrap(new byte[] {3}), "why", 3, T0)),
                store().deadLetter(ids.get(3)));
        for (long none : List.of(ids.get(2), ids.get(4) + 1, 0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE)) {
            assertEquals(Optional.empty(), store().deadLetter(none));
        }
        store().deadLetter(ids.get(0)).orElseThrow().content().get();
        assertEquals(1, store().deadLetter(ids.get(0)).orElseThrow().content().remaining(), "a reader moved another one's buffer");
    }

    private static List<Long> ids(List<DeadLetter> letters) {
        return letters.stream().map(DeadLetter::id).toList();
    }

    @Test
    void shouldKeepWhatBundlesRemember() throws IOException {
        assertEquals(Map.of(), store().state("ban"));
        String long1 = "k".repeat(500);
        store().keep("ban", Map.of("192.0.2.0/24", Optional.of("since yesterday"), "2001:db8::/32", Optional.of(""), long1, Optional.of("x"),
                "never kept", Optional.empty()));
        store().keep("stream", Map.of("192.0.2.0/24", Optional.of("other"), "odd 'key' % \u03b1\ud83d\udd2d", Optional.of("v".repeat(100_000))));
        store().keep("stream", Map.of());

        store().keep("ban", Map.of("192.0.2.0/24", Optional.of("since today"), "2001:db8::/32", Optional.empty(), "b", Optional.of("new")));

        Map<String, String> bans = Map.of("192.0.2.0/24", "since today", long1, "x", "b", "new");
        assertEquals(bans, store().state("ban"));
        restart();
        assertEquals(bans, store().state("ban"));
        assertEquals(List.of("192.0.2.0/24", "b", long1), List.copyOf(store().state("ban").keySet()));
        assertEquals(Map.of("192.0.2.0/24", "other", "odd 'key' % \u03b1\ud83d\udd2d", "v".repeat(100_000)), store().state("stream"));
        assertEquals(Map.of(), store().state("gap"));
    }

    @Test
    void shouldRefuseAKeyThatNoIndexTakesAndChangeNothing() throws IOException {
        Map<String, Optional<String>> changes = Map.of("a", Optional.of("1"), "k".repeat(501), Optional.of("2"));

        assertThrows(IllegalArgumentException.class, () -> store().keep("ban", changes));

        assertEquals(Map.of(), store().state("ban"));
    }

    @Test
    void shouldForgetEventsWhoseTimeIsOverButNotTheirDigests() throws IOException {
        Instant end = T0.plus(Duration.ofDays(1));
        store().append(List.of(event("keep 1", T0), expiring("test 2", end), expiring("test 3", end),
                event("keep 4", T0), expiring("later 5", end.plusSeconds(1)), expiring("test 6", end)), Map.of());

        expire(end.minusNanos(1000));
        assertEquals(6, texts(0).size());
        assertEquals(0, store().expired(0, 6));
        expire(end);

        assertEquals(List.of("keep 1", "keep 4", "later 5"), texts(0));
        assertEquals(3, store().expired(0, 6));
        assertEquals(3, store().expired(-5, 100));
        assertEquals(2, store().expired(1, 3));
        assertEquals(1, store().expired(2, 5));
        assertEquals(0, store().expired(3, 5));
        assertEquals(0, store().expired(6, 100));
        assertTrue(append("test 2").get(0).duplicate());
        restart();
        assertTrue(append("test 3").get(0).duplicate());
        assertEquals(3, store().expired(0, 6));
    }

    @Test
    void shouldNeverGiveASequenceTwice() throws IOException {
        store().append(List.of(expiring("a", T0), expiring("b", T0)), Map.of());
        expire(T0);
        assertEquals(Optional.empty(), store().earliest());
        assertEquals(2, store().latest());
        restart();
        assertEquals(2, store().latest());
        assertEquals(2, store().before(T0));

        assertEquals(new Appended(3, false), append("c").get(0));
        assertEquals(Optional.of(3L), store().earliest());
    }

    @Test
    void shouldServeReadersWhileItAppends() throws Exception {
        int total = 2000;
        Callable<List<String>> reader = () -> {
            List<String> seen = new ArrayList<>();
            long place = 0;
            while (seen.size() < total) {
                long latest = store().latest();
                List<StoredEvent> read = store().read(place, 50, NO_LIMIT);
                assertTrue(place >= latest || !read.isEmpty(), "nothing to read after " + place + " of " + latest);
                for (StoredEvent event : read) {
                    seen.add(text(event));
                    place = event.sequence();
                }
                if (read.isEmpty()) {
                    Thread.onSpinWait();
                }
            }
            return seen;
        };
        List<String> expected = IntStream.range(0, total).mapToObj(i -> "event " + i).toList();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<List<String>>> results =
                    LongStream.range(0, 3).mapToObj(i -> readers.submit(reader)).toList();
            for (int i = 0; i < total; i += 20) {
                append(expected.subList(i, i + 20).toArray(String[]::new));
            }
            for (Future<List<String>> result : results) {
                assertEquals(expected, result.get());
            }
        } finally {
            readers.shutdownNow();
        }
    }

    private List<Appended> append(String... texts) throws IOException {
        return store().append(Arrays.stream(texts).map(text -> event(text, T0)).toList(), Map.of());
    }

    private List<String> texts(long after) throws IOException {
        return texts(store().read(after, NO_LIMIT, NO_LIMIT));
    }

    private static List<String> texts(List<StoredEvent> events) {
        return events.stream().map(EventStoreContract::text).toList();
    }

    private static String text(StoredEvent event) {
        return StandardCharsets.UTF_8.decode(event.content().duplicate()).toString();
    }

    private static NewEvent expiring(String text, Instant end) {
        return event(text.getBytes(StandardCharsets.UTF_8), T0, Optional.of(end));
    }

    private static EventHeader at(SkyPosition position) {
        return new EventHeader(new QName("e"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.of(position), List.of());
    }

    private static EventHeader header(QName root, String identifier, Instant time) {
        return new EventHeader(root, Optional.of(identifier), Optional.empty(), Optional.of(identifier),
                Optional.of(time), Optional.of(time), Optional.empty(), List.of(new Citation(identifier, "followup")));
    }

    private static ByteBuffer digest(byte[] content) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
