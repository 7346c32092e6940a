package org.bolide.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventReader;
import org.bolide.api.store.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor: from the tail while it keeps up, from the disk while it does not. */
final class LogReader implements EventReader {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    private final DurableLog log;
    private final Optional<String> name;
    private final AtomicReference<Runnable> wake = new AtomicReference<>();
    private volatile long polled;
    private volatile long place;
    private volatile long missed;
    private volatile boolean closed;
    private final long quietUpTo;

    /** @param quietUpTo quiet events are given up to this sequence, and not after */
    LogReader(DurableLog log, Optional<String> name, long startsAfter, long quietUpTo) {
        this.quietUpTo = quietUpTo;
        this.log = log;
        this.name = name;
        polled = startsAfter;
        place = startsAfter;
    }

    Optional<String> name() {
        return name;
    }

    @Override
    public List<BrokerEvent> poll(int maxEvents, int maxBytes) {
        long latest = log.latest();
        if (closed || polled >= latest) {
            return List.of();
        }
        List<BrokerEvent> loud;
        List<BrokerEvent> events;
        do {
            events = log.tail()
                    .read(polled, maxEvents, maxBytes)
                    .orElseGet(() -> readDisk(latest, maxEvents, maxBytes));
            if (!events.isEmpty()) {
                polled = events.get(events.size() - 1).sequence();
            }
            loud = events.stream().filter(this::isWanted).toList();
        } while (loud.isEmpty() && !events.isEmpty());
        return loud;
    }

    private boolean isWanted(BrokerEvent event) {
        return event.sequence() <= quietUpTo || !((LogEvent) event).quiet();
    }

    private List<BrokerEvent> readDisk(long latest, int maxEvents, int maxBytes) {
        try {
            List<StoredEvent> stored = log.store().read(polled, maxEvents, maxBytes);
            long next = stored.isEmpty() ? latest + 1 : stored.get(0).sequence();
            if (next > polled + 1) {
                missed += log.store().expired(polled, next - 1);
                polled = next - 1;
            }
            return stored.stream().<BrokerEvent>map(LogEvent::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onAvailable(Runnable task) {
        wake.set(task);
        if (polled < log.latest()) {
            log.publish(this::wakeIfBehind);
        }
    }

    /** Called by the publisher when there is something new. */
    void wakeIfBehind() {
        if (polled < log.latest() && !closed) {
            Runnable task = wake.getAndSet(null);
            if (task != null) {
                wake(task);
            }
        }
    }

    private void wake(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the reader {} failed when it was woken; it misses what comes", name.orElse("(unnamed)"), e);
        }
    }

    @Override
    public void commit(long sequence) {
        if (!closed) {
            place = sequence;
            name.ifPresent(n -> log.commit(n, sequence));
        }
    }

    @Override
    public long place() {
        return place;
    }

    @Override
    public long missed() {
        return missed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            wake.set(null);
            log.close(this);
        }
    }
}
