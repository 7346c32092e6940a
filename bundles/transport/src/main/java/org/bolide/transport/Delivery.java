package org.bolide.transport;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.bolide.api.EventReader;
import org.bolide.transport.Resumption.Left;
import org.bolide.transport.TransportMessage.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subscriber gets: a place in the log, whom the owner takes it for, and its filters. All of it happens one task
 * at a time, in {@link #work}, on the workers. What takes long, compiling filters and trying costly ones, happens on
 * threads apart, so that whoever sends such filters delays nobody but the others who do; and in small pieces, so that
 * those have their turn.
 */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    /** Who is resumed and had filters is given so long to ask for them again. */
    private static final int FILTERS_SECONDS = 5;

    private final SubscriberLink link;
    private final Broadcaster broadcaster;
    private final Serial work;

    // touched in work only
    private final Wishes wishes;
    private final Place place;
    private final Judge judge;
    private final FilterCost cost;
    private final Feed feed;
    /** The name of the request that is refused now. */
    private Optional<String> refusedName = Optional.empty();
    private boolean advancing;
    private ScheduledFuture<?> waiting;
    private Runnable settled = () -> { };
    private final Runnable draining;
    private final Runnable waking = this::woken;

    private volatile boolean apart;
    /** Whether there is nothing to be tried, so that it takes but a moment to send what has come. */
    private volatile boolean light = true;

    Delivery(SubscriberLink link, Broadcaster broadcaster, Peers.Peer peer, Unsettled unsettled) {
        this.link = link;
        this.broadcaster = broadcaster;
        Node node = broadcaster.node();
        this.work = Serial.on(this::threads, link::close);
        this.judge = new Judge(link, broadcaster);
        this.cost = new FilterCost(peer);
        this.wishes = new Wishes(link.inetAddress(), peer, judge.filterLanguages(), node, this::tellRefused);
        this.place = new Place(link, broadcaster, unsettled, new NameHolder());
        this.feed = new Feed(link, broadcaster, this, wishes, place, judge, cost);
        this.draining = feed::drain;
    }

    private Executor threads() {
        return apart ? broadcaster.node().filterThreads() : broadcaster.node().workers();
    }

    // from any thread

    /**
     * Takes its place at the end of the log, greets, and begins.
     *
     * @param left where it goes on instead
     */
    void open(Optional<Left> left) {
        work.execute(() -> {
            if (!link.isOver()) {
                joinAudience();
                // First the place, then the greeting: who has been greeted misses nothing.
                place.open(left);
                link.greet();
                if (left.isPresent() && left.get().filtered()) {
                    broadcaster.node().timer().schedule(() -> work.execute(() -> letGo(place::abandon)), FILTERS_SECONDS, TimeUnit.SECONDS);
                }
                feed.drain();
            }
        });
    }

    /** Whether the subscriber may ask for these filters now, see {@link #request}. */
    boolean mayAsk(List<Filter> filters) {
        return wishes.mayAsk(filters);
    }

    /**
     * The subscriber asks for these filters, and perhaps for more.
     *
     * @param then runs in {@link #work} when they are in force, refused, or must wait
     */
    void request(List<Filter> filters, Place.Wish wish, Runnable then) {
        work.execute(() -> {
            settled = then;
            boolean light = filters.isEmpty() && !wishes.isAsked();
            wishes.request(filters, () -> move(() -> take(wish)), broadcaster.config().maxFilters(), System.nanoTime());
            if (light && !advancing) { // there is nothing to be compiled
                step();
            } else {
                advance();
            }
        });
    }

    /** Runs something that takes its time, on the threads apart. */
    void apart(Runnable task) {
        work.execute(() -> {
            apart = true;
            work.execute(() -> {
                if (!link.isOver()) {
                    task.run();
                }
                settleCost();
            });
        });
    }

    /** A language of filters has come, gone or changed. */
    void languagesChanged() {
        work.execute(this::advance);
    }

    /** The owner's policy has come, gone or changed. */
    void policyChanged() {
        work.execute(() -> {
            joinAudience();
            judge.startOver();
            advance();
        });
    }

    void wake() {
        work.execute(draining);
    }

    /** Something has come, on a thread of the log. Where few are to be told they are served there: that is sooner done. */
    private void woken() {
        if (!light || !broadcaster.hasFew() || !work.tryRun(draining)) {
            wake();
        }
    }

    /** The connection is gone. */
    void close() {
        work.execute(() -> {
            place.close();
            if (waiting != null) {
                waiting.cancel(false); // it would keep what was asked for in memory
            }
            wishes.forget();
            feed.drop();
            link.outgoing().close();
            cost.forget();
            settle();
        });
    }

    /** The subscriber has answered something. */
    void answered() {
        if (place.answered()) {
            wake();
        }
    }

    /** Time passes. */
    void keepPlace() {
        if (place.isToKeep()) {
            work.execute(place::keep);
        }
    }

    /** Whether the subscriber has ever asked for a replay or to be remembered. */
    boolean isAsked() {
        return place.isAsked();
    }

    /** The name under which the subscriber is remembered. */
    Optional<String> name() {
        return place.name();
    }

    List<String> filters() {
        return wishes.inForce().texts();
    }

    Optional<String> filterFault() {
        return wishes.fault();
    }

    // in work

    private void joinAudience() {
        judge.joinAudience();
        wishes.allow(judge.filterLanguages());
        settleLight();
    }

    private void settleLight() {
        light = !advancing && judge.hasNoPolicy() && cost.set().filters().isEmpty();
    }

    /** What the filters cost has changed, which decides on which threads the subscriber is served. */
    void settle() {
        settleLight();
        apart = advancing || cost.isCostly();
    }

    /** The filters in force may be others: those must show anew what they cost. */
    void settleCost() {
        if (cost.settle(wishes.inForce())) {
            judge.startOver();
        }
        settle();
    }

    /** Whether the subscriber is served by the threads apart. */
    boolean isApart() {
        return apart;
    }

    /** What has the subscriber served when something has come. */
    Runnable waking() {
        return waking;
    }

    /** Goes on with a subscriber whose request was waited for. */
    private void letGo(Runnable first) {
        if (place.isHeld() && !link.isOver()) {
            move(() -> {
                first.run();
                place.letGo();
                return Optional.empty();
            });
            feed.drain();
        }
    }

    private Optional<String> take(Place.Wish wish) {
        Optional<String> refusal = place.take(wish);
        refusedName = refusal.isPresent() && place.name().isEmpty() ? wish.subscriber() : Optional.empty();
        return refusal;
    }

    /** Changes the place. What was read from the former one is not sent. */
    private <T> Optional<T> move(Supplier<Optional<T>> change) {
        EventReader before = place.reader();
        try {
            return change.get();
        } catch (UncheckedIOException | IllegalStateException e) {
            LOG.warn("{}: the log cannot be read for {}, which is disconnected: {}", broadcaster.name(), link.address, e.getMessage());
            link.close();
            return Optional.empty();
        } finally {
            if (place.reader() != before) {
                feed.drop();
            }
        }
    }

    private final class NameHolder implements Names.Holder {

        @Override
        public void mayOpen() {
            work.execute(() -> {
                if (!link.isOver()) {
                    move(() -> {
                        place.named();
                        return Optional.empty();
                    });
                    feed.drain();
                }
            });
        }

        @Override
        public void takenOver() {
            link.takenOver(place.name().orElse(""));
        }

        @Override
        public void stillUsed() {
            work.execute(place::stillUsed);
        }
    }

    /** Goes on with what was asked for, on the threads apart. */
    private void advance() {
        if (!advancing) {
            advancing = true;
            apart = true;
            light = false;
            work.execute(this::step);
        }
    }

    private void step() {
        if (!link.isOver() && wishes.advance()) {
            work.execute(this::step);
            return;
        }
        advancing = false;
        letGo(() -> { });
        settleCost();
        settled.run();
        settled = () -> { };
        long wait = wishes.waitNanos();
        if (wait > 0 && !link.isOver() && (waiting == null || waiting.isDone())) {
            LOG.debug("{}: {} must wait {} ms for its filters", broadcaster.name(), link.address, TimeUnit.NANOSECONDS.toMillis(wait));
            waiting = broadcaster.node().timer().schedule(() -> work.execute(() -> {
                waiting = null;
                advance();
            }), wait, TimeUnit.NANOSECONDS);
        }
        feed.drain();
    }

    private void tellRefused(String reason) {
        broadcaster.refused(link.address, reason);
        link.tellRefused(reason, refusedName);
        refusedName = Optional.empty();
    }
}
