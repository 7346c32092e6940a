package org.bolide.web.watch;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One browser that watches: a place in the log and the names of filters. It has no thread and no queue: when there is something new, and
 * the time for its next update has come, a thread of {@link Watchers} reads a portion, and writes what passes. Until that has left,
 * nothing more is read for it.
 */
final class Watcher implements AlertStream.Owner {

    /** How many events are looked at for one update. */
    static final int MAX_EVENTS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final int PORTION_EVENTS = 32;
    private static final int PORTION_BYTES = 256 * 1024;
    private static final int MAX_TEXT = 128 * 1024;
    private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** For how long a filter may be unusable before it is watched no longer: at the start its language comes a little later. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private enum State {
        /** For something new, or a filter. */
        WAITING,
        /** For a thread. */
        DUE,
        /** A thread is at it. */
        READING,
        /** For the browser. */
        SENDING, CLOSED
    }

    private final Watchers all;
    private final FilterBook book;
    private final EventReader reader;
    private final AlertStream stream;
    private final boolean watchesAll;
    private final AtomicReference<State> state = new AtomicReference<>(State.SENDING);

    // by the thread whose state it is
    private final List<String> names;
    private long place;
    private long missed;
    private boolean endsNext;
    private long waitsSince;
    private boolean waits;
    private long readsOnAt = System.nanoTime();

    private volatile long sendingSince;
    private volatile long sentAt = System.nanoTime();

    /** @param names the filters; none for all events */
    Watcher(Watchers all, FilterBook book, EventReader reader, AlertStream stream, List<String> names) {
        this.all = all;
        this.book = book;
        this.reader = reader;
        this.stream = stream;
        this.names = new ArrayList<>(names);
        watchesAll = names.isEmpty();
        place = reader.place();
    }

    /** Begins; the browser is told where. */
    void open(long retryMillis) {
        sendingSince = System.nanoTime();
        stream.open(this, Alerts.beginning(place, retryMillis));
    }

    /** There may be something to do. Does not block. */
    void wake() {
        if (state.compareAndSet(State.WAITING, State.DUE)) {
            all.run(this::read, sentAt + all.intervalNanos());
        }
    }

    private void read() {
        if (!state.compareAndSet(State.DUE, State.READING)) {
            return;
        }
        long version = book.version();
        try {
            work(version);
        } catch (UncheckedIOException e) {
            LOG.debug("The log cannot be read for a watching browser, at {}; in a second again", place, e);
            due(State.READING, System.nanoTime() + RETRY_NANOS);
        } catch (RuntimeException e) {
            LOG.warn("A browser could not be told what it watches, from {} on; this is a defect, please report it", place, e);
            close();
        }
    }

    private void work(long version) {
        byte[] news = lostFilters();
        if (news.length > 0) {
            send(news);
            return;
        }
        if (waits) {
            await(version);
            return;
        }
        long began = System.nanoTime();
        Alerts alerts = new Alerts();
        boolean isBehind = readInto(alerts, began);
        byte[] update = alerts.upTo(place, newlyMissed());
        long now = System.nanoTime();
        readsOnAt = isBehind ? all.readOnAt(now - began) : now;
        if (update.length > 0) {
            send(update);
        } else if (isBehind) {
            due(State.READING, readsOnAt);
        } else {
            await(version);
        }
    }

    /** Reads and judges portions; returns whether there is more. */
    private boolean readInto(Alerts alerts, long began) {
        List<LiveFilter> filters = names.stream().flatMap(name -> book.find(name).stream()).filter(live -> live.expression().isPresent()).toList();
        int looked = 0;
        while (looked < MAX_EVENTS && alerts.size() < MAX_TEXT && System.nanoTime() - began < MAX_NANOS) {
            List<BrokerEvent> portion = reader.poll(PORTION_EVENTS, PORTION_BYTES);
            if (portion.isEmpty()) {
                return false;
            }
            for (BrokerEvent event : portion) {
                judge(event, filters, alerts);
            }
            looked += portion.size();
            place = portion.get(portion.size() - 1).sequence();
            reader.commit(place);
        }
        return true;
    }

    private void judge(BrokerEvent event, List<LiveFilter> filters, Alerts alerts) {
        List<String> passed = new ArrayList<>(filters.size());
        for (LiveFilter live : filters) {
            if (live.expression().orElseThrow().matches(event)) {
                passed.add(live.filter().name());
            } else if (live.expression().orElseThrow().overran()) {
                book.overran(live);
            }
        }
        if (watchesAll || !passed.isEmpty()) {
            alerts.add(event, passed);
        }
    }

    private long newlyMissed() {
        long before = missed;
        missed = reader.missed();
        return missed - before;
    }

    /** Tells of a filter that is watched no longer; nothing if all can be watched, or may soon be. */
    private byte[] lostFilters() {
        boolean someWait = false;
        for (String name : names) {
            Optional<LiveFilter> live = book.find(name);
            if (live.isEmpty() || live.get().isLost() || isTiredOf(live.get())) {
                names.remove(name);
                endsNext = names.isEmpty();
                return Alerts.lost(name, live.flatMap(LiveFilter::fault).orElse("there is no filter of this name any more"), place);
            }
            someWait |= live.get().isWaiting();
        }
        if (someWait && !waits) {
            waitsSince = System.nanoTime();
        }
        waits = someWait;
        return new byte[0];
    }

    private boolean isTiredOf(LiveFilter live) {
        return live.isWaiting() && waits && System.nanoTime() - waitsSince > PATIENCE_NANOS;
    }

    /** Waits for something new; after a change of the filters meanwhile it looks again. */
    private void await(long version) {
        boolean forFilter = waits;
        if (state.compareAndSet(State.READING, State.WAITING)) {
            if (!forFilter) {
                reader.onAvailable(this::wake);
            }
            if (book.version() != version) {
                wake();
            }
        }
    }

    private void due(State from, long at) {
        if (state.compareAndSet(from, State.DUE)) {
            all.run(this::read, at);
        }
    }

    private void send(byte[] text) {
        sendingSince = System.nanoTime();
        if (state.compareAndSet(State.READING, State.SENDING)) {
            stream.send(text);
        }
    }

    @Override
    public void sent() {
        sentAt = System.nanoTime();
        all.counted();
        if (endsNext) {
            close();
        } else {
            long next = sentAt + all.intervalNanos();
            due(State.SENDING, readsOnAt - next > 0 ? readsOnAt : next);
        }
    }

    /** Keeps the connection alive, ends it if the browser takes nothing any more. Called every few seconds. */
    void tick(long now, long aliveNanos, long stalledNanos) {
        State is = state.get();
        if (is == State.SENDING && now - sendingSince > stalledNanos) {
            LOG.debug("A watching browser takes nothing any more; it may come back, at {}", place);
            close();
        } else if (is == State.WAITING && now - sentAt > aliveNanos) {
            if (state.compareAndSet(State.WAITING, State.READING)) {
                byte[] lost = lostFilters();
                send(lost.length > 0 ? lost : Alerts.nothing(place));
            }
        }
    }

    /** Ends the connection and the reader; the browser may come back. Repeated calls do nothing. */
    void close() {
        stream.close();
        gone();
    }

    @Override
    public void gone() {
        if (state.getAndSet(State.CLOSED) != State.CLOSED) {
            reader.close();
            all.left(this);
        }
    }
}
