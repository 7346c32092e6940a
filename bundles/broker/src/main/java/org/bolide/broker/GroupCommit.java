package org.bolide.broker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way into the log: one transaction after the other, and whatever came while one was written is the next one and
 * shares its sync. Whoever writes holds the pen. A thread that has brought an event and finds the pen free may write the
 * batch itself, which spares an idle broker two changes of threads for each event; else {@code log-writer} does. Places
 * ride in the same transactions: those that have moved once a second, in portions, so that no event waits long for them.
 */
final class GroupCommit {

    /** Something to be done with the pen in hand, between two transactions. */
    @FunctionalInterface
    interface Chore {
        void run() throws IOException;
    }

    /** What a transaction has done. */
    interface Outcome {
        /** Completes what submitters wait for: runs their code. */
        void tell();

        /** Whether events have come that readers have not seen. */
        boolean hasNews();
    }

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int MAX_BATCH_EVENTS = 1024;
    private static final long MAX_BATCH_BYTES = 16L << 20;
    private static final int PLACES_PORTION = 1024;
    /** How often it is tried to write more while the pace holds back. */
    private static final long HELD_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long PLACES_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventStore store;
    private final Places places;
    private final Pace pace;
    private final long maxWait;
    private final Consumer<List<LogEvent>> news;
    private final Consumer<Outcome> done;
    private final Queue<Entry> events = new ConcurrentLinkedQueue<>();
    private final Queue<Errand> errands = new ConcurrentLinkedQueue<>();
    private final LatencyHistogram times = new LatencyHistogram();
    private final AtomicBoolean pen = new AtomicBoolean();
    private final Thread writer = new Thread(this::run, "log-writer");
    private volatile boolean stopping;

    // Of whoever holds the pen.
    private volatile long placesWrittenAt = System.nanoTime();
    private volatile boolean morePlaces;
    private long latest;
    private boolean failing;

    private record Entry(NewEvent event, long since, CompletableFuture<Appended> appended) {
    }

    /** A place to be on disk when {@code finished} is completed, or a chore. */
    private record Errand(Places.Place place, Chore chore, CompletableFuture<Void> finished) {
    }

    /**
     * @param maxWait after which an event that is held back is given up
     * @param news is told of new events in the order of the log, before anybody else
     * @param done is given each transaction's outcome by {@code log-writer}
     */
    GroupCommit(EventStore store, Places places, Pace pace, Duration maxWait, Consumer<List<LogEvent>> news, Consumer<Outcome> done)
            throws IOException {
        this.store = store;
        this.places = places;
        this.pace = pace;
        this.maxWait = maxWait.toNanos();
        this.news = news;
        this.done = done;
        latest = store.latest();
    }

    void start() {
        writer.start();
    }

    /** How long the transactions took. */
    LatencyHistogram times() {
        return times;
    }

    /** Whether nothing is written any more though nobody wanted it so. */
    boolean isDead() {
        return !stopping && !writer.isAlive();
    }

    /** Writes what is there and ends. Returns whether it did so in time. */
    boolean stop(long millis) throws InterruptedException {
        stopping = true;
        LockSupport.unpark(writer);
        writer.join(millis);
        return !writer.isAlive();
    }

    /**
     * Puts an event in line; who has done so then calls {@link #write}. Neither blocks nor writes.
     *
     * @param since when it came, by {@link System#nanoTime}
     * @return completed when the event is on disk; exceptionally if it could not be written
     */
    CompletableFuture<Appended> enqueue(NewEvent event, long since) {
        Entry entry = new Entry(event, since, new CompletableFuture<>());
        events.add(entry);
        if (stopping && events.remove(entry)) {
            entry.appended.completeExceptionally(stopped());
        }
        return entry.appended;
    }

    /**
     * Has what is in line written.
     *
     * @param here whether the calling thread may wait for the disk
     * @return what the calling thread has written, if it has: it is to tell
     */
    Optional<Outcome> write(boolean here) {
        if (pace.isHolding()) {
            return Optional.empty(); // log-writer looks every few milliseconds
        }
        if (here && pen.compareAndSet(false, true)) {
            Outcome outcome = writeBatch();
            putDown();
            return Optional.of(outcome);
        }
        if (!pen.get()) {
            LockSupport.unpark(writer);
        } // else whoever holds the pen looks again when it puts it down
        return Optional.empty();
    }

    /** Has a place written now. */
    CompletableFuture<Void> flush(Places.Place place) {
        return send(new Errand(place, null, new CompletableFuture<>()));
    }

    /** Has something done while nobody writes. */
    CompletableFuture<Void> between(Chore chore) {
        return send(new Errand(null, chore, new CompletableFuture<>()));
    }

    private CompletableFuture<Void> send(Errand errand) {
        errands.add(errand);
        if (stopping && errands.remove(errand)) {
            errand.finished.completeExceptionally(stopped());
        }
        if (!pen.get()) {
            LockSupport.unpark(writer);
        }
        return errand.finished;
    }

    private static IOException stopped() {
        return new IOException("the broker is stopping");
    }

    private void putDown() {
        pen.set(false);
        if (Thread.currentThread() != writer && hasWork()) {
            LockSupport.unpark(writer);
        }
    }

    private boolean hasWork() {
        return stopping || !events.isEmpty() || !errands.isEmpty() || arePlacesDue() || pace.isHolding();
    }

    private boolean arePlacesDue() {
        return morePlaces || places.anyToWrite() && System.nanoTime() - placesWrittenAt >= PLACES_NANOS;
    }

    // ---- log-writer

    private void run() {
        while (!stopping) {
            boolean wrote = hasWork() && pen.compareAndSet(false, true);
            if (wrote) {
                Outcome outcome = writeBatch();
                putDown();
                done.accept(outcome);
            }
            if (!wrote || pace.isHolding()) {
                LockSupport.parkNanos(this, pace.isHolding() ? HELD_NANOS : PLACES_NANOS);
            }
            if (Thread.interrupted()) {
                // Nobody who knows this thread interrupts it: the log goes on until it is told to stop.
                LOG.debug("{} was interrupted", writer.getName());
            }
        }
        while (!pen.compareAndSet(false, true)) {
            LockSupport.parkNanos(this, PLACES_NANOS);
        }
        do {
            done.accept(writeBatch());
        } while (!failing && (!events.isEmpty() || !errands.isEmpty() || places.anyToWrite()));
        // The pen is never put down again.
    }

    // ---- with the pen in hand

    private Outcome writeBatch() {
        List<Entry> batch = new ArrayList<>();
        Places.Due due = places.new Due();
        List<Errand> sent = new ArrayList<>();
        List<Entry> late = List.of();
        try {
            takeEvents(batch);
            late = takeLate();
            boolean portion = takeErrands(sent, due) || arePlacesDue() || stopping;
            due.takeUrgent();
            morePlaces = portion && due.takeMoved(PLACES_PORTION);
            if (portion && !morePlaces) {
                placesWrittenAt = System.nanoTime();
            }
            List<Appended> appended = append(batch, due.byName());
            due.written();
            return written(batch, appended, sent, late);
        } catch (IOException | RuntimeException | Error e) { // whatever it is, nobody must wait for ever
            due.failed();
            return failed(batch, sent, late, e);
        }
    }

    private List<Appended> append(List<Entry> batch, Map<String, Long> duePlaces) throws IOException {
        if (batch.isEmpty() && duePlaces.isEmpty()) {
            return List.of();
        }
        List<NewEvent> newEvents = new ArrayList<>(batch.size());
        for (Entry entry : batch) {
            newEvents.add(entry.event);
        }
        long begin = System.nanoTime();
        List<Appended> appended = store.append(newEvents, duePlaces);
        times.record(System.nanoTime() - begin);
        if (failing) {
            failing = false;
            LOG.info("the event log can be written again");
        }
        return appended;
    }

    /** As many as there are and may be written, up to a batch. */
    private void takeEvents(List<Entry> batch) {
        int most = stopping ? MAX_BATCH_EVENTS : Math.min(MAX_BATCH_EVENTS, pace.mayWrite(latest));
        long bytes = 0;
        while (batch.size() < most && bytes < MAX_BATCH_BYTES) {
            Entry next = events.poll();
            if (next == null) {
                return;
            }
            batch.add(next);
            bytes += next.event.content().remaining();
        }
    }

    /** Those that have been held back for so long that their authors had better try again later. */
    private List<Entry> takeLate() {
        List<Entry> late = new ArrayList<>();
        if (pace.isHolding()) {
            long before = System.nanoTime() - maxWait;
            for (Entry next = events.peek(); next != null && next.since - before < 0; next = events.peek()) {
                late.add(events.remove());
            }
        }
        return late;
    }

    private static void giveUp(List<Entry> late) {
        late.forEach(entry -> entry.appended.completeExceptionally(new OverloadException(
                "the broker is overloaded: its subscribers do not keep up")));
    }

    /** Runs chores. Returns whether places are to be written: who closes is seldom alone, so all go. */
    private boolean takeErrands(List<Errand> sent, Places.Due due) {
        boolean flush = false;
        for (Errand errand = errands.poll(); errand != null; errand = errands.poll()) {
            if (errand.place != null) {
                flush = true;
                due.take(errand.place);
                sent.add(errand);
            } else {
                run(errand);
            }
        }
        return flush;
    }

    private static void run(Errand errand) {
        try {
            errand.chore.run();
            errand.finished.complete(null);
        } catch (IOException | RuntimeException e) {
            errand.finished.completeExceptionally(e);
        }
    }

    private Outcome written(List<Entry> batch, List<Appended> appended, List<Errand> sent, List<Entry> late) {
        List<LogEvent> fresh = new ArrayList<>(batch.size());
        for (int i = 0; i < appended.size(); i++) {
            if (!appended.get(i).duplicate()) {
                fresh.add(LogEvent.of(appended.get(i).sequence(), batch.get(i).event));
            }
        }
        if (!fresh.isEmpty()) {
            latest = fresh.get(fresh.size() - 1).sequence();
            news.accept(fresh);
        }
        return new Outcome() {

            @Override
            public void tell() {
                sent.forEach(errand -> errand.finished.complete(null));
                for (int i = 0; i < appended.size(); i++) {
                    batch.get(i).appended.complete(appended.get(i));
                }
                giveUp(late);
            }

            @Override
            public boolean hasNews() {
                return !fresh.isEmpty();
            }
        };
    }

    private Outcome failed(List<Entry> batch, List<Errand> sent, List<Entry> late, Throwable e) {
        if (!failing) {
            failing = true;
            LOG.error("the event log cannot be written: {}. Events are not acknowledged until it can", e.getMessage(), e);
        }
        return new Outcome() {

            @Override
            public void tell() {
                sent.forEach(errand -> errand.finished.completeExceptionally(e));
                batch.forEach(entry -> entry.appended.completeExceptionally(e));
                giveUp(late);
            }

            @Override
            public boolean hasNews() {
                return false;
            }
        };
    }
}
