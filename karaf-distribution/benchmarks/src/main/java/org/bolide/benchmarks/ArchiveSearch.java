package org.bolide.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.AuthoredSince;
import org.bolide.api.EventQuery.AuthoredUntil;
import org.bolide.api.EventQuery.Cited;
import org.bolide.api.EventQuery.Citing;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventQuery.IdentifierPrefix;
import org.bolide.api.EventSummary.Order;
import org.bolide.api.SkyPosition;
import org.bolide.api.store.NewEvent;
import org.bolide.eventstore.JdbcEventStore;
import org.bolide.testkit.PostgresServer;

/**
 * How quickly a large log answers what archives are asked, in SQLite and in PostgreSQL: {@code ArchiveSearch EVENTS DIRECTORY}. The
 * log in SQLite is made in the directory, or filled up there; PostgreSQL's is made on a server of its own and then gone. One event
 * in forty cites another, nine in ten have a position, evenly over the sky; one a minute was written, in 40 streams of uneven size.
 */
public final class ArchiveSearch {

    private static final int BATCH = 256;
    private static final int STREAMS = 40;

    /** One in so many cites. */
    private static final int CITING = 40;
    private static final int PAGE = 100;
    private static final int WARM_UP = 5;
    private static final int ROUNDS = 100;

    /** A question that takes longer is asked no more often than takes this time. */
    private static final long ENOUGH_NANOS = 10_000_000_000L;
    private static final int SETTLE_MILLIS = 500;

    /** So many of the newest events may stay out of the indexes that are written in bulk. */
    private static final int BULK = 1 << 13;
    private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
    private static final Duration STEP = Duration.ofMinutes(1);

    /** Asks the log something at random and says how much it answered. */
    @FunctionalInterface
    private interface Question {
        long ask(Random random) throws IOException;
    }

    private final long events;
    private final MessageDigest sha256;

    private ArchiveSearch(long events) throws NoSuchAlgorithmException {
        this.events = events;
        sha256 = MessageDigest.getInstance("SHA-256");
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: ArchiveSearch EVENTS DIRECTORY");
            System.exit(64);
        }
        ArchiveSearch search = new ArchiveSearch(Long.parseLong(arguments[0]));
        Path directory = Path.of(arguments[1]).toAbsolutePath();
        Files.createDirectories(directory);
        try (JdbcEventStore store = JdbcEventStore.open(directory);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.sqlite"))) {
            search.run("SQLite", store, connection);
        }
        try (PostgresServer server = new PostgresServer();
                JdbcEventStore store = JdbcEventStore.open(server.url("postgres"), PostgresServer.USER, server.password());
                Connection connection = DriverManager.getConnection(server.url("postgres"), PostgresServer.USER, server.password())) {
            search.run("PostgreSQL", store, connection);
        }
    }

    private void run(String database, JdbcEventStore store, Connection connection) throws IOException, SQLException, InterruptedException {
        long begun = System.nanoTime();
        long before = store.latest();
        while (store.latest() < events) {
            List<NewEvent> batch = new ArrayList<>(BATCH);
            for (long number = store.latest() + 1; batch.size() < BATCH; number++) {
                batch.add(event(number));
            }
            store.append(batch, Map.of());
        }
        System.out.printf("%n%s: %,d events, %,d of them appended in %.0f s%n", database, store.latest(), store.latest() - before,
                (System.nanoTime() - begun) / 1e9);
        begun = System.nanoTime();
        while (indexed(connection) + BULK < store.latest()) {
            Thread.sleep(SETTLE_MILLIS);
        }
        System.out.printf("indexes written in bulk were ready %.0f s later%n%n", (System.nanoTime() - begun) / 1e9);
        System.out.printf("%-52s %9s %9s %9s %9s %9s%n", "", "answers", "times", "p50 ms", "p95 ms", "CPU ms");
        ask(store);
    }

    private static long indexed(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select sky_sequence, facts_sequence from log_state")) {
            row.next();
            return Math.min(row.getLong(1), row.getLong(2));
        }
    }

    private void ask(JdbcEventStore store) throws IOException {
        EventQuery all = EventQuery.all();
        measure("page: newest", random -> page(store, all, Order.SEQUENCE, 0));
        measure("page: newest, 10,000 left out", random -> page(store, all, Order.SEQUENCE, 10_000));
        measure("page: circle of 1 degree", random -> page(store, all.within(cone(random, 1)), Order.SEQUENCE, 0));
        measure("page: circle of 1 degree, whole events", random -> store.search(all.within(cone(random, 1)), Long.MAX_VALUE, PAGE).size());
        measure("page: circle of 30 degrees", random -> page(store, all.within(cone(random, 30)), Order.SEQUENCE, 0));
        measure("count: circle of 1 degree", random -> store.count(all.within(cone(random, 1))));
        measure("count: circle of 30 degrees", random -> store.count(all.within(cone(random, 30))));
        measure("page: identifier begins with (10 events)", random -> page(store, prefix(identifier(number(random)), 1), Order.SEQUENCE, 0));
        measure("page: identifier begins with a stream", random -> page(store, prefix(stream(number(random)) + "#", 0), Order.SEQUENCE, 0));
        measure("page: identifier contains (half the events)", random -> page(store, all.withIdentifierPart("5"), Order.SEQUENCE, 0));
        measure("page: stream", random -> page(store, all.ofStream(stream(number(random))), Order.SEQUENCE, 0));
        measure("count: stream", random -> store.count(all.ofStream(stream(number(random)))));
        measure("page: stream and role", random -> page(store, all.ofStream(stream(number(random))).ofRole("test"), Order.SEQUENCE, 0));
        measure("page: by identifier", random -> page(store, all, Order.IDENTIFIER, 0));
        measure("page: by time of writing", random -> page(store, all, Order.AUTHORED, 0));
        measure("page: written in a night", random -> page(store, night(random), Order.SEQUENCE, 0));
        measure("page: written in a night, with a position", random -> page(store, night(random).and(new EventQuery.HasPosition(true)), Order.SEQUENCE, 0));
        measure("count: written in a night", random -> store.count(night(random)));
        measure("page: citing one", random -> page(store, all.and(new CitingOne(Set.of(identifier(cited(number(random) / CITING * CITING + CITING))))), Order.SEQUENCE, 0));
        measure("page: citing any", random -> page(store, all.and(new Citing(true)), Order.SEQUENCE, 0));
        measure("page: cited", random -> page(store, all.and(new Cited(true)), Order.SEQUENCE, 0));
        measure("count: citing any", random -> store.count(all.and(new Citing(true))));
        measure("count: cited", random -> store.count(all.and(new Cited(true))));
        measure("tally: stream and role", random -> store.tally(all).size());
        measure("tally: stream and role, observations of a month",
                random -> store.tally(written(random, Duration.ofDays(30)).ofRole("observation")).size());
        measure("tally: stream and role, circle of 10 degrees", random -> store.tally(all.within(cone(random, 10))).size());
        measure("tally: month", random -> store.tallyByMonth(all).size());
        measure("tally: month, tests", random -> store.tallyByMonth(all.ofRole("test")).size());
    }

    private static long page(JdbcEventStore store, EventQuery query, Order order, long skip) throws IOException {
        return store.list(query, order, true, skip, PAGE).size();
    }

    private static void measure(String name, Question question) throws IOException {
        Random random = new Random(1);
        long[] nanos = new long[ROUNDS];
        long answers = 0;
        for (int i = 0; i < WARM_UP; i++) {
            question.ask(random);
        }
        int rounds = 0;
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (long begun = System.nanoTime(); rounds < ROUNDS && System.nanoTime() - begun < ENOUGH_NANOS; rounds++) {
            long asked = System.nanoTime();
            answers += question.ask(random);
            nanos[rounds] = System.nanoTime() - asked;
        }
        cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        Arrays.sort(nanos, 0, rounds);
        System.out.printf("%-52s %,9d %9d %9.1f %9.1f %9.1f%n", name, answers / rounds, rounds, nanos[rounds / 2] / 1e6,
                nanos[Math.min(rounds - 1, rounds * 95 / 100)] / 1e6, cpu / 1e6 / rounds);
    }

    private static Cone cone(Random random, double radius) {
        return new Cone(360 * random.nextDouble(), Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)), radius);
    }

    private long number(Random random) {
        return 1 + (long) (random.nextDouble() * events);
    }

    private EventQuery night(Random random) {
        return written(random, Duration.ofHours(12));
    }

    private EventQuery written(Random random, Duration time) {
        Instant since = at(number(random));
        return EventQuery.all().and(new AuthoredSince(since)).and(new AuthoredUntil(since.plus(time)));
    }

    private static EventQuery prefix(String identifier, int shorter) {
        return EventQuery.all().and(new IdentifierPrefix(Set.of(identifier.substring(0, identifier.length() - shorter))));
    }

    private static Instant at(long number) {
        return FIRST.plus(STEP.multipliedBy(number));
    }

    /** Half of the events are of the largest, a quarter of the next one, and so on. */
    private static String stream(long number) {
        return "ivo://example.org/stream" + Math.min(STREAMS - 1, Long.numberOfTrailingZeros(mixed(number)));
    }

    private static String identifier(long number) {
        return stream(number) + "#Burst_Pos_" + (1_000_000_000 + number) + "-1";
    }

    /** What an event cites that cites any. */
    private static long cited(long number) {
        return Math.max(1, number - 1 - (mixed(number) >>> 50));
    }

    private static long mixed(long number) {
        long mixed = number * 0x9e3779b97f4a7c15L;
        return (mixed ^ mixed >>> 32) * 0xd6e8feb86659fd93L >>> 1;
    }

    private NewEvent event(long number) {
        long mixed = mixed(number);
        double longitude = (mixed >>> 38 & 0xffffff) * (360.0 / (1 << 24));
        double latitude = Math.toDegrees(Math.asin((mixed >>> 17 & 0xfffff) * (2.0 / (1 << 20)) - 1));
        Instant at = at(number);
        String identifier = identifier(number);
        byte[] content = LargeLog.document(identifier, at, mixed, longitude, latitude).getBytes(StandardCharsets.UTF_8);
        EventHeader header = new EventHeader(new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent"), Optional.of(identifier),
                Optional.of(number % 7 == 0 ? "test" : "observation"), Optional.of("ivo://example.org/robot"), Optional.of(at.minusSeconds(number % 31)),
                Optional.of(at.minusSeconds(60)),
                number % 10 == 0 ? Optional.empty() : Optional.of(new SkyPosition(longitude, latitude, OptionalDouble.of(0.05), "UTC-FK5-GEO")),
                number % CITING == 0 ? List.of(new Citation(identifier(cited(number)), "followup")) : List.of());
        return new NewEvent(ByteBuffer.wrap(sha256.digest(content)), header, ByteBuffer.wrap(content), "192.0.2.1:4711", at,
                List.of(), Optional.empty(), false);
    }
}
