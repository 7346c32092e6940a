package org.bolide.transport;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.bolide.api.BrokerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log for one subscriber, from its place on, and sends what is for it: a batch at a time, and for a moment, so that the
 * others have their turn. Used in its delivery's work only.
 */
final class Feed {

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final int BATCH_EVENTS = 64;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int RETRY_SECONDS = 1;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final SubscriberLink link;
    private final Broadcaster broadcaster;
    private final Delivery delivery;
    private final Wishes wishes;
    private final Place place;
    private final Judge judge;
    private final FilterCost cost;
    private final Deque<BrokerEvent> batch = new ArrayDeque<>();
    private boolean readFailed;

    Feed(SubscriberLink link, Broadcaster broadcaster, Delivery delivery, Wishes wishes, Place place, Judge judge, FilterCost cost) {
        this.link = link;
        this.broadcaster = broadcaster;
        this.delivery = delivery;
        this.wishes = wishes;
        this.place = place;
        this.judge = judge;
        this.cost = cost;
    }

    /** What was read is not sent. */
    void drop() {
        batch.clear();
        judge.startOver();
        cost.startOver();
    }

    /** Sends what can be sent now; has itself run again when there is more. */
    void drain() {
        if (link.isOver() || !place.isReady() || wishes.holds() || isStranded() || link.hasEnough() || batch.isEmpty() && !poll()) {
            return;
        }
        long until = System.nanoTime() + SLICE_NANOS;
        FilterSet set = wishes.inForce();
        boolean measured = cost.isToBeMeasured(set, !delivery.isApart() && !judge.isHalfway());
        long began = measured ? CpuTime.ofThisThread() : 0;
        int known = 0;
        while (!batch.isEmpty() && !link.isOver() && place.isReady() && !isStranded()) {
            BrokerEvent event = batch.peek();
            Optional<Boolean> passes = judge.judge(event, wishes.inForce(), until);
            takeAway();
            if (passes.isEmpty()) {
                break;
            }
            batch.remove();
            known++;
            if (passes.get()) {
                link.outgoing().add(event);
            }
            if (batch.isEmpty()) {
                tookOn(set, measured, began, known);
                link.flush();
                if (link.isOver()) {
                    return; // the events may not have been sent
                }
                place.reached(event.sequence());
                if (broadcaster.log().latest() <= event.sequence()) {
                    place.reader().onAvailable(delivery.waking());
                    return;
                }
            }
        }
        tookOn(set, measured, began, known);
        link.flush();
        delivery.wake(); // the others have their turn first
    }

    /** Whether nothing can be sent to somebody who is remembered: its place waits until it has asked for filters that are good. */
    private boolean isStranded() {
        return wishes.inForce() == FilterSet.NOTHING && place.name().isPresent();
    }

    /** Whether there are events now; else {@link #drain} runs again when there are. */
    private boolean poll() {
        long latest = broadcaster.log().latest();
        try {
            batch.addAll(place.reader().poll(place.room(BATCH_EVENTS), BATCH_BYTES));
            readFailed = false;
        } catch (UncheckedIOException e) {
            if (!readFailed) {
                LOG.warn("{}: the log cannot be read for {}, trying again each second: {}", broadcaster.name(), link.address, e.getMessage());
            }
            readFailed = true;
            broadcaster.node().timer().schedule(delivery::wake, RETRY_SECONDS, TimeUnit.SECONDS);
            return false;
        }
        place.tellMissed();
        if (batch.isEmpty()) {
            place.reached(latest); // what came was quiet
            place.reader().onAvailable(delivery.waking());
        }
        return !batch.isEmpty();
    }

    /** Filters were tried on so many events, and perhaps a part of them on one more. */
    private void tookOn(FilterSet set, boolean measured, long beganNanos, int events) {
        if (measured && events > 0) {
            if (cost.tookOn(set, CpuTime.ofThisThread() - beganNanos, events)) {
                delivery.settle();
            }
        } else if (measured) {
            cost.spent(set, CpuTime.ofThisThread() - beganNanos);
        } else if (judge.isHalfway()) {
            cost.spent(set, SLICE_NANOS);
        }
    }

    private void takeAway() {
        int gone = wishes.takeAway();
        if (gone > 0) {
            broadcaster.counters().of("filters.overran").add(gone);
            delivery.settleCost();
        }
    }
}
