package org.bolide.broker;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import javax.xml.namespace.QName;

import org.bolide.api.EventHeader;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GroupCommitTest {

    private final InMemoryEventStore memory = new InMemoryEventStore();
    private final Semaphore mayAppend = new Semaphore(0);
    private final AtomicInteger appending = new AtomicInteger();
    private final List<String> appends = new CopyOnWriteArrayList<>();
    private final List<Long> news = new CopyOnWriteArrayList<>();
    private final Places places = new Places(Map.of(), Clock.systemUTC());
    private final GroupCommit commits = new GroupCommit(store(), places, new Pace(Duration.ZERO), Duration.ofSeconds(15),
            events -> events.forEach(event -> news.add(event.sequence())), GroupCommit.Outcome::tell);

    GroupCommitTest() throws IOException {
        commits.start();
        await().until(() -> Thread.getAllStackTraces().keySet().stream().anyMatch(thread ->
                thread.getName().equals("log-writer") && thread.getState() == Thread.State.TIMED_WAITING));
    }

    @AfterEach
    void stop() throws InterruptedException {
        mayAppend.release(1_000_000);
        assertTrue(commits.stop(10_000));
    }

    /** The store in memory, whose append waits for a permit, and tells who called it and with what. */
    private EventStore store() {
        return (EventStore) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {EventStore.class}, (proxy, method, args) -> {
            try {
                if (!method.getName().equals("append")) {
                    return method.invoke(memory, args);
                }
                assertEquals(1, appending.incrementAndGet(), "one at a time");
                try {
                    mayAppend.acquire();
                    appends.add("%s: %d events, %d places".formatted(Thread.currentThread().getName(),
                            ((List<?>) args[0]).size(), ((Map<?, ?>) args[1]).size()));
                    return method.invoke(memory, args);
                } finally {
                    appending.decrementAndGet();
                }
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private static NewEvent event(int number) {
        ByteBuffer content = ByteBuffer.wrap(Fixture.document(number).getBytes(StandardCharsets.UTF_8));
        return new NewEvent(content, EventHeader.of(new QName("e")), content, "a test", Instant.now(), List.of(),
                Optional.empty(), false);
    }

    private void writeHere() {
        commits.write(true).ifPresent(GroupCommit.Outcome::tell);
    }

    @Test
    void shouldSayThatNothingIsWrittenAnyMore() throws Exception {
        GroupCommit dying = new GroupCommit(memory, places, new Pace(Duration.ZERO), Duration.ofSeconds(15), events -> { }, outcome -> {
            throw new AssertionError("a mistake of the broker's");
        });
        dying.start();
        assertFalse(dying.isDead());
        dying.between(() -> { });
        await().dontCatchUncaughtExceptions().until(dying::isDead);
        assertFalse(commits.isDead());
    }

    @Test
    void shouldHaveTheThreadThatBringsAnEventWriteIt() {
        mayAppend.release();
        CompletableFuture<Appended> appended = commits.enqueue(event(1), System.nanoTime());
        writeHere();
        assertEquals(1, appended.orTimeout(10, TimeUnit.SECONDS).join().sequence());
        assertEquals(List.of(Thread.currentThread().getName() + ": 1 events, 0 places"), appends);
    }

    @Test
    void shouldCarryAlongWhatComesWhileOneWrites() throws InterruptedException {
        commits.enqueue(event(1), System.nanoTime());
        Thread first = new Thread(this::writeHere, "first");
        first.start();
        await().until(() -> appending.get() == 1);
        List<CompletableFuture<Appended>> later = IntStream.rangeClosed(2, 100).mapToObj(i -> commits.enqueue(event(i), System.nanoTime())).toList();
        assertTrue(commits.write(true).isEmpty(), "it does not wait for who writes");
        mayAppend.release(2);
        first.join();
        CompletableFuture.allOf(later.toArray(CompletableFuture[]::new)).orTimeout(10, TimeUnit.SECONDS).join();
        assertEquals(List.of("first: 1 events, 0 places", "log-writer: 99 events, 0 places"), appends);
        assertEquals(IntStream.rangeClosed(1, 100).mapToObj(Long::valueOf).toList(), news);
    }

    @Test
    void shouldKeepTheOrderWhoeverWrites() throws InterruptedException {
        mayAppend.release(1_000_000);
        List<CompletableFuture<Appended>> all = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int from = t * 10_000;
            threads.add(new Thread(() -> {
                long before = 0;
                for (int i = 1; i <= 500; i++) {
                    CompletableFuture<Appended> appended = commits.enqueue(event(from + i), System.nanoTime());
                    all.add(appended);
                    commits.write(i % 3 != 0).ifPresent(GroupCommit.Outcome::tell);
                    if (i % 7 == 0) {
                        long sequence = appended.orTimeout(10, TimeUnit.SECONDS).join().sequence();
                        assertTrue(sequence > before);
                        before = sequence;
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).orTimeout(10, TimeUnit.SECONDS).join();
        assertEquals(IntStream.rangeClosed(1, 2000).mapToObj(Long::valueOf).toList(), news);
    }

    @Test
    void shouldWritePlacesInPortions() {
        mayAppend.release(1_000_000);
        List<Places.Place> moving = IntStream.range(0, 3000).mapToObj(i -> places.findOrAdd("r" + i, 0)).toList();
        await().until(() -> moving.stream().allMatch(Places.Place::isOnDisk));
        appends.clear();
        moving.forEach(place -> place.moveTo(1));
        await().until(() -> moving.stream().allMatch(Places.Place::isOnDisk));
        assertTrue(appends.size() >= 3, appends.toString());
        assertTrue(appends.stream().allMatch(append -> Integer.parseInt(append.split(" ")[3]) <= 1024), appends.toString());
    }

    @Test
    void shouldFlushAllThatHaveMovedForOneThatCloses() {
        mayAppend.release(1_000_000);
        List<Places.Place> closing = IntStream.range(0, 1000).mapToObj(i -> places.findOrAdd("r" + i, 0)).toList();
        await().until(() -> closing.stream().allMatch(Places.Place::isOnDisk));
        closing.forEach(place -> place.moveTo(7));
        commits.flush(closing.get(999)).orTimeout(10, TimeUnit.SECONDS).join();
        assertTrue(closing.stream().allMatch(Places.Place::isOnDisk));
        assertEquals(7, places.withPrefix("r5").get("r5").sequence());
    }

    @Test
    void shouldNotBringAForgottenPlaceBack() throws Exception {
        Places.Place place = places.findOrAdd("r", 0);
        commits.enqueue(event(1), System.nanoTime());
        commits.write(false);
        await().until(() -> appending.get() == 1);
        place.moveTo(1);
        CompletableFuture<Void> flushed = commits.flush(place);
        CompletableFuture<Void> forgotten = commits.between(() -> {
            memory.forget(List.of("r"));
            places.remove("r");
        });
        assertFalse(forgotten.isDone(), "a transaction is under way");
        mayAppend.release(1_000_000);
        CompletableFuture.allOf(flushed, forgotten).orTimeout(10, TimeUnit.SECONDS).join();
        assertEquals(Map.of(), memory.places());
    }

    @Test
    void shouldWritePlacesOnceTheDiskCanBeWrittenAgain() throws Exception {
        mayAppend.release(1_000_000);
        Places.Place place = places.findOrAdd("r", 3);
        memory.fail("the disk is full");
        CompletableFuture<Appended> refused = commits.enqueue(event(1), System.nanoTime());
        writeHere();
        await().until(refused::isCompletedExceptionally);
        memory.mend();
        await().until(place::isOnDisk);
        assertEquals(3, memory.places().get("r").sequence());
    }
}
