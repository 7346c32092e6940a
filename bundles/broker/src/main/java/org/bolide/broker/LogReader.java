package org.bolide.broker;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventReader;
import org.bolide.broker.Places.Place;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cursor: from the tail while it keeps up, from the disk while it does not. */
final class LogReader implements EventReader {

    private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

    private final DurableLog log;
    private final Optional<Place> kept;
    private volatile long quietUpTo;
    private final AtomicReference<Runnable> wake = new AtomicReference<>();
    private final AtomicBoolean waits = new AtomicBoolean();
    private volatile long polled;
    private volatile long place;
    private volatile long missed;
    private volatile boolean closed;
    /** Whether it has been at the end, and when it moved last, by {@link System#nanoTime}. */
    private volatile boolean caughtUp;
    private volatile long movedAt;

    /** @param quietUpTo quiet events are given up to this sequence, and not after */
    LogReader(DurableLog log, long startsAfter, long quietUpTo) {
        this(log, Optional.empty(), startsAfter, quietUpTo);
    }

    /** A named reader. */
    LogReader(DurableLog log, Place kept, long quietUpTo) {
        this(log, Optional.of(kept), kept.sequence(), quietUpTo);
    }

    private LogReader(DurableLog log, Optional<Place> kept, long startsAfter, long quietUpTo) {
        this.log = log;
        this.kept = kept;
        this.quietUpTo = quietUpTo;
        polled = startsAfter;
        place = startsAfter;
    }

    @Override
    public List<BrokerEvent> poll(int maxEvents, int maxBytes) {
        long latest = log.latest();
        if (closed || polled >= latest) {
            caughtUp = true;
            return List.of();
        }
        movedAt = System.nanoTime();
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
        if (!caughtUp && polled >= latest) {
            caughtUp = true;
        }
        return loud;
    }

    /** Goes on elsewhere; for the thread that polls. */
    void jump(long sequence, long newQuietUpTo) {
        quietUpTo = newQuietUpTo;
        caughtUp = false;
        polled = sequence;
        place = sequence;
    }

    /** Goes back to the place; for the thread that polls. */
    void readAgain() {
        polled = place;
    }

    Optional<Place> kept() {
        return kept;
    }

    /** Whether it counts among those who set the pace: it has been at the end, and is there or has moved since. */
    boolean setsPace(long latest, long since) {
        return caughtUp && (polled >= latest || movedAt - since > 0);
    }

    long polled() {
        return polled;
    }

    private boolean isWanted(BrokerEvent event) {
        return event.sequence() <= quietUpTo || !((LogEvent) event).quiet();
    }

    private List<BrokerEvent> readDisk(long latest, int maxEvents, int maxBytes) {
        try {
            List<BrokerEvent> events = log.past().read(polled, latest, maxEvents, maxBytes);
            long next = events.isEmpty() ? latest + 1 : events.get(0).sequence();
            if (next > polled + 1) {
                missed += log.store().expired(polled, next - 1);
                polled = next - 1;
            }
            return events;
        } catch (IOException e) {
            throw DurableLog.unreadable(e);
        }
    }

    @Override
    public void onAvailable(Runnable task) {
        wake.set(task);
        await();
        if (polled < log.latest()) {
            log.publish(this::wakeIfBehind);
        }
    }

    private void await() {
        if (!closed && waits.compareAndSet(false, true)) {
            log.await(this);
        }
    }

    /** Called when there is something new; takes the reader from those who wait. */
    void wakeIfBehind() {
        waits.set(false); // before the task is looked for: a new one has the reader wait again
        if (polled < log.latest() && !closed) {
            Runnable task = wake.getAndSet(null);
            if (task != null) {
                wake(task);
            }
        } else if (wake.get() != null) {
            await();
        }
    }

    private void wake(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("the reader {} failed when it was woken; it misses what comes", kept.map(Place::name).orElse("(unnamed)"), e);
        }
    }

    @Override
    public void commit(long sequence) {
        if (!closed) {
            place = sequence;
            if (kept.isPresent()) {
                kept.get().moveTo(sequence);
            }
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
            log.left(this, waits.get());
            kept.ifPresent(mine -> log.readers().close(this, mine));
        }
    }
}
