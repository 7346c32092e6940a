package org.bolide.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.bolide.api.EventHeader;
import org.bolide.api.MalformedEventException;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.bolide.eventstore.JdbcEventStore;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.vocabulary.voevent.VoeventVocabulary;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One append to the durable log on disk, with its sync; and a read of as many events as a reader takes that has fallen
 * behind. On real events of a month, where they are. The log is below the working directory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-Xms512m", "-Xmx512m"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 4)
public class AppendBenchmark {

    private static final String ARCHIVE = "voevents-2014-04.tar.bz2";
    private static final int MOST = 4000;
    private static final int READ_EVENTS = 64;
    private static final int READ_BYTES = 256 << 10;

    /** Events in one append. */
    @Param({"1", "16", "64", "128"})
    public int batch;

    private final Random random = new Random(1);
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<EventHeader> headers = new ArrayList<>();
    private Path directory;
    private JdbcEventStore store;
    private int next;
    private long place;

    @Setup(Level.Trial)
    public void open() throws IOException, MalformedEventException {
        VoeventVocabulary vocabulary = new VoeventVocabulary();
        for (byte[] body : documents()) {
            bodies.add(body);
            headers.add(vocabulary.read(ByteBuffer.wrap(body)).header());
        }
        directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "append-benchmark");
        store = JdbcEventStore.open(directory);
        for (int i = 0; i < 100; i++) {
            store.append(events(READ_EVENTS), Map.of());
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Microseconds for one append. */
    @Benchmark
    public List<Appended> append() throws IOException {
        return store.append(events(batch), Map.of());
    }

    /** Microseconds for one read, of any batch. */
    @Benchmark
    public List<StoredEvent> read() throws IOException {
        List<StoredEvent> events = store.read(place, READ_EVENTS, READ_BYTES);
        place = events.isEmpty() ? 0 : events.get(events.size() - 1).sequence();
        return events;
    }

    /** With random digests, so that each is a new one. */
    private List<NewEvent> events(int count) {
        List<NewEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            next = next + 1 < bodies.size() ? next + 1 : 0;
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            events.add(new NewEvent(ByteBuffer.wrap(digest), headers.get(next), ByteBuffer.wrap(bodies.get(next)),
                    "192.0.2.1:4711", Instant.now(), List.of(), Optional.empty(), false));
        }
        return events;
    }

    private static List<byte[]> documents() throws IOException {
        Optional<Path> archive = SharedData.folder().map(folder -> folder.resolve(ARCHIVE)).filter(Files::exists);
        if (archive.isEmpty()) {
            return SampleEvents.all();
        }
        List<byte[]> documents = new ArrayList<>();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive.get()));
                TarArchiveInputStream tar = new TarArchiveInputStream(new BZip2CompressorInputStream(file, true))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && entry.getName().endsWith(".xml")) {
                    documents.add(tar.readAllBytes());
                }
            }
        }
        Collections.shuffle(documents, new Random(1));
        return documents.subList(0, Math.min(MOST, documents.size()));
    }
}
