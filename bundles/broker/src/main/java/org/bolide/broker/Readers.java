package org.bolide.broker;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.bolide.api.ReaderSpec;
import org.bolide.api.store.EventStore;
import org.bolide.broker.Places.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens, moves, closes and forgets readers, of which each name has one at a time. Safe for any number of threads. */
final class Readers {

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final DurableLog log;
    private final EventStore store;
    private final Places places;
    private final GroupCommit commits;
    private final Map<String, LogReader> named = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    Readers(DurableLog log, EventStore store, Places places, GroupCommit commits) {
        this.log = log;
        this.store = store;
        this.places = places;
        this.commits = commits;
    }

    /** From now on the log itself writes the places. */
    void stop() {
        stopping = true;
    }

    LogReader open(ReaderSpec spec) throws IOException {
        ReaderSpec.Start start = spec.start();
        return spec.name().isPresent() ? openNamed(spec.name().get(), start) : new LogReader(log, startOf(start), quietUpTo(start));
    }

    private LogReader openNamed(String name, ReaderSpec.Start start) throws IOException {
        Optional<Place> known = places.find(name);
        LogReader reader = known.isPresent()
                ? new LogReader(log, known.get(), 0)
                : new LogReader(log, places.findOrAdd(name, startOf(start)), quietUpTo(start));
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
            long target = Math.max(store.earliest().map(sequence -> sequence - 1).orElse(log.latest()), Math.min(log.latest(), startOf(to)));
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
            commits.flush(place).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the disk does not answer within " + PATIENCE.toSeconds() + " s", e);
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
            return store.earliest().map(sequence -> sequence - 1).orElse(log.latest());
        }
        return log.latest();
    }

    /** Who begins in the past by its own wish gets the quiet events of the past. */
    private long quietUpTo(ReaderSpec.Start start) {
        return start instanceof ReaderSpec.Start.Latest || start instanceof ReaderSpec.Start.Again ? 0 : log.latest();
    }

    /** See {@link org.bolide.api.EventLog#forget}. */
    void forget(String name) {
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
