package org.bolide.broker;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PastTest {

    private static final int LATEST = 1000;

    private final InMemoryEventStore memory = new InMemoryEventStore();
    private final AtomicInteger reads = new AtomicInteger();

    PastTest() throws IOException {
        memory.append(IntStream.rangeClosed(1, LATEST).mapToObj(PastTest::event).toList(), Map.of());
    }

    private static NewEvent event(int number) {
        ByteBuffer content = ByteBuffer.allocate(100).putInt(0, number);
        return new NewEvent(content, EventHeader.of(new QName("e")), content, "a test", Instant.EPOCH, List.of(),
                number <= 100 ? Optional.of(Instant.EPOCH) : Optional.empty(), false);
    }

    private EventStore counted() {
        return (EventStore) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {EventStore.class}, (proxy, method, args) -> {
            if (method.getName().equals("read")) {
                reads.incrementAndGet();
            }
            try {
                return method.invoke(memory, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private static List<BrokerEvent> readAll(Past past, long after, int most) throws IOException {
        List<BrokerEvent> all = new ArrayList<>();
        long place = after;
        for (var some = past.read(place, LATEST, most, 1 << 20); !some.isEmpty(); some = past.read(place, LATEST, most, 1 << 20)) {
            all.addAll(some);
            place = some.get(some.size() - 1).sequence();
        }
        return all;
    }

    @Test
    void shouldGiveEveryEventOnceWhereverAReaderBegins() throws IOException {
        Past past = new Past(counted(), 1 << 20);
        for (int after : new int[] {0, 1, 63, 64, 65, 500, 959, 960, 999}) {
            for (int most : new int[] {1, 7, 64, 1000}) {
                assertEquals(LongStream.rangeClosed(after + 1, LATEST).boxed().toList(),
                        readAll(past, after, most).stream().map(BrokerEvent::sequence).toList(), after + " " + most);
            }
        }
        assertEquals(List.of(), past.read(LATEST, LATEST, 10, 1 << 20));
    }

    @Test
    void shouldReadTheDiskOnceForAllWhoReplayTheSame() throws IOException {
        Past past = new Past(counted(), 8 << 20);
        List<CompletableFuture<List<BrokerEvent>>> readers = IntStream.range(0, 20).mapToObj(i -> CompletableFuture.supplyAsync(() -> {
            try {
                return readAll(past, i, 64);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        })).toList();
        for (int i = 0; i < readers.size(); i++) {
            assertEquals(LATEST - i, readers.get(i).join().size());
        }
        // 15 whole chunks; what is behind them is read by each, and that there is no more.
        assertTrue(reads.get() <= 15 + 20 * 2, reads + " reads");
        assertSame(past.read(70, LATEST, 1, 1000).get(0), past.read(70, LATEST, 1, 1000).get(0));
    }

    @Test
    void shouldHoldNoMoreThanItMay() throws IOException {
        long chunk = 64 * (2048 + 5 * 100);
        Past past = new Past(counted(), 2 * chunk);
        past.read(0, LATEST, 1, 1000);
        past.read(64, LATEST, 1, 1000);
        past.read(0, LATEST, 1, 1000);
        assertEquals(2, reads.get());
        past.read(128, LATEST, 1, 1000); // the second chunk was used least
        past.read(0, LATEST, 1, 1000);
        assertEquals(3, reads.get());
        past.read(64, LATEST, 1, 1000);
        assertEquals(4, reads.get());
        Past none = new Past(counted(), 0);
        assertEquals(LATEST, readAll(none, 0, 64).size());
    }

    @Test
    void shouldPassOverWhatHasExpired() throws IOException {
        memory.expire(Instant.EPOCH);
        Past past = new Past(counted(), 1 << 20);
        assertEquals(101, past.read(0, LATEST, 10, 1 << 20).get(0).sequence());
        assertEquals(LATEST - 100, readAll(past, 0, 64).size());
    }

    @Test
    void shouldTryAgainAfterAFailure() throws IOException {
        Past past = new Past(counted(), 1 << 20);
        memory.fail("the disk hangs");
        assertThrows(IOException.class, () -> past.read(0, LATEST, 10, 1000));
        memory.mend();
        assertEquals(1, past.read(0, LATEST, 10, 1000).get(0).sequence());
    }
}
