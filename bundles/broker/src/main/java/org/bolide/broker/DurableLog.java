package org.bolide.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;
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
    private final Readers readers;
    private final Waiting waiting = new Waiting();
    private final ExecutorService publisher = Executors.newSingleThreadExecutor(task -> new Thread(task, "log-publisher"));
    private volatile long latest;

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
        readers = new Readers(this, store, places, commits);
        commits.start();
        LOG.info("the event log is open: newest sequence={}, {} readers' places", latest, places.size());
    }

    @Deactivate
    void stop() throws InterruptedException {
        readers.stop();
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

    @Override
    public List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents) {
        try {
            return store.list(query, order, descending, skip, maxEvents);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public List<EventSummary.Tally> tally(EventQuery query) {
        try {
            return store.tally(query);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) {
        try {
            return store.tallyByMonth(query);
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
            LogReader reader = readers.open(spec);
            if (spec.setsPace()) {
                pace.join(reader);
            }
            return reader;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    @Override
    public SortedMap<String, ReaderPlace> places(String prefix) {
        return places.withPrefix(prefix);
    }

    @Override
    public void forget(String name) {
        readers.forget(name);
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

    Readers readers() {
        return readers;
    }
}
