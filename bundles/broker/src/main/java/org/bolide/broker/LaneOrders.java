package org.bolide.broker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;

/**
 * What others want of a lane: that it ends, stands still, goes elsewhere, gives an event up, handles one besides. The lane's
 * threads wait here until somebody wants something, or it is time to try again. Safe for any number of threads; nothing foreign
 * runs under its lock.
 */
final class LaneOrders {

    /** What to do with an event that failed. */
    enum Next {
        CALL,
        FAVOUR,
        BURY,
        /** Nothing: the lane ends, or goes elsewhere. */
        LEAVE
    }

    /** To go on elsewhere; completed with the place. */
    record Move(ReaderSpec.Start to, CompletableFuture<Long> place) {}

    /** To handle an event once, besides those of the log. */
    record Favour(BrokerEvent event, CompletableFuture<Outcome> outcome) {}

    /** Events that failed and are tried again. */
    static final class Trial {

        private final List<BrokerEvent> batch;
        private final Instant since = Instant.now();
        private volatile int attempts = 1;
        private volatile String failure;
        private boolean givenUp;

        private Trial(List<BrokerEvent> batch, String failure) {
            this.batch = batch;
            this.failure = failure;
        }

        void failedAgain(String why) {
            attempts++;
            failure = why;
        }

        BrokerEvent first() {
            return batch.get(0);
        }

        Instant since() {
            return since;
        }

        int attempts() {
            return attempts;
        }

        String failure() {
            return failure;
        }
    }

    private final String who;
    private final Queue<Move> moves = new ArrayDeque<>();
    private final Queue<Favour> favours = new ArrayDeque<>();
    private final TreeMap<Long, Trial> trials = new TreeMap<>();
    private Optional<Instant> pausedSince;
    private boolean stopping;
    private boolean changed;

    /** @param who the handler, for people */
    LaneOrders(String who, Optional<Instant> pausedSince) {
        this.who = who;
        this.pausedSince = pausedSince;
    }

    // ---- for others

    /** Something is different: the lane's thread looks. */
    synchronized void change() {
        changed = true;
        notifyAll();
    }

    /** No call begins any more. */
    synchronized void stop() {
        stopping = true;
        moves.forEach(move -> move.place.completeExceptionally(new IllegalArgumentException(who + " was removed meanwhile")));
        refuseFavours(who + " was removed meanwhile");
        change();
    }

    /** No call begins until {@link #resume}. */
    synchronized void pause(Instant since) {
        pausedSince = Optional.of(since);
        refuseFavours(who + " is paused: have it go on first");
        change();
    }

    private void refuseFavours(String why) {
        favours.forEach(favour -> favour.outcome.completeExceptionally(new IllegalStateException(why)));
        favours.clear();
    }

    synchronized void resume() {
        pausedSince = Optional.empty();
        change();
    }

    synchronized CompletableFuture<Long> move(ReaderSpec.Start to) {
        Move move = new Move(to, new CompletableFuture<>());
        if (stopping) {
            move.place.completeExceptionally(new IllegalArgumentException(who + " was removed meanwhile"));
        } else {
            moves.add(move);
            change();
        }
        return move.place;
    }

    /** @throws IllegalStateException if it is not done; for people */
    synchronized CompletableFuture<Outcome> favour(BrokerEvent event) {
        if (stopping || pausedSince.isPresent()) {
            throw new IllegalStateException(who + (stopping ? " was removed meanwhile" : " is paused: have it go on first"));
        }
        Favour favour = new Favour(event, new CompletableFuture<>());
        favours.add(favour);
        change();
        return favour.outcome;
    }

    /** Gives up the oldest of the events that are tried again. */
    synchronized OptionalLong skip() {
        for (Trial trial : trials.values()) {
            if (!trial.givenUp) {
                trial.givenUp = true;
                change();
                return OptionalLong.of(trial.first().sequence());
            }
        }
        return OptionalLong.empty();
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    synchronized Optional<Instant> pausedSince() {
        return pausedSince;
    }

    /** The oldest of the events that are tried again. */
    synchronized Optional<Trial> trial() {
        return trials.values().stream().findFirst();
    }

    // ---- for the lane's thread

    synchronized void awaitChange() throws InterruptedException {
        while (!changed) {
            wait();
        }
        changed = false;
    }

    synchronized void awaitChange(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); !changed && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        changed = false;
    }

    /** Where to go; it counts until it is {@link #moved}. */
    synchronized Optional<Move> move() {
        return Optional.ofNullable(moves.peek());
    }

    synchronized void moved(Move move) {
        moves.remove(move);
    }

    // ---- for the lane's thread and its workers

    synchronized boolean hasFavours() {
        return !favours.isEmpty();
    }

    synchronized Optional<Favour> takeFavour() {
        Favour favour = favours.poll();
        while (favour != null && favour.outcome.isDone()) { // who asked for it has gone
            favour = favours.poll();
        }
        return Optional.ofNullable(favour);
    }

    private boolean isToLeave() {
        return stopping || !moves.isEmpty();
    }

    /** Whether the handler may be called now; waits while it is paused. */
    synchronized boolean mayCall() throws InterruptedException {
        while (pausedSince.isPresent() && !isToLeave()) {
            wait();
        }
        return !isToLeave();
    }

    synchronized Trial begin(List<BrokerEvent> batch, String failure) {
        Trial trial = new Trial(batch, failure);
        trials.put(trial.first().sequence(), trial);
        return trial;
    }

    /** Waits until something is to be done, at the latest so long. */
    synchronized Next await(Trial trial, long untilNanos) throws InterruptedException {
        while (true) {
            boolean paused = pausedSince.isPresent();
            long left = untilNanos - System.nanoTime();
            if (isToLeave()) {
                return Next.LEAVE;
            } else if (trial.givenUp) {
                return Next.BURY;
            } else if (paused) {
                wait();
            } else if (!favours.isEmpty()) {
                return Next.FAVOUR;
            } else if (left <= 0) {
                return Next.CALL;
            } else {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        }
    }

    /** It is not tried again any more, though not settled yet. Returns whether an operator wanted it so. */
    synchronized boolean giveUp(Trial trial) {
        boolean wanted = trial.givenUp;
        trial.givenUp = true;
        return wanted;
    }

    synchronized void end(Trial trial) {
        trials.remove(trial.first().sequence());
    }

    /** Waits. Returns false at once if the lane ends, or goes elsewhere. */
    synchronized boolean sleep(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); !isToLeave() && left > 0; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !isToLeave();
    }
}
