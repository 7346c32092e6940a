package org.bolide.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import javax.xml.namespace.QName;

import com.sun.management.ThreadMXBean;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.bolide.api.store.NewEvent;
import org.bolide.eventstore.JdbcEventStore;

/**
 * How the durable log fares when it is large: fills one with small events of about 1.2 kB in the form of real streams, and
 * then measures its start, its appends beside those of an empty log, in turns, and looking up events by their identifier.
 * {@code LargeLog DIRECTORY EVENTS}; a directory that holds a part of them already is filled up.
 */
public final class LargeLog {

    private static final int FILL_BATCH = 256;
    private static final int REPORT = 500_000;
    private static final int BULK = 1 << 18;
    private static final int SETTLE_MILLIS = 200;
    private static final int ROUNDS = 6;
    private static final long ROUND_NANOS = 1_500_000_000L;
    private static final int[] BATCHES = {1, 16, 64};
    private static final int LOOKUPS = 2000;
    private static final int STREAMS = 24;
    private static final long FIRST_LOCAL = 1_490_000_000;
    private static final long FIRST_TAIL = 100;
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final String[] QUANTITIES = {"TrigID|meta.id", "Burst_Inten|phot.count", "Rate_Signif|stat.snr", "Phi|pos.az.azi",
            "Theta|pos.az.zd", "Most_Likely_Prob|stat.probability"};

    private final Path directory;
    private final MessageDigest sha256;
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long nextNumber;

    private LargeLog(Path directory) throws NoSuchAlgorithmException {
        this.directory = directory;
        sha256 = MessageDigest.getInstance("SHA-256");
    }

    /** What was measured of one log with one size of batch. */
    private static final class Figures {

        private final List<Long> nanos = new ArrayList<>();
        private long cpu;

        double percentileMillis(double share) {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
        }

        double rate(int batch) {
            return nanos.size() * (double) batch / nanos.stream().mapToLong(Long::longValue).sum() * 1e9;
        }

        double cpuMicros(int batch) {
            return cpu / 1e3 / nanos.size() / batch;
        }
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: LargeLog DIRECTORY EVENTS");
            System.exit(64);
        }
        new LargeLog(Path.of(arguments[0]).toAbsolutePath()).run(Long.parseLong(arguments[1]));
    }

    private void run(long events) throws IOException, InterruptedException, ExecutionException {
        Files.createDirectories(directory);
        fill(events);
        Path emptyDirectory = Files.createTempDirectory(directory.getParent(), "empty-log");
        long begun = System.nanoTime();
        try (JdbcEventStore large = JdbcEventStore.open(directory); JdbcEventStore empty = JdbcEventStore.open(emptyDirectory)) {
            double start = (System.nanoTime() - begun) / 1e9;
            nextNumber = newest(large);
            System.out.printf("%nlog of %,d events, %,d bytes on disk, start in %.2f s%n", large.latest(), size(directory), start);
            settle(large);
            lookUp(large);
            compare(large, empty);
        } finally {
            try (Stream<Path> files = Files.walk(emptyDirectory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** While a batch is appended, another thread writes the next one. */
    private void fill(long events) throws IOException, InterruptedException, ExecutionException {
        ExecutorService author = Executors.newSingleThreadExecutor(task -> new Thread(task, "author"));
        try (JdbcEventStore store = JdbcEventStore.open(directory)) {
            nextNumber = newest(store);
            long begun = System.nanoTime();
            long reported = nextNumber;
            Future<List<NewEvent>> next = author.submit(() -> batch(FILL_BATCH));
            while (store.latest() < events) {
                List<NewEvent> batch = next.get();
                next = author.submit(() -> batch(FILL_BATCH));
                store.append(batch, Map.of());
                if (store.latest() - reported >= REPORT) {
                    double seconds = (System.nanoTime() - begun) / 1e9;
                    System.out.printf("%,d events, the last ones at %,.0f/s%n", store.latest(),
                            (store.latest() - reported) / seconds);
                    reported = store.latest();
                    begun = System.nanoTime();
                }
            }
            next.get();
        } finally {
            author.shutdown();
        }
    }

    /** What the fill has left to do for the index of digests is not the appends'. */
    private static void settle(JdbcEventStore store) throws InterruptedException {
        long begun = System.nanoTime();
        while (store.counters().get("eventstore.digests.inmemory") >= BULK) {
            Thread.sleep(SETTLE_MILLIS);
        }
        System.out.printf("digests of the fill are in their index after %.1f s%n", (System.nanoTime() - begun) / 1e9);
    }

    private void lookUp(JdbcEventStore store) throws IOException {
        Random random = new Random(1);
        long[] nanos = new long[LOOKUPS];
        for (int i = 0; i < LOOKUPS; i++) {
            long before = (long) (random.nextDouble() * store.latest());
            String identifier = store.read(before, 1, 1).get(0).header().identifier().orElseThrow();
            long begun = System.nanoTime();
            int found = store.withIdentifier(identifier, 10).size();
            nanos[i] = System.nanoTime() - begun;
            if (found != 1) {
                throw new IllegalStateException(identifier + " was found " + found + " times");
            }
        }
        Arrays.sort(nanos);
        System.out.printf("look-up by identifier: p50 %.3f ms, p99 %.3f ms, max %.3f ms%n", nanos[LOOKUPS / 2] / 1e6,
                nanos[LOOKUPS * 99 / 100] / 1e6, nanos[LOOKUPS - 1] / 1e6);
    }

    private void compare(JdbcEventStore large, JdbcEventStore empty) throws IOException {
        System.out.printf("%n%8s %12s %12s %7s %22s %22s %22s%n", "batch", "large ev/s", "empty ev/s", "ratio", "writer us/ev large/empty",
                "p50 ms large/empty", "p99 ms large/empty");
        for (int batch : BATCHES) {
            Figures[] figures = {new Figures(), new Figures()};
            for (int round = 0; round < ROUNDS; round++) {
                append(large, batch, round == 0 ? new Figures() : figures[0]);
                append(empty, batch, round == 0 ? new Figures() : figures[1]);
            }
            System.out.printf("%8d %,12.0f %,12.0f %7.2f %11.1f /%9.1f %11.3f /%9.3f %11.3f /%9.3f%n", batch, figures[0].rate(batch),
                    figures[1].rate(batch), figures[0].rate(batch) / figures[1].rate(batch), figures[0].cpuMicros(batch),
                    figures[1].cpuMicros(batch), figures[0].percentileMillis(0.5), figures[1].percentileMillis(0.5),
                    figures[0].percentileMillis(0.99), figures[1].percentileMillis(0.99));
        }
    }

    private void append(JdbcEventStore store, int batch, Figures figures) throws IOException {
        for (long end = System.nanoTime() + ROUND_NANOS; System.nanoTime() < end; ) {
            List<NewEvent> events = batch(batch);
            long cpu = threads.getCurrentThreadCpuTime();
            long begun = System.nanoTime();
            store.append(events, Map.of());
            figures.nanos.add(System.nanoTime() - begun);
            figures.cpu += threads.getCurrentThreadCpuTime() - cpu;
        }
    }

    private List<NewEvent> batch(int count) {
        List<NewEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            events.add(event(++nextNumber));
        }
        return events;
    }

    /** As the streams number theirs: each its own, rising. */
    private static String identifier(long number) {
        long stream = number % STREAMS;
        return "ivo://example.org/stream" + stream + "#Burst_Pos_" + (FIRST_LOCAL + number / STREAMS) + "-" + (FIRST_TAIL + stream);
    }

    /** The number of the newest event; sequences are others once a log has been measured. */
    private static long newest(JdbcEventStore store) throws IOException {
        if (store.latest() == 0) {
            return 0;
        }
        String identifier = store.read(store.latest() - 1, 1, 1).get(0).header().identifier().orElseThrow();
        long inStream = Long.parseLong(identifier.substring(identifier.lastIndexOf('_') + 1, identifier.lastIndexOf('-'))) - FIRST_LOCAL;
        return inStream * STREAMS + Long.parseLong(identifier.substring(identifier.lastIndexOf('-') + 1)) - FIRST_TAIL;
    }

    private NewEvent event(long number) {
        long mixed = number * 0x9e3779b97f4a7c15L;
        double longitude = (mixed >>> 40) * (360.0 / (1 << 24));
        double latitude = (mixed >>> 20 & 0xfffff) * (180.0 / (1 << 20)) - 90;
        Instant at = FIRST.plusMillis(number * 250);
        String identifier = identifier(number);
        byte[] content = document(identifier, at, mixed, longitude, latitude).getBytes(StandardCharsets.UTF_8);
        EventHeader header = new EventHeader(new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent"), Optional.of(identifier),
                Optional.of("observation"), Optional.of("ivo://example.org/robot" + number % STREAMS), Optional.of(at),
                Optional.of(at.minusSeconds(7)),
                Optional.of(new SkyPosition(longitude, latitude, OptionalDouble.of(0.05), "UTC-FK5-GEO")), List.of());
        return new NewEvent(ByteBuffer.wrap(sha256.digest(content)), header, ByteBuffer.wrap(content), "192.0.2.1:4711", at,
                List.of(), Optional.empty(), false);
    }

    /** An event of a real stream's form. */
    static String document(String identifier, Instant at, long mixed, double longitude, double latitude) {
        StringBuilder text = new StringBuilder(1300)
                .append("<?xml version='1.0' encoding='UTF-8'?>\n<voe:VOEvent xmlns:voe=\"http://www.ivoa.net/xml/VOEvent/v2.0\" ivorn=\"")
                .append(identifier).append("\" role=\"observation\" version=\"2.0\"><Who><AuthorIVORN>ivo://example.org/robot")
                .append("</AuthorIVORN><Date>").append(at).append("</Date></Who><What>");
        long rest = mixed;
        for (String quantity : QUANTITIES) {
            int bar = quantity.indexOf('|');
            text.append("<Param name=\"").append(quantity, 0, bar).append("\" ucd=\"").append(quantity, bar + 1, quantity.length())
                    .append("\" value=\"").append(rest & 0xfffff).append("\"/>");
            rest = Long.rotateRight(rest, 9);
        }
        return text.append("</What><WhereWhen><ObsDataLocation><ObservatoryLocation id=\"GEOLUN\"/><ObservationLocation>")
                .append("<AstroCoordSystem id=\"UTC-FK5-GEO\"/><AstroCoords coord_system_id=\"UTC-FK5-GEO\"><Time unit=\"s\"><TimeInstant>")
                .append("<ISOTime>").append(at).append("</ISOTime></TimeInstant></Time><Position2D unit=\"deg\"><Name1>RA</Name1>")
                .append("<Name2>Dec</Name2><Value2><C1>").append(longitude).append("</C1><C2>").append(latitude)
                .append("</C2></Value2><Error2Radius>0.05</Error2Radius></Position2D></AstroCoords></ObservationLocation>")
                .append("</ObsDataLocation></WhereWhen></voe:VOEvent>\n").toString();
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
