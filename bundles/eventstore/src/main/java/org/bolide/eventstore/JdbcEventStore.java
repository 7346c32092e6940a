package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;
import org.bolide.api.EventSummary.Order;
import org.bolide.api.ReaderPlace;
import org.bolide.api.management.Counters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.LogMaintenance;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable log in an SQL database.
 *
 * <p><b>Why nothing acknowledged is lost.</b> {@link #append} writes events, digests and places in one transaction and
 * returns after its commit. SQLite's commit has then appended the transaction to its write-ahead log and synced that file
 * ({@code synchronous=FULL}): one sync for each append, however many events it has. The directory of the files is synced
 * by SQLite when the write-ahead log is made, those above it by {@link SqliteDialect} when it makes them. When the broker
 * is killed, or the machine, the next start reads the write-ahead log up to its last whole transaction. A PostgreSQL
 * server does the same with its own write-ahead log. A digest is a unique key, so that nothing enters twice, and no
 * sequence is given twice, because the last one is a row of its own that changes with the events.
 *
 * <p>{@link LogWriter} writes, {@link LogReader} reads, {@link Expiry} forgets, {@link Dialect} is what differs.
 */
@Component(
        service = {EventStore.class, Counters.class, LogMaintenance.class, HealthCheck.class},
        immediate = true,
        configurationPid = JdbcEventStore.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "bolide.component=eventstore")
@Designate(ocd = EventStoreConfig.class)
public final class JdbcEventStore implements EventStore, Counters, LogMaintenance, HealthCheck, AutoCloseable {

    static final String PID = "org.bolide.eventstore";

    private static final Logger LOG = LoggerFactory.getLogger(JdbcEventStore.class);

    /** Connections; searches have their own, so that nobody who reads events waits for them. */
    private static final int READERS = 4;
    private static final int SEARCHES = 2;

    /** A primary key in PostgreSQL takes some 2,700 bytes. */
    private static final int KEY_CHARACTERS = 500;

    private final Dialect dialect;
    private final String place;
    private final LogWriter writer;
    private final LogReader reader;
    private final LogReader searches;
    private final Expiry expiry;
    private final Maintenance maintenance;
    private final Upkeep upkeep;
    private final LogSizes sizes;
    private final LogHealth health;
    private final Bodies bodies = new Bodies();
    private final LongAdder appended = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder failures = new LongAdder();

    @Activate
    public JdbcEventStore(BundleContext context, EventStoreConfig config) throws IOException {
        this(base(context.getProperty("karaf.base")), config);
    }

    /** With relative directories below the given one. */
    JdbcEventStore(Path base, EventStoreConfig config) throws IOException {
        this(dialect(base, config), Retention.of(config), place(config));
    }

    /** A log in this directory that keeps everything, for a program that is no bundle. */
    public static JdbcEventStore open(Path directory) throws IOException {
        Path place = directory.toAbsolutePath().normalize();
        return new JdbcEventStore(new SqliteDialect(place), Retention.FOR_EVER, place.toString());
    }

    /** A log in this PostgreSQL database that keeps everything, for a program that is no bundle. */
    public static JdbcEventStore open(String url, String user, String password) throws IOException {
        return new JdbcEventStore(new PostgresDialect(url, user, password), Retention.FOR_EVER, url);
    }

    JdbcEventStore(Dialect dialect, Retention retention, String place) throws IOException {
        this.dialect = dialect;
        this.place = place;
        LogWriter opened = null;
        try {
            opened = new LogWriter(dialect, bodies);
            reader = new LogReader(dialect, bodies, "eventstore-readers", READERS);
        } catch (IOException | RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            bodies.close();
            dialect.release();
            throw e;
        }
        writer = opened;
        Optional<String> damage = writer.unclean() ? new StartCheck(dialect, reader, bodies).run(writer.latest()) : Optional.empty();
        searches = new LogReader(dialect, bodies, "eventstore-searches", SEARCHES);
        expiry = new Expiry(dialect, writer, retention);
        maintenance = new Maintenance(dialect, writer, bodies);
        expiry.start();
        sizes = new LogSizes(dialect, writer, reader, LogSizes.Space::of);
        health = new LogHealth(dialect.describe(), writer, sizes, damage);
        upkeep = new Upkeep(writer, reader, dialect.identifiers(), bodies, sizes, KnownDigests.BULK, SkyMover.BULK);
        upkeep.start();
        LOG.info("The event log is in {}; its newest event has the number {}. It keeps {}.",
                dialect.describe(), writer.latest(), retention);
    }

    @Modified
    void modified(EventStoreConfig config) {
        Retention retention = Retention.of(config);
        expiry.setRetention(retention);
        LOG.info("The event log in {} now keeps {}.", dialect.describe(), retention);
        if (!place(config).equals(place)) {
            LOG.warn("The event log stays in {} until the broker is started again.", dialect.describe());
        }
    }

    @Deactivate
    public void close() throws IOException {
        expiry.close();
        upkeep.close();
        reader.close();
        searches.close();
        writer.close();
        bodies.close();
        dialect.release();
    }

    @Override
    public List<Appended> append(List<NewEvent> events, Map<String, Long> places) throws IOException {
        if (events.isEmpty() && places.isEmpty()) {
            return List.of();
        }
        try {
            List<Appended> result = writer.write(session -> session.append(events, places));
            long again = result.stream().filter(Appended::duplicate).count();
            duplicates.add(again);
            appended.add(result.size() - again);
            return result;
        } catch (IOException e) {
            failures.increment();
            throw e;
        }
    }

    @Override
    public List<StoredEvent> read(long after, int maxEvents, int maxBytes) throws IOException {
        long latest = writer.latest();
        return maxEvents <= 0 || after >= latest ? List.of() : reader.read(after, latest, maxEvents, maxBytes);
    }

    @Override
    public long latest() {
        return writer.latest();
    }

    @Override
    public Optional<Long> earliest() throws IOException {
        return reader.first(writer.latest());
    }

    @Override
    public long before(Instant receivedAt) throws IOException {
        long latest = writer.latest();
        return reader.first(receivedAt, latest).map(sequence -> sequence - 1).orElse(latest);
    }

    @Override
    public long expired(long after, long upTo) throws IOException {
        long from = Math.max(0, after);
        long to = Math.min(upTo, writer.latest());
        return to <= from ? 0 : to - from - reader.count(from, to);
    }

    @Override
    public List<StoredEvent> withIdentifier(String identifier, int maxEvents) throws IOException {
        return reader.withIdentifier(identifier, writer.latest(), maxEvents);
    }

    @Override
    public Map<String, ReaderPlace> places() throws IOException {
        return reader.places();
    }

    @Override
    public void forget(Collection<String> readers) throws IOException {
        if (!readers.isEmpty()) {
            writer.write(session -> {
                session.forget(readers);
                return readers;
            });
        }
    }

    @Override
    public long bury(DeadLetter letter) throws IOException {
        return writer.write(session -> session.bury(letter));
    }

    @Override
    public List<DeadLetter> deadLetters(long afterId, int max) throws IOException {
        return max <= 0 ? List.of() : reader.deadLetters(afterId, Long.MAX_VALUE, max);
    }

    @Override
    public Optional<DeadLetter> deadLetter(long id) throws IOException {
        return id <= 0 ? Optional.empty() : reader.deadLetters(id - 1, id, 1).stream().findFirst();
    }

    @Override
    public List<StoredEvent> search(EventQuery query, long before, int maxEvents) throws IOException {
        long upTo = Math.min(before - 1, writer.latest());
        return before <= 1 || maxEvents <= 0 ? List.of() : searches.bounded(connection -> {
            long[] found = new EventSearch(connection, dialect, query, upTo, true).page(Order.SEQUENCE, true, 0, maxEvents);
            return new Found(connection).events(found, bodies);
        });
    }

    @Override
    public long count(EventQuery query) throws IOException {
        return searches.bounded(connection -> new EventSearch(connection, dialect, query, writer.latest(), false).count());
    }

    @Override
    public List<EventSummary> list(EventQuery query, Order order, boolean descending, long skip, int maxEvents) throws IOException {
        return searches.bounded(connection -> {
            long[] found = new EventSearch(connection, dialect, query, writer.latest(), order == Order.SEQUENCE).page(order, descending, skip, maxEvents);
            return new Found(connection).summaries(found, dialect.identifiers());
        });
    }

    @Override
    public List<EventSummary.Tally> tally(EventQuery query) throws IOException {
        return searches.bounded(connection -> new EventTallies(connection, dialect, query, writer.latest()).byStreamAndRole());
    }

    @Override
    public SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) throws IOException {
        return searches.bounded(connection -> new EventTallies(connection, dialect, query, writer.latest()).byMonth());
    }

    @Override
    public SortedMap<String, String> state(String kind) throws IOException {
        return reader.query(connection -> KeptRows.read(connection, kind));
    }

    @Override
    public void keep(String kind, Map<String, Optional<String>> changes) throws IOException {
        for (String key : changes.keySet()) {
            if (key.length() > KEY_CHARACTERS) {
                throw new IllegalArgumentException("a key of " + key.length() + " characters cannot be kept under " + kind
                        + ": at most " + KEY_CHARACTERS + " are allowed");
            }
        }
        if (!changes.isEmpty()) {
            writer.write(session -> {
                KeptRows.write(session.connection(), kind, changes);
                return changes;
            });
        }
    }

    @Override
    public boolean drop(long deadLetterId) throws IOException {
        return writer.write(session -> session.drop(deadLetterId));
    }

    @Override
    public SortedMap<String, Long> counters() {
        SortedMap<String, Long> counters = new TreeMap<>();
        counters.put("eventstore.appended", appended.sum());
        counters.put("eventstore.duplicates", duplicates.sum());
        counters.put("eventstore.failures", failures.sum());
        counters.put("eventstore.expired.events", expiry.events());
        counters.put("eventstore.expired.digests", expiry.digests());
        counters.put("eventstore.expired.failures", expiry.failures());
        counters.put("eventstore.digests.inmemory", (long) writer.known().inMemory());
        counters.put("eventstore.upkeep.failures", dialect.failures() + upkeep.failures());
        counters.putAll(sizes.gauges());
        return counters;
    }

    @Override
    public List<Problem> problems() {
        return health.problems();
    }

    @Override
    public LogState state() throws IOException {
        return maintenance.state();
    }

    @Override
    public LogFindings check(Progress progress) throws IOException, InterruptedException {
        return maintenance.check(progress);
    }

    @Override
    public long backup(Path file, Progress progress) throws IOException, InterruptedException {
        return maintenance.backup(file, progress);
    }

    @Override
    public long compact(Progress progress) throws IOException, InterruptedException {
        return maintenance.compact(progress);
    }

    @Override
    public LogCopy migrate(Database target, Progress progress) throws IOException, InterruptedException {
        return maintenance.migrate(target, progress);
    }

    /** Forgets all that may be forgotten at this instant. */
    void expire(Instant now) throws IOException {
        expiry.expire(now);
    }

    /** Brings what has come so far into the indexes that are written in bulk, as upkeep does when it is much. */
    void index() throws IOException {
        new SkyMover(writer, reader, new CountDownLatch(1), 1).run();
        new FactsMover(writer, reader, dialect.identifiers(), new CountDownLatch(1), 1).run();
    }

    private static Path base(String property) {
        return Path.of(property != null ? property : System.getProperty("user.dir"));
    }

    private static String place(EventStoreConfig config) {
        return config.databaseUrl().isBlank() ? config.directory() : config.databaseUrl() + config.databaseUser();
    }

    private static Dialect dialect(Path base, EventStoreConfig config) throws IOException {
        // refuses wrong values before anything is locked
        Retention.of(config);
        String url = config.databaseUrl().strip();
        if (url.isEmpty()) {
            return new SqliteDialect(directory(base, config.directory()));
        } else if (url.startsWith(PostgresDialect.URL_PREFIX)) {
            return new PostgresDialect(url, config.databaseUser(), config.databasePassword());
        }
        throw PostgresDialect.refused("it does not begin with " + PostgresDialect.URL_PREFIX);
    }

    private static Path directory(Path base, String directory) {
        if (directory.isBlank()) {
            throw new IllegalArgumentException(PID + ": directory is empty; give the path of a directory.");
        }
        try {
            return base.resolve(directory).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(
                    PID + ": directory = " + directory + " is not allowed; give the path of a directory.", e);
        }
    }
}
