package org.bolide.transport;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventReader;
import org.bolide.api.RelayPolicy;
import org.bolide.api.RelayPolicy.Audience;
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
    private static final int BATCH_EVENTS = 64;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int RETRY_SECONDS = 1;
    /** Who is resumed and had filters is given so long to ask for them again. */
    private static final int FILTERS_SECONDS = 5;
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** When a connection's filters take longer on an event, by the average, it is served by the threads apart. */
    private static final long COSTLY_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    /** When those of an address do together, all its connections are. */
    private static final long COSTLY_TOGETHER_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** New filters stay there for so many events, until it is known what they cost. */
    private static final int UNPROVEN_EVENTS = 16;
    private static final int AVERAGED_EVENTS = 8;
    private static final int MEASURED_DRAINS = 8;

    private static final Audience EVERYBODY = new Audience() {

        @Override
        public boolean mayReceive(BrokerEvent event) {
            return true;
        }

        @Override
        public Set<String> filterLanguages() {
            return Set.of(Languages.XPATH);
        }
    };

    private final SubscriberLink link;
    private final Broadcaster broadcaster;
    private final Peers.Peer peer;
    private final Serial work;

    // touched in work only
    private final Wishes wishes;
    private final Deque<BrokerEvent> batch = new ArrayDeque<>();
    private final Place place;
    private Audience audience = EVERYBODY;
    private boolean readFailed;
    /** The name of the request that is refused now. */
    private Optional<String> refusedName = Optional.empty();
    private boolean advancing;
    private ScheduledFuture<?> waiting;
    private Runnable settled = () -> { };
    /** How many filters have not let the first event of {@link #batch} pass, and what they took. */
    private int tried;
    private long triedNanos;
    private FilterSet costOf = FilterSet.EVERYTHING;
    private int unproven;
    private int unmeasured;
    /** What they cost on an event, by a moving average. */
    private long cost;

    private final Runnable draining = this::drain;
    private final Runnable waking = this::woken;

    private volatile boolean apart;
    /** Whether there is nothing to be tried, so that it takes but a moment to send what has come. */
    private volatile boolean light = true;

    Delivery(SubscriberLink link, Broadcaster broadcaster, Peers.Peer peer, Unsettled unsettled) {
        this.link = link;
        this.broadcaster = broadcaster;
        this.peer = peer;
        Node node = broadcaster.node();
        this.work = Serial.on(this::threads, link::close);
        this.wishes = new Wishes(link.inetAddress(), peer, audience.filterLanguages(), node, this::tellRefused);
        this.place = new Place(link, broadcaster, unsettled, new NameHolder());
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
                drain();
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
            tried = 0;
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
            batch.clear();
            costs(0);
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
        RelayPolicy policy = broadcaster.policy();
        audience = policy == null ? EVERYBODY : policy.audienceOf(broadcaster.name(), link.inetAddress());
        wishes.allow(audience.filterLanguages());
        settleLight();
    }

    private void settleLight() {
        light = !advancing && audience == EVERYBODY && costOf.filters().isEmpty();
    }

    /** Goes on with a subscriber whose request was waited for. */
    private void letGo(Runnable first) {
        if (place.isHeld() && !link.isOver()) {
            move(() -> {
                first.run();
                place.letGo();
                return Optional.empty();
            });
            drain();
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
                batch.clear();
                tried = 0;
                triedNanos = 0;
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
                    drain();
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
        drain();
    }

    /** Whether nothing can be sent to somebody who is remembered: its place waits until it has asked for filters that are good. */
    private boolean isStranded() {
        return wishes.inForce() == FilterSet.NOTHING && place.name().isPresent();
    }

    private void drain() {
        if (link.isOver() || !place.isReady() || wishes.holds() || isStranded() || link.hasEnough() || batch.isEmpty() && !poll()) {
            return;
        }
        long until = System.nanoTime() + SLICE_NANOS;
        FilterSet set = wishes.inForce();
        boolean measured = isMeasured(set);
        long began = measured ? CpuTime.ofThisThread() : 0;
        int known = 0;
        while (!batch.isEmpty() && !link.isOver() && place.isReady() && !isStranded()) {
            BrokerEvent event = batch.peek();
            Optional<Boolean> passes = judge(event, until);
            takeAway();
            if (passes.isEmpty()) {
                break;
            }
            batch.remove();
            known++;
            if (passes.get()) {
                link.deliver(event);
            }
            if (batch.isEmpty()) {
                tookOn(set, measured, began, known);
                link.flush();
                if (link.isOver()) {
                    return; // the events may not have been sent
                }
                place.reached(event.sequence());
                if (broadcaster.log().latest() <= event.sequence()) {
                    place.reader().onAvailable(waking);
                    return;
                }
            }
        }
        tookOn(set, measured, began, known);
        link.flush();
        wake(); // the others have their turn first
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
            broadcaster.node().timer().schedule(this::wake, RETRY_SECONDS, TimeUnit.SECONDS);
            return false;
        }
        place.tellMissed();
        if (batch.isEmpty()) {
            place.reached(latest); // what came was quiet
            place.reader().onAvailable(waking);
        }
        return !batch.isEmpty();
    }

    /** Whether the subscriber is sent the event; empty if the time is over before that is known, to go on later. */
    private Optional<Boolean> judge(BrokerEvent event, long until) {
        if (!broadcaster.roots().contains(event.header().root())) {
            return Optional.of(false);
        }
        if (tried == 0 && !audience.mayReceive(event)) {
            broadcaster.counters().count("held-back");
            LOG.debug("id={} position={} source={} is held back from {}", event.header().identifier().orElse("?"), event.sequence(),
                    event.source(), link.address);
            return Optional.of(false);
        }
        FilterSet set = wishes.inForce();
        if (set.filters().isEmpty()) {
            return Optional.of(set.everything());
        }
        boolean passes = false;
        while (!passes && tried < set.filters().size() && System.nanoTime() - until < 0 && !link.isOver()) {
            passes = set.filters().get(tried++).expression().matches(event);
        }
        if (!passes && tried < set.filters().size()) {
            return Optional.empty();
        }
        tried = 0;
        return Optional.of(passes);
    }

    /** Asking for a thread's time takes a while too: now and then will do for filters that are known to cost little. */
    private boolean isMeasured(FilterSet set) {
        return !set.filters().isEmpty() && (apart || tried > 0 || ++unmeasured % MEASURED_DRAINS == 0);
    }

    /** Filters were tried on so many events, and perhaps a part of them on one more. */
    private void tookOn(FilterSet set, boolean measured, long beganNanos, int events) {
        if (set != costOf || !measured && tried == 0) {
            return;
        }
        triedNanos += measured ? CpuTime.ofThisThread() - beganNanos : SLICE_NANOS;
        if (events > 0 && measured) {
            unproven = Math.max(0, unproven - events);
            costs(cost + (triedNanos / events - cost) * Math.min(events, AVERAGED_EVENTS) / AVERAGED_EVENTS);
            triedNanos = 0;
        }
    }

    private void takeAway() {
        int gone = wishes.takeAway();
        if (gone > 0) {
            broadcaster.counters().of("filters.overran").add(gone);
            settleCost();
        }
    }

    /** Other filters must show anew what they cost. */
    private void settleCost() {
        if (costOf != wishes.inForce()) {
            costOf = wishes.inForce();
            tried = 0;
            triedNanos = 0;
            unproven = UNPROVEN_EVENTS;
            costs(0);
        } else {
            costs(cost);
        }
    }

    private void costs(long now) {
        long ofAll = peer.filtersCost(now - cost);
        cost = now;
        settleLight();
        apart = advancing || !costOf.filters().isEmpty() && (unproven > 0 || cost > COSTLY_NANOS || ofAll > COSTLY_TOGETHER_NANOS);
    }

    private void tellRefused(String reason) {
        broadcaster.refused(link.address, reason);
        link.tellRefused(reason, refusedName);
        refusedName = Optional.empty();
    }
}
