package org.bolide.broker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.ReaderPlace;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Counters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Latencies;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.broker.GroupCommit.Outcome;
import org.bolide.broker.Places.Place;
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
 * The one log. {@link GroupCommit} appends; what it has written goes to the {@link Tail}, then readers and submitters are
 * told: by the thread that brought the event and wrote it, or else by {@code log-publisher}, so that nobody's callback
 * holds up {@code log-writer}.
 */
@Component(
        service = {DurableLog.class, EventLog.class, Counters.class, Latencies.class, HealthCheck.class},
        configurationPid = DurableLog.PID,
        property = "bolide.component=log")
@Designate(ocd = DurableLog.Config.class)
public final class DurableLog implements EventLog, Counters, Latencies, HealthCheck {

    static final String PID = "org.bolide.broker.log";

    private static final Logger LOG = LoggerFactory.getLogger(DurableLog.class);
    /** So many readers are woken faster than the thread that would wake them. */
    private static final int FEW = 4;
    /** What is read from disk has as much memory as a fourth of the tail's, besides. */
    private static final int PAST_PART = 4;
    private static final Duration STOP = Duration.ofSeconds(10);

    @ObjectClassDefinition(
            name = "Event log in memory",
            description = "How much of the log's end is held in memory, and how far subscribers may fall behind. Readers that are further behind read the disk.")
    @interface Config {

        @AttributeDefinition(name = "Events in memory", description = "The most events held in memory.", min = "1")
        int memoryEvents() default 2048;

        @AttributeDefinition(
                name = "Bytes in memory",
                description = "The most memory for them: an event counts five times its bytes, for what subscribers and filters make of it, and 2 KiB.",
                min = "0")
        long memoryBytes() default 48 << 20;

        @AttributeDefinition(
                name = "Longest lag, s",
                description = "When most subscribers would get events more than so many seconds late, the intake slows down; 0: never.",
                min = "0")
        int maxLagSeconds() default 2;

        @AttributeDefinition(
                name = "Longest wait, s",
                description = "How long an event may wait for the intake to be faster again, before its author is told to try later.",
                min = "1")
        int maxWaitSeconds() default 15;
    }

    private final EventStore store;
    private final Tail tail;
    private final Past past;
    private final Places places;
    private final Pace pace;
    private final Duration maxWait;
    private final GroupCommit commits;
    private final Waiting waiting = new Waiting();
    private final Map<String, LogReader> named = new ConcurrentHashMap<>();
    private final ExecutorService publisher = Executors.newSingleThreadExecutor(task -> new Thread(task, "log-publisher"));
    private volatile long latest;
    private volatile boolean stopping;

    @Activate
    public DurableLog(@Reference EventStore store, Config config) throws IOException {
        this(store, config.memoryEvents(), config.memoryBytes(), new Pace(Duration.ofSeconds(config.maxLagSeconds())),
                Duration.ofSeconds(config.maxWaitSeconds()), Clock.systemUTC());
    }

    DurableLog(EventStore store, int memoryEvents, long memoryBytes, Pace pace, Duration maxWait, Clock clock) throws IOException {
        this.store = store;
        this.pace = pace;
        this.maxWait = maxWait;
        latest = store.latest();
        places = new Places(store.places(), clock);
        tail = new Tail(memoryEvents, memoryBytes, latest);
        past = new Past(store, memoryBytes / PAST_PART);
        commits = new GroupCommit(store, places, pace, maxWait, this::appended, this::publish);
        commits.start();
        LOG.info("the event log is open: newest sequence={}, {} readers' places", latest, places.size());
    }

    @Deactivate
    void stop() throws InterruptedException {
        stopping = true;
        boolean ended = commits.stop(STOP.toMillis());
        publisher.shutdown();
        if (!ended || !publisher.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("the log's threads did not end within {} s: the disk may hang", STOP.toSeconds());
        }
    }

    /**
     * Puts an event in line to be appended; {@link #write} is to follow, without a lock. Never blocks.
     *
     * @param since when it came, by {@link System#nanoTime}
     */
    CompletableFuture<Appended> enqueue(NewEvent event, long since) {
        return commits.enqueue(event, since);
    }

    Duration maxWait() {
        return maxWait;
    }

    /**
     * Has the events in line appended.
     *
     * @param here whether the calling thread may do so itself, which waits for the disk, and complete what others wait for
     */
    void write(boolean here) {
        commits.write(here).ifPresent(outcome -> {
            wakeReaders(outcome); // hands over to other threads, which go on while this one tells
            outcome.tell();
        });
    }

    private void appended(List<LogEvent> news) {
        tail.add(news);
        latest = news.get(news.size() - 1).sequence();
    }

    /** The log's own thread goes on writing. */
    private void publish(Outcome outcome) {
        publish(() -> {
            if (outcome.hasNews()) {
                waiting.takeAll().forEach(LogReader::wakeIfBehind);
            }
            outcome.tell();
        });
    }

    private void wakeReaders(Outcome outcome) {
        if (!outcome.hasNews()) {
            return;
        }
        List<LogReader> readers = waiting.takeAll();
        if (readers.size() <= FEW) {
            readers.forEach(LogReader::wakeIfBehind);
        } else {
            publish(() -> readers.forEach(LogReader::wakeIfBehind));
        }
    }

    @Override
    public SortedMap<String, Long> counters() {
        return new TreeMap<>(Map.of("log.slowed", pace.timesHeld(), "log.slowed.millis", pace.millisHeld()));
    }

    @Override
    public SortedMap<String, LatencyHistogram> latencies() {
        return new TreeMap<>(Map.of("commit", commits.times()));
    }

    /** That the store fails it says itself. */
    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (commits.isDead()) {
            problems.add(new Problem(Weight.NOT_LIVE, "log", "the thread that writes the event log has ended and no event is taken any more; restart the broker,"
                    + " and report what its log says", Optional.empty(), Optional.of("log")));
        }
        if (pace.isHolding()) {
            problems.add(new Problem(Weight.WARNING, "intake", "the intake is slowed because most subscribers get events too late; see what slows them:"
                    + " the network, costly filters, or this machine", Optional.empty(), Optional.of("clients")));
        }
        return problems;
    }

    @Override
    public List<BrokerEvent> search(EventQuery query, long before, int maxEvents) {
        try {
            return store.search(query, before, maxEvents).stream().<BrokerEvent>map(LogEvent::new).toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public long count(EventQuery query) {
        try {
            return store.count(query);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    static UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("the event log cannot be read now: " + e.getMessage(), e);
    }

    @Override
    public long latest() {
        return latest;
    }

    @Override
    public LogReader open(ReaderSpec spec) {
        try {
            LogReader reader = spec.name().isPresent()
                    ? openNamed(spec.name().get(), spec.start())
                    : new LogReader(this, startOf(spec.start()), quietUpTo(spec.start()));
            if (spec.setsPace()) {
                pace.join(reader);
            }
            return reader;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private LogReader openNamed(String name, ReaderSpec.Start start) throws IOException {
        Optional<Place> known = places.find(name);
        LogReader reader = known.isPresent()
                ? new LogReader(this, known.get(), 0)
                : new LogReader(this, places.findOrAdd(name, startOf(start)), quietUpTo(start));
        if (named.putIfAbsent(name, reader) != null) {
            throw new IllegalStateException("the reader \"" + name + "\" is open already");
        }
        known.ifPresent(Place::touch);
        return reader;
    }

    /**
     * Has a named reader go on elsewhere within the log; for the thread that polls it.
     *
     * @return the place, which is on disk
     * @throws UncheckedIOException if the log cannot be read or written now; the reader is then at its place of before
     */
    long move(LogReader reader, ReaderSpec.Start to) throws InterruptedException {
        Place place = reader.kept().orElseThrow();
        long before = place.sequence();
        boolean moved = false;
        try {
            long target = Math.max(store.earliest().map(sequence -> sequence - 1).orElse(latest), Math.min(latest, startOf(to)));
            place.moveTo(target);
            flush(place);
            reader.jump(target, quietUpTo(to));
            moved = true;
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException("the place was not changed: " + e.getMessage(), e);
        } finally {
            if (!moved) {
                place.moveTo(before);
                reader.readAgain();
            }
        }
    }

    private void flush(Place place) throws IOException, InterruptedException {
        try {
            commits.flush(place).get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the disk does not answer within " + STOP.toSeconds() + " s", e);
        }
    }

    private long startOf(ReaderSpec.Start start) throws IOException {
        if (start instanceof ReaderSpec.Start.After after) {
            return after.sequence();
        } else if (start instanceof ReaderSpec.Start.Again again) {
            return again.sequence();
        } else if (start instanceof ReaderSpec.Start.Since since) {
            return store.before(since.time());
        } else if (start instanceof ReaderSpec.Start.Earliest) {
            return store.earliest().map(sequence -> sequence - 1).orElse(latest);
        }
        return latest;
    }

    /** Who begins in the past by its own wish gets the quiet events of the past. */
    private long quietUpTo(ReaderSpec.Start start) {
        return start instanceof ReaderSpec.Start.Latest || start instanceof ReaderSpec.Start.Again ? 0 : latest;
    }

    @Override
    public SortedMap<String, ReaderPlace> places(String prefix) {
        return places.withPrefix(prefix);
    }

    @Override
    public void forget(String name) {
        if (named.containsKey(name)) {
            throw new IllegalStateException("the reader \"" + name + "\" is open");
        }
        // With the pen in hand: a transaction under way may hold the place and would bring it back.
        CompletableFuture<Void> forgotten = commits.between(() -> {
            store.forget(Set.of(name));
            places.remove(name);
        });
        try {
            forgotten.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unforgettable(name, new InterruptedIOException("interrupted"));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? unforgettable(name, io) : new IllegalStateException(e.getCause());
        }
    }

    private static UncheckedIOException unforgettable(String name, IOException e) {
        return new UncheckedIOException("the reader \"%s\" cannot be forgotten now: %s".formatted(name, e.getMessage()), e);
    }

    @Override
    public List<BrokerEvent> withIdentifier(String identifier, int maxEvents) {
        try {
            return store.withIdentifier(identifier, maxEvents).stream().<BrokerEvent>map(LogEvent::new).toList();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    Tail tail() {
        return tail;
    }

    Past past() {
        return past;
    }

    EventStore store() {
        return store;
    }

    /** A reader waits: it is woken when there is something after its place. */
    void await(LogReader reader) {
        waiting.add(reader);
    }

    /** Has the publisher run something soon. */
    void publish(Runnable task) {
        try {
            publisher.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the log has stopped", e);
            task.run();
        }
    }

    /** A reader is closed. */
    void left(LogReader reader, boolean waited) {
        pace.leave(reader);
        if (waited && waiting.isLeft()) {
            publish(() -> waiting.takeAll().forEach(LogReader::wakeIfBehind));
        }
    }

    /** Ends a named reader; has its place on disk when it returns, if the disk lets it. */
    void close(LogReader reader, Place place) {
        try {
            if (!stopping && !place.isOnDisk()) {
                flush(place);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("the place of {} could not be written ({}): its last events may come again", place.name(), e.getMessage());
        } finally {
            place.touch();
            named.remove(place.name(), reader);
        }
    }
}
