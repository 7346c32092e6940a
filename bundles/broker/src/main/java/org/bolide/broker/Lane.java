package org.bolide.broker;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
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
import org.bolide.broker.LaneReading.Backlog;
import org.bolide.broker.LaneReading.Batch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handler's way through the log. The thread {@code lane-NAME} reads, filters and, unless events may be handled at the
 * same time, handles; else threads {@code lane-NAME-1 …} handle and the place is before the lowest unfinished event. Where it is
 * in the log is {@link LaneReading}'s, how it handles {@link Handling}'s, what others want of it {@link LaneOrders}'.
 */
final class Lane {

    /** Why a lane stands still, and since when. */
    record Suspension(String why, Instant since) {}

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(5);

    private final LaneSpec spec;
    private final Duration readAgain;
    private final LaneReading reading;
    private final LaneOrders orders;
    private final LatencyHistogram times = new LatencyHistogram();
    private final Handling handling;
    private final Optional<Workers> workers;
    private final Thread thread;
    private volatile Optional<Predicate<BrokerEvent>> filter = Optional.empty();
    private volatile Optional<Suspension> suspension = Optional.empty();
    private volatile Optional<String> end = Optional.empty();

    /** Nothing passes, and the lane waits, until there is a {@link #filter(Optional, Optional) filter}. */
    Lane(LaneSpec spec, BrokerEventHandler handler, DurableLog log, DeadLetterBox letters, DeliveryBook deliveries, Handling.Retry retry,
            Optional<Instant> pausedSince) {
        this.spec = spec;
        reading = new LaneReading(spec, log);
        readAgain = retry.longest();
        orders = new LaneOrders(spec.who(), pausedSince);
        handling = new Handling(spec, handler, letters, retry, orders, times, deliveries);
        ClassLoader loader = handler.getClass().getClassLoader();
        workers = spec.concurrency() > 1
                ? Optional.of(new Workers(spec, handling, reading::commit, loader)) : Optional.empty();
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
            reading.close();
        }
    }

    private boolean ended(Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
        return !thread.isAlive();
    }

    // ---- what there is to see

    LaneStatus status() {
        State state = orders.pausedSince().isPresent() ? State.PAUSED
                : filter.isEmpty() ? State.SUSPENDED
                : orders.trial().isPresent() ? State.RETRYING
                : State.RUNNING;
        return new LaneStatus(spec.name(), spec.bundle(), state, reading.place(), reading.lag(),
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
        return reading.backlog(workers.flatMap(Workers::oldest));
    }

    // ---- the lane's thread

    private void run() {
        try {
            open();
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
            reading.close();
        }
    }

    private void open() throws InterruptedException {
        while (!reading.isOpen() && !orders.isStopping()) {
            try {
                reading.open();
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
        } else if (reading.hasNext()) {
            handle(reading.next(passes.get()));
        } else {
            readOn();
        }
    }

    private void readOn() throws InterruptedException {
        try {
            reading.readOn(workers.flatMap(Workers::oldest).isEmpty());
        } catch (UncheckedIOException e) {
            unreadable(e);
            return;
        }
        if (!reading.hasNext()) {
            reading.onAvailable(orders::change);
            orders.awaitChange();
        }
    }

    private void handle(Batch batch) throws InterruptedException {
        if (workers.isEmpty()) {
            if (batch.events().isEmpty() || handling.handle(batch.events())) {
                reading.commit(batch.upTo());
            }
        } else if (batch.events().isEmpty()) {
            workers.get().passedUpTo(batch.upTo());
        } else {
            workers.get().take(batch.events(), batch.upTo());
        }
    }

    private void move(Move move) throws InterruptedException {
        try {
            if (workers.isPresent()) {
                workers.get().clear(); // from here on nothing of before commits a place
            }
            if (move.place().isDone()) { // who wanted it has gone; what was left for it is read again
                reading.readAgain();
            } else {
                move.place().complete(reading.move(move.to()));
            }
        } catch (UncheckedIOException e) {
            move.place().completeExceptionally(e);
        } finally {
            orders.moved(move);
            move.place().completeExceptionally(new IllegalArgumentException(spec.who() + " was removed meanwhile"));
        }
    }

    private void unreadable(UncheckedIOException e) throws InterruptedException {
        handling.failed("the log cannot be read: " + e.getCause().getMessage());
        LOG.warn("{} waits: the log cannot be read: {}", spec.who(), e.getCause().getMessage());
        orders.awaitChange(readAgain);
    }
}
