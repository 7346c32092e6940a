package org.bolide.broker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.bolide.api.BrokerEvent;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.StoredEvent;

/**
 * The log behind the {@link Tail}, read from disk in chunks of which those used last are held: readers that replay the same
 * range share one reading, and what is derived from its events. Bounded by bytes. Safe for use by any number of threads;
 * reads the disk.
 */
final class Past {

    private static final int CHUNK_EVENTS = 64;
    private static final int CHUNK_BYTES = 1 << 20;

    private final EventStore store;
    private final long maxBytes;
    private final Map<Long, Chunk> chunks = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param maxBytes what the chunks may cost, see {@link LogEvent#cost} */
    Past(EventStore store, long maxBytes) {
        this.store = store;
        this.maxBytes = maxBytes;
    }

    private static final class Chunk {

        private final CompletableFuture<List<LogEvent>> events = new CompletableFuture<>();
        private long cost;
    }

    /**
     * Some events after a sequence, at least one if there are any.
     *
     * @param latest the newest sequence
     */
    List<BrokerEvent> read(long after, long latest, int maxEvents, int maxSize) throws IOException {
        long index = after / CHUNK_EVENTS;
        if (after >= 0 && (index + 1) * CHUNK_EVENTS <= latest) {
            List<BrokerEvent> some = select(chunk(index), after, maxEvents, maxSize);
            if (!some.isEmpty()) {
                return some;
            }
        }
        return store.read(after, maxEvents, maxSize).stream().<BrokerEvent>map(LogEvent::new).toList();
    }

    private static List<BrokerEvent> select(List<LogEvent> chunk, long after, int maxEvents, int maxSize) {
        List<BrokerEvent> some = new ArrayList<>();
        long size = 0;
        for (LogEvent event : chunk) {
            if (event.sequence() > after) {
                size += event.size();
                if (some.size() == maxEvents || size > maxSize && !some.isEmpty()) {
                    break;
                }
                some.add(event);
            }
        }
        return some;
    }

    /** The events of a chunk, or the first of them if they are too large to be held. */
    private List<LogEvent> chunk(long index) throws IOException {
        Chunk mine = new Chunk();
        Future<List<LogEvent>> known;
        synchronized (chunks) {
            Chunk other = chunks.putIfAbsent(index, mine);
            known = other == null ? null : chunks.get(index).events; // get: it is used last now
        }
        if (known != null) {
            return await(known);
        }
        boolean held = false;
        try {
            List<StoredEvent> stored = store.read(index * CHUNK_EVENTS, CHUNK_EVENTS, CHUNK_BYTES);
            long last = (index + 1) * CHUNK_EVENTS;
            List<LogEvent> events = stored.stream().filter(event -> event.sequence() <= last).map(LogEvent::new).toList();
            mine.events.complete(events);
            held = !stored.isEmpty() && stored.get(stored.size() - 1).sequence() >= last && hold(mine, events);
            return events;
        } catch (IOException | RuntimeException e) {
            mine.events.completeExceptionally(e);
            throw e;
        } finally {
            if (!held) {
                synchronized (chunks) {
                    chunks.remove(index, mine);
                }
            }
        }
    }

    private boolean hold(Chunk chunk, List<LogEvent> events) {
        long cost = events.stream().mapToLong(LogEvent::cost).sum();
        if (cost > maxBytes) {
            return false;
        }
        synchronized (chunks) {
            chunk.cost = cost;
            bytes += cost;
            for (var oldest = chunks.values().iterator(); bytes > maxBytes; ) {
                Chunk next = oldest.next();
                if (next != chunk && next.cost > 0) { // else it is being read
                    bytes -= next.cost;
                    oldest.remove();
                }
            }
        }
        return true;
    }

    private static List<LogEvent> await(Future<List<LogEvent>> events) throws IOException {
        try {
            return events.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the log was being read", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        }
    }
}
