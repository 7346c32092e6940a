package org.bolide.web.watch;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.web.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All browsers that watch, served by a thread for each two cores. How many there may be is bounded, in all and for each address;
 * this machine's own counts for nobody, since tunnels and proxies end there. Safe for any number of threads.
 */
final class Watchers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchers.class);
    private static final long RETRY_MILLIS = 1_000;
    private static final long CLOSING_SECONDS = 5;

    /** What bounds them. */
    record Limits(int maxWatchers, int maxWatchersPerAddress, long keepAliveMillis, long stalledMillis) {}

    /**
     * What a browser asks for.
     *
     * @param address whose share of connections it takes; empty for this machine's own
     * @param filters names of filters; none for all events
     * @param after the place from which it goes on; empty for what comes from now on
     */
    record Wish(Optional<String> address, List<String> filters, OptionalLong after) {}

    private final EventLog log;
    private final FilterBook book;
    private final Limits limits;
    private final WatchPace pace = new WatchPace();
    private final ScheduledThreadPoolExecutor threads;
    private final Map<Watcher, Optional<String>> watchers = new ConcurrentHashMap<>();
    private final AtomicInteger watching = new AtomicInteger();
    private final LongAdder updates = new LongAdder();
    private final Runnable filtersChanged = this::wakeAll;

    // guarded by this
    private final Map<String, Integer> ofAddress = new HashMap<>();
    private boolean isClosed;

    Watchers(EventLog log, FilterBook book, Limits limits) {
        this.log = log;
        this.book = book;
        this.limits = limits;
        threads = new ScheduledThreadPoolExecutor(Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
                task -> new Thread(task, "web-watch"), new ThreadPoolExecutor.DiscardPolicy());
        long tickMillis = Math.max(50, limits.keepAliveMillis() / 4);
        threads.scheduleWithFixedDelay(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
        book.listen(filtersChanged);
    }

    /**
     * Lets a browser watch.
     *
     * @param begin makes the stream of the answer, when it is clear that there will be one
     * @throws Refusal if there are too many, or none of the filters is there
     */
    void watch(Wish wish, Callable<AlertStream> begin) throws Refusal, IOException {
        if (!wish.filters().isEmpty() && wish.filters().stream().allMatch(name -> book.find(name).isEmpty())) {
            throw FilterBook.unknown(wish.filters().get(0));
        }
        admit(wish.address());
        EventReader reader = null;
        Watcher watcher = null;
        try {
            reader = log.open(ReaderSpec.from(start(wish.after())));
            watcher = new Watcher(this, book, reader, stream(begin), wish.filters());
        } finally {
            if (watcher == null) {
                release(wish.address());
                if (reader != null) {
                    reader.close();
                }
            }
        }
        watchers.put(watcher, wish.address());
        try {
            watcher.open(RETRY_MILLIS + ThreadLocalRandom.current().nextLong(RETRY_MILLIS));
        } catch (IllegalStateException e) {
            watcher.close();
            throw e;
        }
        if (isClosed()) {
            watcher.close();
        }
    }

    private static AlertStream stream(Callable<AlertStream> begin) throws IOException {
        try {
            return begin.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whoever comes back goes on where it was: what was imported into the past meanwhile is no news. */
    private ReaderSpec.Start start(OptionalLong after) {
        boolean isThere = after.isPresent() && after.getAsLong() <= log.latest();
        return isThere ? new ReaderSpec.Start.Again(after.getAsLong()) : new ReaderSpec.Start.Latest();
    }

    private synchronized void admit(Optional<String> address) throws Refusal {
        if (isClosed) {
            throw new Refusal(503, "the page is being closed; try again later");
        } else if (watching.get() >= limits.maxWatchers()) {
            throw new Refusal(503, "as many browsers watch as may (maxWatchers); try again later");
        } else if (address.isPresent() && ofAddress.getOrDefault(address.get(), 0) >= limits.maxWatchersPerAddress()) {
            throw new Refusal(503, "as many browsers of your address watch as may (maxWatchersPerAddress); close one");
        }
        watching.incrementAndGet();
        address.ifPresent(from -> ofAddress.merge(from, 1, Integer::sum));
    }

    private synchronized void release(Optional<String> address) {
        watching.decrementAndGet();
        address.ifPresent(from -> ofAddress.computeIfPresent(from, (key, count) -> count == 1 ? null : count - 1));
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    /** How many watch just now. */
    int watching() {
        return watching.get();
    }

    /** How many texts were sent. */
    long updates() {
        return updates.sum();
    }

    private void wakeAll() {
        watchers.keySet().forEach(Watcher::wake);
    }

    private void tick() {
        long now = System.nanoTime();
        for (Watcher watcher : watchers.keySet()) {
            try {
                watcher.tick(now, TimeUnit.MILLISECONDS.toNanos(limits.keepAliveMillis()), TimeUnit.MILLISECONDS.toNanos(limits.stalledMillis()));
            } catch (RuntimeException e) {
                LOG.warn("A watching browser could not be looked after, and is left; this is a defect, please report it", e);
                watcher.close();
            }
        }
    }

    // what a watcher asks for and tells

    /** Runs a task on one of the threads when it is that time, by {@link System#nanoTime}; not any more when this is closed. */
    void run(Runnable task, long at) {
        threads.schedule(task, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    long intervalNanos() {
        return WatchPace.intervalNanos(watching.get());
    }

    long readOnAt(long spentNanos) {
        return pace.readOnAt(spentNanos);
    }

    void counted() {
        updates.increment();
    }

    void left(Watcher watcher) {
        Optional<String> address = watchers.remove(watcher);
        if (address != null) {
            release(address);
        }
    }

    /** Ends all answers; the browsers come back by themselves, with their places. */
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        book.unlisten(filtersChanged);
        threads.shutdownNow();
        watchers.keySet().forEach(Watcher::close);
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A filter of the page is still being evaluated, and is left to itself");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
