package org.bolide.broker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;

import org.bolide.api.BrokerEvent;
import org.bolide.api.ReaderSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a lane is in the log, and what it has read ahead. For the lane's thread; the place may be seen, committed and closed by
 * any.
 */
final class LaneReading {

    /** Events to be handled; all up to {@code upTo} that are not among them need not be. */
    record Batch(List<BrokerEvent> events, long upTo) {}

    /** The oldest event that is not done, and since when there has always been one. */
    record Backlog(Instant receivedAt, Instant since) {}

    private static final Logger LOG = LoggerFactory.getLogger(LaneReading.class);
    private static final int POLL_EVENTS = 64;
    private static final int POLL_BYTES = 1 << 20;

    private final LaneSpec spec;
    private final DurableLog log;
    private final Queue<BrokerEvent> ahead = new ArrayDeque<>();
    private volatile Optional<LogReader> opened = Optional.empty();
    private volatile Optional<Instant> underWay = Optional.empty();
    private volatile Instant busySince = Instant.now();
    private boolean idle = true;
    private long gapTold;

    LaneReading(LaneSpec spec, DurableLog log) {
        this.spec = spec;
        this.log = log;
    }

    /** @throws java.io.UncheckedIOException if the log cannot be read now */
    void open() {
        LogReader reader = log.open(ReaderSpec.named("handler:" + spec.name(), spec.start()));
        synchronized (this) {
            opened = Optional.of(reader);
        }
        LOG.info("{} reads on after sequence {}", spec.who(), reader.place());
    }

    boolean isOpen() {
        return opened.isPresent();
    }

    private LogReader reader() {
        return opened.orElseThrow();
    }

    /** Whether something is read ahead. */
    boolean hasNext() {
        return !ahead.isEmpty();
    }

    /**
     * Reads ahead what there is.
     *
     * @param isIdle whether all that was read before is settled
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    void readOn(boolean isIdle) {
        ahead.addAll(reader().poll(Math.max(POLL_EVENTS, spec.batch()), POLL_BYTES));
        tellGap();
        if (ahead.isEmpty()) {
            underWay = Optional.empty();
            idle = isIdle;
        } else if (idle) {
            idle = false;
            busySince = Instant.now();
        }
    }

    /** Expiry waits for nobody: a handler that was away too long has missed something. */
    private void tellGap() {
        long expired = reader().missed() - gapTold;
        if (expired > 0) {
            gapTold += expired;
            LOG.warn("{} has missed {} events that expired before it came to them: keep events longer (keepDays) or have it run more often",
                    spec.who(), expired);
        }
    }

    /** Has {@code wake} run when there is more to read. */
    void onAvailable(Runnable wake) {
        reader().onAvailable(wake);
    }

    /** The next of what is read ahead; perhaps nothing of it is to be handled. */
    Batch next(Predicate<BrokerEvent> passes) {
        underWay = Optional.of(ahead.element().receivedAt());
        List<BrokerEvent> batch = new ArrayList<>();
        long upTo = 0;
        while (!ahead.isEmpty() && batch.size() < spec.batch()) {
            BrokerEvent event = ahead.remove();
            upTo = event.sequence();
            if (passes.test(event)) {
                batch.add(event);
            }
        }
        return new Batch(List.copyOf(batch), upTo);
    }

    void commit(long sequence) {
        reader().commit(sequence);
    }

    /** See {@link Readers#move}. */
    long move(ReaderSpec.Start to) throws InterruptedException {
        ahead.clear();
        long before = place();
        long place = log.readers().move(reader(), to);
        idle = true;
        LOG.info("{} goes on after sequence {}; it was at {}", spec.who(), place, before);
        return place;
    }

    /** Goes back to the place. */
    void readAgain() {
        ahead.clear();
        reader().readAgain();
    }

    synchronized void close() {
        opened.ifPresent(LogReader::close);
    }

    /** 0 before it is open. */
    long place() {
        return opened.map(LogReader::place).orElse(0L);
    }

    long lag() {
        return opened.map(reader -> Math.max(0, log.latest() - reader.place())).orElse(0L);
    }

    /** @param unsettled when the oldest event was received that others have in hand */
    Optional<Backlog> backlog(Optional<Instant> unsettled) {
        return unsettled.or(() -> underWay).map(oldest -> new Backlog(oldest, busySince));
    }
}
