package org.bolide.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.EventReader;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.State;
import org.bolide.api.store.DeadLetter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler's way through the log. The thread {@code lane-NAME} reads, filters and, unless events may be handled at the
 * same time, handles; else threads {@code lane-NAME-1 …} handle and the place is before the lowest unfinished event.
 */
final class Lane {

    /** How a lane tries again: after {@code first}, doubling to {@code longest}, {@code times} times. */
    record Retry(int times, Duration first, Duration longest) {

        Duration before(int retry) {
            Duration doubled = first.multipliedBy(1L << Math.min(retry - 1, 20));
            return doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int POLL_EVENTS = 64;
    private static final int POLL_BYTES = 1 << 20;
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

    private final LaneSpec spec;
    private final BrokerEventHandler handler;
    private final DurableLog log;
    private final Retry retry;
    private final Thread thread;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final LongAdder handled = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder buried = new LongAdder();
    private final AtomicInteger retrying = new AtomicInteger();
    private final Optional<Workers> workers;
    private volatile Optional<Predicate<BrokerEvent>> filter;
    private volatile Optional<String> lastFailure = Optional.empty();
    private volatile EventReader reader;
    private long gapTold;

    /** @param filter what passes; empty: nothing does, and the lane waits for {@link #filter(Optional, Optional)} */
    Lane(LaneSpec spec, BrokerEventHandler handler, DurableLog log, Retry retry, Optional<Predicate<BrokerEvent>> filter) {
        this.spec = spec;
        this.handler = handler;
        this.log = log;
        this.retry = retry;
        this.filter = filter;
        workers = spec.concurrency() > 1 ? Optional.of(new Workers()) : Optional.empty();
        thread = new Thread(this::run, "lane-" + spec.name());
    }

    LaneSpec spec() {
        return spec;
    }

    void start() {
        thread.start();
    }

    /** Changes the filter; an empty one suspends the lane. */
    void filter(Optional<Predicate<BrokerEvent>> newFilter, Optional<String> whySuspended) {
        filter = newFilter;
        whySuspended.ifPresent(why -> lastFailure = Optional.of(why));
        wake.release();
    }

    /** Has the lane end after the running call. */
    void beginToStop() {
        stop.countDown();
        wake.release();
    }

    /**
     * Ends the lane. When it returns the handler is not running any more, or a WARN has named it: the running call has
     * the given time, then it is interrupted.
     */
    void stop(Duration patience) {
        beginToStop();
        try {
            if (!ended(patience)) {
                thread.interrupt();
                workers.ifPresent(Workers::interrupt);
                LOG.warn("handler {} did not finish within {} s and was interrupted: its event will come again",
                        spec.name(), patience.toSeconds());
                if (!ended(AFTER_INTERRUPT)) {
                    LOG.warn("handler {} ignores the interruption and goes on in thread {}: it will not be called again",
                            spec.name(), thread.getName());
                }
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            workers.ifPresent(Workers::interrupt);
            Thread.currentThread().interrupt();
        } finally {
            closeReader();
        }
    }

    private boolean ended(Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
        return !thread.isAlive();
    }

    private synchronized void closeReader() {
        if (reader != null) {
            reader.close();
        }
    }

    LaneStatus status() {
        EventReader open = reader;
        long place = open == null ? 0 : open.place();
        State state = filter.isEmpty() ? State.SUSPENDED : retrying.get() > 0 ? State.RETRYING : State.RUNNING;
        return new LaneStatus(spec.name(), "", state, place, open == null ? 0 : Math.max(0, log.latest() - place),
                handled.sum(), discarded.sum(), retries.sum(), buried.sum(), Optional.empty(), lastFailure);
    }

    private boolean stopping() {
        return stop.getCount() == 0;
    }

    // ---- the lane's thread

    private void run() {
        thread.setContextClassLoader(handler.getClass().getClassLoader());
        try {
            openReader();
            while (!stopping()) {
                if (filter.isEmpty()) {
                    wake.acquire();
                } else {
                    readOn();
                }
            }
            if (workers.isPresent()) {
                workers.get().awaitIdle();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.ifPresent(Workers::interrupt);
            closeReader();
        }
    }

    private void openReader() throws InterruptedException {
        while (reader == null && !stopping()) {
            try {
                EventReader opened = log.open(ReaderSpec.named("handler:" + spec.name(), spec.start()));
                synchronized (this) {
                    reader = opened;
                }
                LOG.info("handler {} reads on after sequence {}", spec.name(), opened.place());
            } catch (UncheckedIOException e) {
                unreadable(e);
            }
        }
    }

    private void readOn() throws InterruptedException {
        List<BrokerEvent> events;
        try {
            events = reader.poll(Math.max(POLL_EVENTS, spec.batch()), POLL_BYTES);
        } catch (UncheckedIOException e) {
            unreadable(e);
            return;
        }
        tellGap();
        if (events.isEmpty()) {
            reader.onAvailable(wake::release);
            wake.acquire();
            wake.drainPermits();
            return;
        }
        List<BrokerEvent> batch = new ArrayList<>();
        for (BrokerEvent event : events) {
            Optional<Predicate<BrokerEvent>> passes = filter;
            while (passes.isEmpty() && !stopping()) {
                wake.acquire();
                passes = filter;
            }
            if (stopping()) {
                return;
            }
            if (passes.get().test(event)) {
                batch.add(event);
            }
            boolean last = event == events.get(events.size() - 1);
            if (batch.size() == spec.batch() || last && !batch.isEmpty()) {
                if (!pass(List.copyOf(batch))) {
                    return;
                }
                batch.clear();
            }
            if (batch.isEmpty() && workers.isEmpty()) {
                reader.commit(event.sequence());
            } else if (batch.isEmpty()) {
                workers.get().passedUpTo(event.sequence());
            }
        }
    }

    /** Expiry waits for nobody: a handler that was away too long has missed something. */
    private void tellGap() {
        long expired = reader.missed() - gapTold;
        if (expired > 0) {
            gapTold += expired;
            LOG.warn("handler {} has missed {} events that expired before it came to them: keep events longer (keepDays) or have it run more often",
                    spec.name(), expired);
        }
    }

    private boolean pass(List<BrokerEvent> batch) throws InterruptedException {
        if (workers.isPresent()) {
            workers.get().take(batch);
            return true;
        }
        return handle(batch);
    }

    private void unreadable(UncheckedIOException e) throws InterruptedException {
        lastFailure = Optional.of("the log cannot be read: " + e.getCause().getMessage());
        LOG.warn("handler {} waits: the log cannot be read: {}", spec.name(), e.getCause().getMessage());
        stop.await(retry.longest().toMillis(), TimeUnit.MILLISECONDS);
    }

    // ---- the lane's thread, or its workers'

    /** Returns whether the batch is settled: done, discarded or buried; false if the lane stops before it is. */
    private boolean handle(List<BrokerEvent> batch) throws InterruptedException {
        for (int retried = 0; ; retried++) {
            Outcome outcome = call(batch);
            if (outcome != Outcome.RETRY) {
                (outcome == Outcome.DONE ? handled : discarded).add(batch.size());
                return true;
            }
            if (retried == retry.times()) {
                return bury(batch, retried + 1);
            }
            if (!pause(retry.before(retried + 1))) {
                return false;
            }
            retries.increment();
        }
    }

    private Outcome call(List<BrokerEvent> batch) throws InterruptedException {
        BrokerEvent first = batch.get(0);
        try {
            Outcome outcome = spec.batch() > 1 ? handler.handle(batch) : handler.handle(first);
            if (outcome != null) {
                if (outcome == Outcome.RETRY) {
                    failed(first, "it asked to try again");
                }
                return outcome;
            }
            failed(first, "it returned null instead of an outcome");
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            if (stopping() && Thread.currentThread().isInterrupted()) {
                throw (InterruptedException) new InterruptedException("interrupted while it stopped").initCause(e);
            }
            failed(first, e.toString());
            LOG.debug("handler {} failed", spec.name(), e);
        }
        return Outcome.RETRY;
    }

    private void failed(BrokerEvent event, String why) {
        lastFailure = Optional.of(why);
        LOG.warn("handler {} failed: id={} position={} source={}: {}", spec.name(),
                event.header().identifier().orElse("?"), event.sequence(), event.source(), why);
    }

    /** Waits before a retry. Returns false if the lane stops meanwhile. */
    private boolean pause(Duration time) throws InterruptedException {
        retrying.incrementAndGet();
        try {
            return !stop.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            retrying.decrementAndGet();
        }
    }

    private boolean bury(List<BrokerEvent> batch, int attempts) throws InterruptedException {
        String reason = lastFailure.orElse("");
        for (BrokerEvent event : batch) {
            while (!tryToBury(event, reason, attempts)) {
                if (!pause(retry.longest())) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean tryToBury(BrokerEvent event, String reason, int attempts) {
        Optional<String> identifier = event.header().identifier();
        try {
            long id = log.store().bury(new DeadLetter(0, spec.name(), event.sequence(), identifier, event.content(),
                    reason, attempts, Instant.now()));
            buried.increment();
            LOG.warn("dead letter {}: id={} position={} source={}: handler {} failed {} times, lastly: {}", id,
                    identifier.orElse("?"), event.sequence(), event.source(), spec.name(), attempts, reason);
            return true;
        } catch (IOException e) {
            LOG.error("the dead letter of handler {} cannot be written ({}); the lane waits", spec.name(), e.getMessage());
            return false;
        }
    }

    /** Handles several batches at the same time; the place is before the lowest one that is not settled. */
    private final class Workers {

        private final AtomicInteger number = new AtomicInteger();
        private final ExecutorService threads = Executors.newFixedThreadPool(
                spec.concurrency(), task -> new Thread(task, "lane-" + spec.name() + "-" + number.incrementAndGet()));
        private final Semaphore free = new Semaphore(spec.concurrency());
        private final TreeSet<Long> unsettled = new TreeSet<>();
        private long passed;

        void take(List<BrokerEvent> batch) throws InterruptedException {
            free.acquire();
            synchronized (this) {
                batch.forEach(event -> unsettled.add(event.sequence()));
                passed = batch.get(batch.size() - 1).sequence();
            }
            threads.execute(() -> work(batch));
        }

        private void work(List<BrokerEvent> batch) {
            Thread.currentThread().setContextClassLoader(handler.getClass().getClassLoader());
            try {
                if (handle(batch)) {
                    synchronized (this) {
                        batch.forEach(event -> unsettled.remove(event.sequence()));
                    }
                    commit();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                free.release();
            }
        }

        void passedUpTo(long sequence) {
            synchronized (this) {
                passed = sequence;
            }
            commit();
        }

        private synchronized void commit() {
            reader.commit(unsettled.isEmpty() ? passed : unsettled.first() - 1);
        }

        void awaitIdle() throws InterruptedException {
            free.acquire(spec.concurrency());
        }

        void interrupt() {
            threads.shutdownNow();
        }
    }
}
