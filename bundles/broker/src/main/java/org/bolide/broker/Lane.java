package org.bolide.broker;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.State;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.broker.LaneOrders.Move;
import org.bolide.broker.LaneOrders.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler's way through the log. The thread {@code lane-NAME} reads, filters and, unless events may be handled at the
 * same time, handles; else threads {@code lane-NAME-1 …} handle and the place is before the lowest unfinished event. How it
 * handles is {@link Handling}'s, what others want of it is in {@link LaneOrders}.
 */
final class Lane {

    /** Why a lane stands still, and since when. */
    record Suspension(String why, Instant since) {}

    /** The oldest event that is not done, and since when there has always been one. */
    record Backlog(Instant receivedAt, Instant since) {}

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final int POLL_EVENTS = 64;
    private static final int POLL_BYTES = 1 << 20;
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

    private final LaneSpec spec;
    private final DurableLog log;
    private final Duration readAgain;
    private final LaneOrders orders;
    private final LatencyHistogram times = new LatencyHistogram();
    private final Handling handling;
    private final Optional<Workers> workers;
    private final Thread thread;
    private volatile Optional<Predicate<BrokerEvent>> filter = Optional.empty();
    private volatile Optional<Suspension> suspension = Optional.empty();
    private volatile Optional<String> end = Optional.empty();
    private volatile Optional<Instant> underWay = Optional.empty();
    private volatile Instant busySince = Instant.now();
    private volatile LogReader reader;

    // Of the lane's thread.
    private final Queue<BrokerEvent> ahead = new ArrayDeque<>();
    private boolean idle = true;
    private long gapTold;

    /** Nothing passes, and the lane waits, until there is a {@link #filter(Optional, Optional) filter}. */
    Lane(LaneSpec spec, BrokerEventHandler handler, DurableLog log, DeadLetterBox letters, Handling.Retry retry, Optional<Instant> pausedSince) {
        this.spec = spec;
        this.log = log;
        readAgain = retry.longest();
        orders = new LaneOrders(spec.who(), pausedSince);
        handling = new Handling(spec, handler, letters, retry, orders, times);
        ClassLoader loader = handler.getClass().getClassLoader();
        workers = spec.concurrency() > 1
                ? Optional.of(new Workers(spec, handling, sequence -> reader.commit(sequence), loader)) : Optional.empty();
        thread = new Thread(this::run, "lane-" + spec.name());
        thread.setContextClassLoader(loader);
    }

    LaneSpec spec() {
        return spec;
    }

    LatencyHistogram times() {
        return times;
    }

    void start() {
        thread.start();
    }

    /** Changes the filter; an empty one suspends the lane. */
    void filter(Optional<Predicate<BrokerEvent>> newFilter, Optional<String> whySuspended) {
        suspension = whySuspended.map(why -> new Suspension(why, Instant.now()));
        whySuspended.ifPresent(handling::failed);
        filter = newFilter;
        orders.change();
    }

    // ---- what an operator wants

    void pause(Instant since) {
        orders.pause(since);
    }

    void resume() {
        orders.resume();
    }

    OptionalLong skip() {
        return orders.skip();
    }

    /** See {@link org.bolide.api.management.Lanes#move}. */
    long move(ReaderSpec.Start to) throws InterruptedException {
        return await(orders.move(to));
    }

    /** Has the handler handle an event once, between two others; waits for it. */
    Outcome handleBesides(BrokerEvent event) throws InterruptedException {
        return await(orders.favour(event));
    }

    private static <T> T await(CompletableFuture<T> wanted) throws InterruptedException {
        try {
            return wanted.get();
        } catch (InterruptedException e) {
            wanted.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException told ? told : new IllegalStateException(e.getCause());
        }
    }

    // ---- the end

    /** Has the lane end after the running call. */
    void beginToStop() {
        orders.stop();
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
                LOG.warn("{} did not finish within {} s and was interrupted: its event will come again", spec.who(), patience.toSeconds());
                if (!ended(AFTER_INTERRUPT)) {
                    LOG.warn("{} ignores the interruption and goes on in thread {}: it will not be called again", spec.who(), thread.getName());
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

    // ---- what there is to see

    LaneStatus status() {
        LogReader open = reader;
        long place = open == null ? 0 : open.place();
        State state = orders.pausedSince().isPresent() ? State.PAUSED
                : filter.isEmpty() ? State.SUSPENDED
                : orders.trial().isPresent() ? State.RETRYING
                : State.RUNNING;
        return new LaneStatus(spec.name(), spec.bundle(), state, place, open == null ? 0 : Math.max(0, log.latest() - place),
                handling.handled(), handling.discarded(), handling.retries(), handling.buried(), handling.lastCall(), handling.lastFailure());
    }

    Optional<Instant> pausedSince() {
        return orders.pausedSince();
    }

    Optional<Suspension> suspension() {
        return suspension;
    }

    Optional<Trial> trial() {
        return orders.trial();
    }

    /** Why its thread has ended though nobody wanted it to. */
    Optional<String> end() {
        return end;
    }

    Optional<Backlog> backlog() {
        return workers.flatMap(Workers::oldest).or(() -> underWay).map(oldest -> new Backlog(oldest, busySince));
    }

    // ---- the lane's thread

    private void run() {
        try {
            openReader();
            while (!orders.isStopping()) {
                step();
            }
            if (workers.isPresent()) {
                workers.get().awaitIdle();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            end = Optional.of(e.toString());
            LOG.error("the lane of {} has ended by a fault of the broker or of the filter: its events wait. Restart the handler's bundle", spec.who(), e);
        } finally {
            orders.stop();
            workers.ifPresent(Workers::interrupt);
            closeReader();
        }
    }

    private void openReader() throws InterruptedException {
        while (reader == null && !orders.isStopping()) {
            try {
                LogReader opened = log.open(ReaderSpec.named("handler:" + spec.name(), spec.start()));
                synchronized (this) {
                    reader = opened;
                }
                LOG.info("{} reads on after sequence {}", spec.who(), opened.place());
            } catch (UncheckedIOException e) {
                for (Optional<Move> move = orders.move(); move.isPresent(); move = orders.move()) {
                    move.get().place().completeExceptionally(e);
                    orders.moved(move.get());
                }
                unreadable(e);
            }
        }
    }

    private void step() throws InterruptedException {
        Optional<Move> move = orders.move();
        Optional<Predicate<BrokerEvent>> passes = filter;
        if (move.isPresent()) {
            move(move.get());
        } else if (orders.hasFavours()) {
            if (workers.isPresent()) {
                workers.get().doFavours();
            } else {
                handling.doFavours();
            }
        } else if (passes.isEmpty() || orders.pausedSince().isPresent()) {
            orders.awaitChange();
        } else if (ahead.isEmpty()) {
            readOn();
        } else {
            handleNext(passes.get());
        }
    }

    private void readOn() throws InterruptedException {
        try {
            ahead.addAll(reader.poll(Math.max(POLL_EVENTS, spec.batch()), POLL_BYTES));
        } catch (UncheckedIOException e) {
            unreadable(e);
            return;
        }
        tellGap();
        if (ahead.isEmpty()) {
            idle = workers.flatMap(Workers::oldest).isEmpty();
            underWay = Optional.empty();
            reader.onAvailable(orders::change);
            orders.awaitChange();
        } else if (idle) {
            idle = false;
            busySince = Instant.now();
        }
    }

    private void handleNext(Predicate<BrokerEvent> passes) throws InterruptedException {
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
        if (workers.isEmpty()) {
            if (batch.isEmpty() || handling.handle(List.copyOf(batch))) {
                reader.commit(upTo);
            }
        } else if (batch.isEmpty()) {
            workers.get().passedUpTo(upTo);
        } else {
            workers.get().take(List.copyOf(batch), upTo);
        }
    }

    /** By now nothing of before commits a place any more: nobody handles anything. */
    private void move(Move move) throws InterruptedException {
        try {
            if (workers.isPresent()) {
                workers.get().clear();
            }
            ahead.clear();
            if (move.place().isDone()) { // who wanted it has gone; what was left for it is read again
                reader.readAgain();
                return;
            }
            long before = reader.place();
            long place = log.move(reader, move.to());
            LOG.info("{} goes on after sequence {}; it was at {}", spec.who(), place, before);
            idle = true;
            move.place().complete(place);
        } catch (UncheckedIOException e) {
            move.place().completeExceptionally(e);
        } finally {
            orders.moved(move);
            move.place().completeExceptionally(new IllegalArgumentException(spec.who() + " was removed meanwhile"));
        }
    }

    /** Expiry waits for nobody: a handler that was away too long has missed something. */
    private void tellGap() {
        long expired = reader.missed() - gapTold;
        if (expired > 0) {
            gapTold += expired;
            LOG.warn("{} has missed {} events that expired before it came to them: keep events longer (keepDays) or have it run more often",
                    spec.who(), expired);
        }
    }

    private void unreadable(UncheckedIOException e) throws InterruptedException {
        handling.failed("the log cannot be read: " + e.getCause().getMessage());
        LOG.warn("{} waits: the log cannot be read: {}", spec.who(), e.getCause().getMessage());
        orders.awaitChange(readAgain);
    }
}
