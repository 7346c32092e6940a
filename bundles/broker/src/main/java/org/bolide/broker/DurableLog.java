package org.bolide.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderPlace;
import org.bolide.api.ReaderSpec;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one log. A single thread, {@code log-writer}, appends: whatever came while it wrote the last batch is the next one,
 * and shares its sync. What it has written goes to the {@link Tail}, and a second thread, {@code log-publisher}, tells
 * readers and submitters, so that nobody's callback holds up the disk. Readers' places ride in the same transactions, at
 * most once a second.
 */
@Component(service = {DurableLog.class, EventLog.class}, configurationPid = DurableLog.PID)
@Designate(ocd = DurableLog.Config.class)
public final class DurableLog implements EventLog {

    static final String PID = "org.bolide.broker.log";

    private static final Logger LOG = LoggerFactory.getLogger(DurableLog.class);
    private static final int MAX_BATCH_EVENTS = 1024;
    private static final long MAX_BATCH_BYTES = 16L << 20;
    private static final long PLACES_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration STOP = Duration.ofSeconds(10);

    @ObjectClassDefinition(
            name = "Event log in memory",
            description = "How much of the log's end is held in memory. Readers that are further behind read the disk.")
    @interface Config {

        @AttributeDefinition(name = "Events in memory", description = "The most events held in memory.", min = "1")
        int memoryEvents() default 2048;

        @AttributeDefinition(
                name = "Bytes in memory", description = "The most bytes of events held in memory.", min = "0")
        long memoryBytes() default 16 << 20;
    }

    /** An entry of the writer's queue: an event, or a wish to have the places written now. */
    private record Entry(NewEvent event, CompletableFuture<Appended> appended) {

        boolean isFlush() {
            return event == null;
        }
    }

    private final EventStore store;
    private final Tail tail;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final NavigableMap<String, ReaderPlace> places = new ConcurrentSkipListMap<>();
    private final Map<String, Long> dirtyPlaces = new ConcurrentHashMap<>();
    private final Map<String, LogReader> named = new ConcurrentHashMap<>();
    private final Set<LogReader> readers = ConcurrentHashMap.newKeySet();
    private final ExecutorService publisher;
    private final Thread writer;
    private volatile long latest;
    private volatile boolean stopping;
    private volatile boolean placesUrgent;

    // The writer's own.
    private long placesWrittenAt = System.nanoTime();
    private boolean failing;

    @Activate
    public DurableLog(@Reference EventStore store, Config config) throws IOException {
        this(store, config.memoryEvents(), config.memoryBytes());
    }

    DurableLog(EventStore store, int memoryEvents, long memoryBytes) throws IOException {
        this.store = store;
        latest = store.latest();
        places.putAll(store.places());
        tail = new Tail(memoryEvents, memoryBytes, latest);
        publisher = Executors.newSingleThreadExecutor(task -> new Thread(task, "log-publisher"));
        writer = new Thread(this::write, "log-writer");
        writer.start();
        LOG.info("the event log is open: newest sequence={}, {} readers' places", latest, places.size());
    }

    @Deactivate
    void stop() throws InterruptedException {
        stopping = true;
        queue.add(new Entry(null, new CompletableFuture<>()));
        writer.join(STOP.toMillis());
        publisher.shutdown();
        if (writer.isAlive() || !publisher.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the log's threads did not end within {} s: the disk may hang", STOP.toSeconds());
        }
    }

    /**
     * Appends one event. Never blocks.
     *
     * @return completed on {@code log-publisher} when the event is on disk; exceptionally if it could not be written
     */
    CompletionStage<Appended> append(NewEvent event) {
        return enqueue(event);
    }

    @Override
    public long latest() {
        return latest;
    }

    @Override
    public EventReader open(ReaderSpec spec) {
        try {
            LogReader reader = spec.name().isPresent()
                    ? openNamed(spec.name().get(), spec.start())
                    : new LogReader(this, spec.name(), startOf(spec.start()), quietUpTo(spec.start()));
            readers.add(reader);
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LogReader openNamed(String name, ReaderSpec.Start start) throws IOException {
        ReaderPlace known = places.get(name);
        LogReader reader = known == null
                ? new LogReader(this, Optional.of(name), startOf(start), quietUpTo(start))
                : new LogReader(this, Optional.of(name), known.sequence(), 0);
        if (named.putIfAbsent(name, reader) != null) {
            throw new IllegalStateException("the reader \"" + name + "\" is open already");
        }
        commit(name, reader.place());
        // A new reader's place is on disk together with the first event that it must not miss.
        if (known == null) {
            placesUrgent = true;
        }
        return reader;
    }

    private long startOf(ReaderSpec.Start start) throws IOException {
        if (start instanceof ReaderSpec.Start.After after) {
            return after.sequence();
        } else if (start instanceof ReaderSpec.Start.Since since) {
            return store.before(since.time());
        } else if (start instanceof ReaderSpec.Start.Earliest) {
            return store.earliest().map(sequence -> sequence - 1).orElse(latest);
        }
        return latest;
    }

    /** Who begins in the past by its own wish gets the quiet events of the past. */
    private long quietUpTo(ReaderSpec.Start start) {
        return start instanceof ReaderSpec.Start.Latest ? 0 : latest;
    }

    @Override
    public SortedMap<String, ReaderPlace> places(String prefix) {
        SortedMap<String, ReaderPlace> found = new TreeMap<>();
        for (Map.Entry<String, ReaderPlace> place : places.tailMap(prefix, true).entrySet()) {
            if (!place.getKey().startsWith(prefix)) {
                break;
            }
            found.put(place.getKey(), place.getValue());
        }
        return found;
    }

    @Override
    public void forget(String name) {
        if (named.containsKey(name)) {
            throw new IllegalStateException("the reader \"" + name + "\" is open");
        }
        try {
            dirtyPlaces.remove(name);
            store.forget(Set.of(name));
            places.remove(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<BrokerEvent> withIdentifier(String identifier, int maxEvents) {
        try {
            return store.withIdentifier(identifier, maxEvents).stream().<BrokerEvent>map(LogEvent::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Tail tail() {
        return tail;
    }

    EventStore store() {
        return store;
    }

    /** Has the publisher run something soon; not any more once the log has stopped. */
    void publish(Runnable task) {
        if (!publisher.isShutdown()) {
            publisher.execute(task);
        }
    }

    /** Records a named reader's place; it is on disk within a second. */
    void commit(String name, long place) {
        places.put(name, new ReaderPlace(place, Instant.now()));
        dirtyPlaces.put(name, place);
    }

    /** Forgets a reader; has its place on disk when it returns, if the disk lets it. */
    void close(LogReader reader) {
        readers.remove(reader);
        if (reader.name().isEmpty()) {
            return;
        }
        try {
            if (!stopping) {
                enqueue(null).get(STOP.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the place of {} could not be written ({}): its last events may come again", reader.name().get(),
                    e.getMessage());
        } finally {
            named.remove(reader.name().get(), reader);
        }
    }

    private CompletableFuture<Appended> enqueue(NewEvent event) {
        Entry entry = new Entry(event, new CompletableFuture<>());
        queue.add(entry);
        if (stopping && queue.remove(entry)) {
            entry.appended.completeExceptionally(new IOException("the broker is stopping"));
        }
        return entry.appended;
    }

    // ---- the writer's thread

    private void write() {
        List<Entry> batch = new ArrayList<>();
        while (!stopping) {
            gather(batch);
            append(batch);
            batch.clear();
        }
        queue.drainTo(batch);
        append(batch);
    }

    /** Waits for something to write, or until places are due; then takes all that is there, up to a batch. */
    private void gather(List<Entry> batch) {
        Entry next = awaitNext();
        long bytes = 0;
        while (next != null) {
            batch.add(next);
            bytes += next.isFlush() ? 0 : next.event.content().remaining();
            next = batch.size() < MAX_BATCH_EVENTS && bytes < MAX_BATCH_BYTES ? queue.poll() : null;
        }
    }

    private Entry awaitNext() {
        try {
            return queue.poll(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // Nobody who knows this thread interrupts it: the log goes on until it is told to stop.
            LOG.debug("{} was interrupted", Thread.currentThread().getName(), e);
            return null;
        }
    }

    private void append(List<Entry> batch) {
        boolean flush = stopping || batch.stream().anyMatch(Entry::isFlush);
        boolean urgent = placesUrgent;
        placesUrgent = false;
        boolean placesDue = flush || urgent || System.nanoTime() - placesWrittenAt >= PLACES_NANOS;
        Map<String, Long> duePlaces = placesDue ? new HashMap<>(dirtyPlaces) : Map.of();
        List<Entry> events = batch.stream().filter(entry -> !entry.isFlush()).toList();
        List<Appended> appended;
        try {
            appended = events.isEmpty() && duePlaces.isEmpty()
                    ? List.of()
                    : store.append(events.stream().map(Entry::event).toList(), duePlaces);
        } catch (IOException | RuntimeException e) {
            placesUrgent = placesUrgent || urgent;
            failed(batch, e);
            return;
        }
        recovered();
        if (placesDue) {
            placesWrittenAt = System.nanoTime();
            duePlaces.forEach(dirtyPlaces::remove);
        }
        List<LogEvent> news = new ArrayList<>();
        for (int i = 0; i < appended.size(); i++) {
            if (!appended.get(i).duplicate()) {
                news.add(LogEvent.of(appended.get(i).sequence(), events.get(i).event));
            }
        }
        if (!news.isEmpty()) {
            tail.add(news);
            latest = news.get(news.size() - 1).sequence();
        }
        List<Entry> done = List.copyOf(batch);
        publish(() -> {
            if (!news.isEmpty()) {
                readers.forEach(LogReader::wakeIfBehind);
            }
            int i = 0;
            for (Entry entry : done) {
                entry.appended.complete(entry.isFlush() ? null : appended.get(i++));
            }
        });
    }

    private void failed(List<Entry> batch, Exception e) {
        if (!failing) {
            failing = true;
            LOG.error("the event log cannot be written: {}. Events are not acknowledged until it can", e.getMessage(), e);
        }
        List<Entry> done = List.copyOf(batch);
        publish(() -> done.forEach(entry -> entry.appended.completeExceptionally(e)));
    }

    private void recovered() {
        if (failing) {
            failing = false;
            LOG.info("the event log can be written again");
        }
    }
}
