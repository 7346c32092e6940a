package org.bolide.broker;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;
import org.bolide.api.management.Lanes.LastCall;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.store.DeadLetter;
import org.bolide.broker.LaneOrders.Favour;
import org.bolide.broker.LaneOrders.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a handler, tries again, and buries what it gives up. On the lane's thread, or on several workers' at once. */
final class Handling {

    /** How a lane tries again: after {@code first}, doubling to {@code longest}, {@code times} times. */
    record Retry(int times, Duration first, Duration longest) {

        Duration before(int retry) {
            Duration doubled = first.multipliedBy(1L << Math.min(retry - 1, 20));
            return doubled.compareTo(longest) < 0 ? doubled : longest;
        }
    }

    private record Call(Outcome outcome, String failure) {}

    private static final Logger LOG = LoggerFactory.getLogger(Handling.class);

    private final LaneSpec spec;
    private final BrokerEventHandler handler;
    private final DeadLetterBox letters;
    private final Retry retry;
    private final LaneOrders orders;
    private final LatencyHistogram times;
    private final DeliveryBook deliveries;
    private final LongAdder handled = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder buried = new LongAdder();
    private volatile Optional<LastCall> lastCall = Optional.empty();
    private volatile Optional<String> lastFailure = Optional.empty();

    /**
     * @param times is told how long the calls take
     * @param deliveries is told what the handler is given, and what becomes of it
     */
    Handling(LaneSpec spec, BrokerEventHandler handler, DeadLetterBox letters, Retry retry, LaneOrders orders, LatencyHistogram times,
            DeliveryBook deliveries) {
        this.spec = spec;
        this.handler = handler;
        this.letters = letters;
        this.retry = retry;
        this.orders = orders;
        this.times = times;
        this.deliveries = deliveries;
    }

    long handled() {
        return handled.sum();
    }

    long discarded() {
        return discarded.sum();
    }

    long retries() {
        return retries.sum();
    }

    long buried() {
        return buried.sum();
    }

    Optional<LastCall> lastCall() {
        return lastCall;
    }

    Optional<String> lastFailure() {
        return lastFailure;
    }

    void failed(String why) {
        lastFailure = Optional.of(why);
    }

    /** Returns whether the batch is settled: done, discarded or buried; false if the lane ends or goes elsewhere before it is. */
    boolean handle(List<BrokerEvent> batch) throws InterruptedException {
        if (!orders.mayCall()) {
            return false;
        }
        DeliveryBook.Given given = deliveries.given(spec.name(), batch);
        Call call = call(batch);
        given.ended(call.outcome);
        return call.outcome != Outcome.RETRY || tryAgain(batch, call.failure, given);
    }

    private boolean tryAgain(List<BrokerEvent> batch, String failure, DeliveryBook.Given given) throws InterruptedException {
        Trial trial = orders.begin(batch, failure);
        try {
            while (trial.attempts() <= retry.times()) {
                switch (await(trial)) {
                    case CALL -> {
                        retries.increment();
                        Call call = call(batch);
                        if (call.outcome != Outcome.RETRY) {
                            given.ended(call.outcome);
                            return true;
                        }
                        trial.failedAgain(call.failure);
                    }
                    case BURY -> {
                        return bury(trial, batch, given);
                    }
                    default -> {
                        return false;
                    }
                }
            }
            return bury(trial, batch, given);
        } finally {
            orders.end(trial);
        }
    }

    private LaneOrders.Next await(Trial trial) throws InterruptedException {
        long until = System.nanoTime() + retry.before(trial.attempts()).toNanos();
        LaneOrders.Next next = orders.await(trial, until);
        while (next == LaneOrders.Next.FAVOUR) {
            doFavours();
            next = orders.await(trial, until);
        }
        return next;
    }

    /** Handles what is wanted besides the events of the log: dead letters. */
    void doFavours() throws InterruptedException {
        for (Optional<Favour> next = orders.takeFavour(); next.isPresent(); next = orders.takeFavour()) {
            CompletableFuture<Outcome> outcome = next.get().outcome();
            List<BrokerEvent> event = List.of(next.get().event());
            try {
                retries.increment();
                DeliveryBook.Given given = deliveries.given(spec.name(), event);
                Outcome now = call(event).outcome;
                if (now == Outcome.RETRY) {
                    given.buried(0);
                } else {
                    given.ended(now);
                }
                outcome.complete(now);
            } finally { // does nothing if it has ended
                outcome.completeExceptionally(new IllegalStateException(spec.who() + " was removed meanwhile"));
            }
        }
    }

    private Call call(List<BrokerEvent> batch) throws InterruptedException {
        BrokerEvent first = batch.get(0);
        long begin = System.nanoTime();
        try {
            Outcome outcome = spec.batch() > 1 ? handler.handle(batch) : handler.handle(first);
            if (outcome == null) {
                return failed(batch, "it returned null instead of an outcome");
            }
            if (outcome == Outcome.RETRY) {
                return failed(batch, "it asked to try again");
            }
            (outcome == Outcome.DONE ? handled : discarded).add(batch.size());
            ended(batch, outcome);
            return new Call(outcome, "");
        } catch (Exception | Error e) { // whatever a handler does, its lane goes on
            if (orders.isStopping() && (e instanceof InterruptedException || Thread.currentThread().isInterrupted())) {
                throw (InterruptedException) new InterruptedException("interrupted while it stopped").initCause(e);
            }
            LOG.debug("{} failed", spec.who(), e);
            return failed(batch, e.toString());
        } finally {
            times.record(System.nanoTime() - begin);
            if (!orders.isStopping() && Thread.interrupted()) {
                LOG.debug("{} has interrupted its own thread", spec.who()); // only who stops the lane may end it so
            }
        }
    }

    private void ended(List<BrokerEvent> batch, Outcome outcome) {
        lastCall = Optional.of(new LastCall(outcome, batch.get(batch.size() - 1).sequence(), Instant.now()));
    }

    private Call failed(List<BrokerEvent> batch, String why) {
        BrokerEvent first = batch.get(0);
        lastFailure = Optional.of(why);
        ended(batch, Outcome.RETRY);
        LOG.warn("{} failed: id={} position={} source={}: {}", spec.who(), first.header().identifier().orElse("?"), first.sequence(),
                first.source(), why);
        return new Call(Outcome.RETRY, why);
    }

    private boolean bury(Trial trial, List<BrokerEvent> batch, DeliveryBook.Given given) throws InterruptedException {
        String reason = orders.giveUp(trial) ? "given up by an operator; it had failed: " + trial.failure() : trial.failure();
        for (int i = 0; i < batch.size(); i++) {
            while (!tryToBury(batch.get(i), reason, trial.attempts())) {
                if (!orders.sleep(retry.longest())) {
                    return false;
                }
            }
            given.buried(i);
        }
        return true;
    }

    private boolean tryToBury(BrokerEvent event, String reason, int attempts) {
        Optional<String> identifier = event.header().identifier();
        try {
            long id = letters.bury(new DeadLetter(0, spec.name(), event.sequence(), identifier, event.content(), reason, attempts, Instant.now()));
            buried.increment();
            LOG.warn("dead letter {}: id={} position={} source={}: {} failed {} times, lastly: {}. \"dead-letters show {}\" tells more", id,
                    identifier.orElse("?"), event.sequence(), event.source(), spec.who(), attempts, reason, id);
            return true;
        } catch (IOException e) {
            LOG.error("a dead letter of {} cannot be written ({}); the lane waits", spec.who(), e.getMessage());
            return false;
        }
    }
}
