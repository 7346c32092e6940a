package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DurableLogTest {

    private final InMemoryEventStore store = new InMemoryEventStore();
    private Fixture broker = new Fixture(store, 4, 100);

    @AfterEach
    void close() {
        broker.close();
    }

    private void restart() {
        broker.close();
        broker = new Fixture(store, 4, 100);
    }

    private EventReader open(Start start) {
        return broker.log.open(ReaderSpec.from(start));
    }

    private static List<String> poll(EventReader reader, int max) {
        return Fixture.ids(reader.poll(max, 1 << 20));
    }

    @Test
    void shouldReadOnFromWhereTheReaderIs() {
        EventReader latest = open(new Start.Latest());
        broker.submitNumbers(1, 3);
        assertEquals(List.of("1", "2"), poll(latest, 2));
        assertEquals(List.of("3"), poll(latest, 2));
        assertEquals(List.of(), poll(latest, 2));
        assertEquals(List.of("2", "3"), poll(open(new Start.After(1)), 10));
        assertEquals(List.of(), poll(open(new Start.Latest()), 10));
    }

    @Test
    void shouldReadFromTheDiskWhatIsNotInMemory() {
        EventReader slow = open(new Start.Latest());
        broker.submitNumbers(1, 10);
        assertEquals(List.of("1", "2", "3"), poll(slow, 3));
        assertEquals(List.of("4", "5", "6", "7", "8", "9", "10"), poll(slow, 100));
        restart();
        assertEquals(10, poll(open(new Start.Earliest()), 100).size());
    }

    @Test
    void shouldBoundAPollByBytesButAlwaysMoveOn() {
        broker.submitNumbers(1, 3);
        EventReader reader = open(new Start.Earliest());
        assertEquals(1, reader.poll(10, 1).size());
        assertEquals(2, reader.poll(10, 1000).size());
    }

    @Test
    void shouldShareWhatIsDerived() {
        EventReader one = open(new Start.Latest());
        EventReader other = open(new Start.Latest());
        broker.submitNumbers(1, 1);
        AtomicInteger made = new AtomicInteger();
        BrokerEvent event = one.poll(1, 1000).get(0);
        String derived = event.derived(String.class, e -> {
            made.incrementAndGet();
            return "made of " + e.derived(Long.class, BrokerEvent::sequence);
        });
        assertEquals("made of 1", derived);
        assertSame(derived, other.poll(1, 1000).get(0).derived(String.class, e -> "again"));
        assertEquals(1, made.get());
    }

    @Test
    void shouldWakeAReaderOnceThereIsSomething() {
        EventReader reader = open(new Start.Latest());
        AtomicInteger woken = new AtomicInteger();
        reader.onAvailable(woken::incrementAndGet);
        broker.submitNumbers(1, 1);
        await().until(() -> woken.get() == 1);
        broker.submitNumbers(2, 3);
        assertEquals(1, woken.get(), "it has not asked again");
        reader.onAvailable(woken::incrementAndGet);
        await().until(() -> woken.get() == 2);
        assertEquals(List.of("1", "2", "3"), poll(reader, 10));
    }

    @Test
    void shouldWakeAllWhoWaitAndNobodyElse() {
        AtomicInteger woken = new AtomicInteger();
        List<EventReader> readers = Stream.generate(() -> open(new Start.Latest())).limit(200).toList();
        EventReader ahead = open(new Start.After(2));
        AtomicInteger aheadWoken = new AtomicInteger();
        ahead.onAvailable(aheadWoken::incrementAndGet);
        readers.forEach(reader -> reader.onAvailable(woken::incrementAndGet));
        readers.get(0).close();
        broker.submitNumbers(1, 2);
        await().until(() -> woken.get() == 199);
        assertEquals(0, aheadWoken.get());
        broker.submitNumbers(3, 3);
        await().until(() -> aheadWoken.get() == 1);
        assertEquals(199, woken.get());
    }

    @Test
    void shouldKeepThePlaceOfANamedReader() {
        EventReader reader = broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        broker.submitNumbers(1, 5);
        poll(reader, 3);
        reader.commit(3);
        reader.close();
        restart();
        EventReader back = broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        assertEquals(3, back.place());
        assertEquals(List.of("4", "5"), poll(back, 10));
    }

    @Test
    void shouldWriteAPlaceWithinASecondWithoutAnythingElseToWrite() {
        EventReader reader = broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        broker.submitNumbers(1, 1);
        reader.commit(1);
        await().until(() -> store.places().containsKey("me") && store.places().get("me").sequence() == 1);
    }

    @Test
    void shouldGiveQuietEventsOnlyToWhoAskedForThePast() {
        EventReader live = open(new Start.Latest());
        EventReader named = broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        named.close();
        broker.submitNumbers(1, 1);
        for (int i = 2; i <= 9; i++) {
            broker.submit(Fixture.fromAuthor(Fixture.document(i)).quietly());
        }
        broker.submitNumbers(10, 10);
        assertEquals(List.of("1", "10"), poll(live, 20));
        assertEquals(List.of("1", "10"), poll(broker.log.open(ReaderSpec.named("me", new Start.Earliest())), 20));
        EventReader past = open(new Start.After(7));
        broker.submit(Fixture.fromAuthor(Fixture.document(11)).quietly());
        broker.submitNumbers(12, 12);
        assertEquals(List.of("8", "9", "10", "12"), poll(past, 20));
        restart();
        assertEquals(12, poll(open(new Start.Earliest()), 20).size());
    }

    @Test
    void shouldKnowItsReadersPlacesAndForgetThem() {
        EventReader reader = broker.log.open(ReaderSpec.named("b/1", new Start.Latest()));
        broker.log.open(ReaderSpec.named("a/1", new Start.Latest())).close();
        broker.log.open(ReaderSpec.named("c", new Start.Latest())).close();
        broker.submitNumbers(1, 3);
        reader.commit(2);
        assertEquals(List.of("b/1"), List.copyOf(broker.log.places("b/").keySet()));
        assertEquals(2, broker.log.places("b/").get("b/1").sequence());
        assertThrows(IllegalStateException.class, () -> broker.log.forget("b/1"), "it is open");
        broker.log.forget("a/1");
        broker.log.forget("never known");
        assertEquals(List.of("b/1", "c"), List.copyOf(broker.log.places("").keySet()));
        restart();
        assertEquals(List.of("b/1", "c"), List.copyOf(broker.log.places("").keySet()));
        assertEquals(2, broker.log.places("b/").get("b/1").sequence());
    }

    @Test
    void shouldFindEventsByTheirIdentifier() {
        broker.submitNumbers(1, 3);
        BrokerEvent second = first(open(new Start.After(1)));
        assertEquals(List.of("2"), Fixture.ids(broker.log.withIdentifier(second.header().identifier().orElseThrow(), 10)));
        assertEquals(List.of(), broker.log.withIdentifier("ivo://not.there/x#1", 10));
    }

    private static BrokerEvent first(EventReader reader) {
        return reader.poll(1, 1 << 20).get(0);
    }

    @Test
    void shouldStartANewNamedReaderAtOnceWhereItWasOpened() {
        broker.submitNumbers(1, 2);
        broker.log.open(ReaderSpec.named("me", new Start.Latest())).close();
        broker.submitNumbers(3, 3);
        assertEquals(List.of("3"), poll(broker.log.open(ReaderSpec.named("me", new Start.Latest())), 10));
    }

    @Test
    void shouldRefuseASecondReaderOfTheSameName() {
        broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        assertThrows(
                IllegalStateException.class, () -> broker.log.open(ReaderSpec.named("me", new Start.Latest())));
    }

    @Test
    void shouldTellAReaderWhatExpiredBeforeItCame() {
        EventReader reader = open(new Start.Latest());
        for (int i = 1; i <= 7; i++) {
            broker.submit(Fixture.fromAuthor(Fixture.document(i)).keptFor(Duration.ofSeconds(1)));
        }
        broker.submitNumbers(8, 12);
        store.expire(Instant.now().plusSeconds(2));
        assertEquals(List.of("8", "9", "10", "11", "12"), poll(reader, 100));
        assertEquals(7, reader.missed());
    }

    @Test
    void shouldIgnoreACommitAfterTheReaderWasClosed() {
        EventReader reader = broker.log.open(ReaderSpec.named("me", new Start.Latest()));
        broker.submitNumbers(1, 2);
        reader.close();
        reader.commit(2);
        assertEquals(0, broker.log.open(ReaderSpec.named("me", new Start.Latest())).place());
        assertTrue(reader.poll(1, 1000).isEmpty());
    }
}
