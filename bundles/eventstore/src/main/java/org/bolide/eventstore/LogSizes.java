package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large the log is and how much room its disk has, looked at now and then by the thread of {@link Upkeep}, so that whoever asks
 * need not wait for the disk.
 */
final class LogSizes {

    /** The room on a disk, bytes. */
    record Space(long free, long total) {

        static Space of(Path directory) throws IOException {
            FileStore disk = Files.getFileStore(directory);
            return new Space(disk.getUsableSpace(), disk.getTotalSpace());
        }

        /** Less than a twentieth is little, and less than 1 GB; 10 GB never is. */
        boolean isLittle() {
            return free < Math.max(GB, Math.min(10 * GB, total / 20));
        }
    }

    /** Where the room is looked up: the file system, except in a test. */
    @FunctionalInterface
    interface Disk {
        Space look(Path directory) throws IOException;
    }

    private record Seen(long events, long upTo, long diskBytes) {}

    private static final Logger LOG = LoggerFactory.getLogger(LogSizes.class);
    private static final long GB = 1_000_000_000;
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final long ROOM_BYTES = 16_000_000;

    /** All events are counted once in so many times as it takes. */
    private static final int COUNT_PAUSES = 1000;

    private final Dialect dialect;
    private final LogWriter writer;
    private final LogReader reader;
    private final Disk disk;
    private volatile Optional<Seen> seen = Optional.empty();
    private volatile Optional<Space> space = Optional.empty();
    private volatile Optional<Instant> littleSince = Optional.empty();
    private long lookAgain = System.nanoTime();
    private long countAgain = lookAgain;

    LogSizes(Dialect dialect, LogWriter writer, LogReader reader, Disk disk) {
        this.dialect = dialect;
        this.writer = writer;
        this.reader = reader;
        this.disk = disk;
    }

    /** Called again and again; looks every few seconds. */
    void run() throws IOException {
        long now = System.nanoTime();
        if (now - lookAgain >= 0) {
            lookAgain = now + PERIOD_NANOS;
            look();
        }
    }

    void look() throws IOException {
        Optional<Path> directory = dialect.directory();
        if (directory.isPresent()) {
            look(disk.look(directory.get()), directory.get());
        }
        long diskBytes = reader.query(dialect::diskBytes);
        long begun = System.nanoTime();
        if (seen.isPresent() && begun - countAgain < 0) {
            seen = Optional.of(new Seen(seen.get().events(), seen.get().upTo(), diskBytes));
            return;
        }
        long upTo = writer.latest();
        long events = reader.query(connection -> LongWork.number(connection, EventSearch.COUNT_ALL, upTo));
        seen = Optional.of(new Seen(events, upTo, diskBytes));
        long end = System.nanoTime();
        countAgain = end + COUNT_PAUSES * (end - begun);
    }

    /** Whether more than a few pages can be written, as far as the disk is this machine's. */
    boolean haveRoom() throws IOException {
        Optional<Path> directory = dialect.directory();
        return directory.isEmpty() || disk.look(directory.get()).free() >= ROOM_BYTES;
    }

    private void look(Space now, Path directory) {
        if (!now.isLittle()) {
            littleSince = Optional.empty();
        } else if (littleSince.isEmpty()) {
            littleSince = Optional.of(Instant.now());
            LOG.warn("The disk of the event log in {} has only {} MB left. Free some space there, or lower keepDays or maxBytes of {}.",
                    directory, now.free() / 1_000_000, JdbcEventStore.PID);
        }
        space = Optional.of(now);
    }

    /** Since when there is little room on the disk. */
    Optional<Instant> littleSince() {
        return littleSince;
    }

    /** The room on the disk; empty if it is another machine's, or not yet known. */
    Optional<Space> space() {
        return space;
    }

    /** What is known of them, by the name of the gauge. */
    SortedMap<String, Long> gauges() {
        SortedMap<String, Long> gauges = new TreeMap<>();
        gauges.put("eventstore.content.bytes", writer.contentBytes());
        seen.ifPresent(state -> {
            gauges.put("eventstore.events", state.events() + writer.latest() - state.upTo());
            gauges.put("eventstore.disk.bytes", state.diskBytes());
        });
        space.ifPresent(now -> gauges.put("eventstore.disk.free.bytes", now.free()));
        return gauges;
    }
}
