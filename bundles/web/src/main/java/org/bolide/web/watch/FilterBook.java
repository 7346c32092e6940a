package org.bolide.web.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.KeptState;
import org.bolide.web.http.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The filters of the page: kept across restarts, compiled while their language is there, taken away when one costs too much. Who
 * watches looks a filter up by its name each time, without a lock; changes are made one at a time. Safe for any number of threads.
 */
final class FilterBook {

    /** Where the filters are kept. */
    static final String KIND = "page-filter";

    private static final Logger LOG = LoggerFactory.getLogger(FilterBook.class);
    private static final String COSTLY = "costs too much: at an event it had to be ended; delete it and register a simpler one";

    /** What somebody asks to be registered. */
    record Wish(String name, String language, String text, Optional<RemoteBroker> remote) {}

    private final KeptState state;
    private final FilterLanguages languages;
    private final RemoteSubscriptions remotes;
    private final Executor thread;
    private final InstantSource clock;
    private final int maxFilters;
    private final SortedMap<String, LiveFilter> filters = new ConcurrentSkipListMap<>();
    private final AtomicLong version = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** @param thread for what may take its time: compiling all anew, the disk */
    FilterBook(KeptState state, FilterLanguages languages, RemoteSubscriptions remotes, Executor thread, InstantSource clock, int maxFilters) {
        this.state = state;
        this.languages = languages;
        this.remotes = remotes;
        this.thread = thread;
        this.clock = clock;
        this.maxFilters = maxFilters;
        state.read(KIND).forEach(this::load);
        subscribe();
    }

    private void load(String name, String kept) {
        try {
            filters.put(name, compiled(PageFilter.read(name, kept)));
        } catch (IllegalArgumentException e) {
            LOG.warn("{}; register it again", e.getMessage());
        }
    }

    private LiveFilter compiled(PageFilter filter) {
        if (filter.takenAway().isPresent()) {
            return LiveFilter.lost(filter, filter.takenAway().get());
        }
        if (!languages.has(filter.language())) {
            return LiveFilter.waiting(filter, "waits: " + languages.unknown(filter.language()));
        }
        try {
            return LiveFilter.compiled(filter, languages.compile(filter.language(), filter.text()));
        } catch (FilterSyntaxException e) {
            return LiveFilter.waiting(filter, "cannot be used any more: " + e.getMessage());
        }
    }

    /** All filters, by name. */
    List<LiveFilter> all() {
        return List.copyOf(filters.values());
    }

    Optional<LiveFilter> find(String name) {
        return Optional.ofNullable(filters.get(name));
    }

    /** Another number after each change. */
    long version() {
        return version.get();
    }

    /** Has {@code changed} run after each change, on any thread; it must not block. */
    void listen(Runnable changed) {
        listeners.add(changed);
    }

    void unlisten(Runnable changed) {
        listeners.remove(changed);
    }

    private void changed() {
        version.incrementAndGet();
        listeners.forEach(Runnable::run);
    }

    /** A language has come or gone: all are compiled anew, soon. */
    void languagesChanged() {
        thread.execute(() -> {
            compileAll();
            changed();
        });
    }

    private synchronized void compileAll() {
        filters.replaceAll((name, filter) -> compiled(filter.filter()));
    }

    /** What an operator subscribes to has changed: a remote broker may need a subscription of ours, or none any more. */
    void subscriptionsChanged() {
        thread.execute(this::subscribe);
    }

    private synchronized void subscribe() {
        try {
            remotes.provideFor(filters.values().stream().map(LiveFilter::filter).toList());
        } catch (IOException e) {
            LOG.error("The remote brokers that the page's filters name cannot be subscribed to: {}", e.getMessage());
        }
    }

    /**
     * Registers a filter. When this returns it is kept.
     *
     * @return the key for its deletion
     */
    synchronized String register(Wish wish) throws Refusal {
        if (!PageFilter.isName(wish.name())) {
            throw new Refusal(400, "a filter's name has 1 to 64 of the letters A to Z and a to z, digits, and . _ -");
        } else if (filters.containsKey(wish.name())) {
            throw new Refusal(409, "there is a filter \"" + wish.name() + "\" already; take another name, or delete that one");
        } else if (filters.size() >= maxFilters) {
            throw new Refusal(409, "there are " + maxFilters + " filters, and more are not allowed (maxFilters); delete one first");
        }
        EventExpression expression;
        try {
            expression = languages.compile(wish.language(), wish.text());
        } catch (FilterSyntaxException e) {
            throw WrongFilter.of(e);
        }
        if (expression.overran()) {
            throw new Refusal(409, "this filter costs too much: at an event it had to be ended; write a simpler one");
        }
        String key = FilterKey.make();
        PageFilter filter = new PageFilter(wish.name(), wish.language(), wish.text(), wish.remote(), clock.instant().truncatedTo(ChronoUnit.MILLIS), FilterKey.digest(key),
                Optional.empty());
        keep(wish.name(), Optional.of(filter));
        filters.put(wish.name(), LiveFilter.compiled(filter, expression));
        try {
            remotes.provideFor(filters.values().stream().map(LiveFilter::filter).toList());
        } catch (IOException e) {
            filters.remove(wish.name());
            keep(wish.name(), Optional.empty());
            throw new Refusal(500, "the broker cannot subscribe to " + wish.remote().map(RemoteBroker::toString).orElse("remote brokers") + ": "
                    + e.getMessage());
        }
        changed();
        return key;
    }

    /**
     * Deletes a filter.
     *
     * @param key what {@link #register} gave, from whoever has it
     * @param isAdmin whether no key is needed
     */
    synchronized void delete(String name, Optional<String> key, boolean isAdmin) throws Refusal {
        LiveFilter there = find(name).orElseThrow(() -> unknown(name));
        if (!isAdmin && key.filter(given -> FilterKey.fits(given, there.filter().keyDigest())).isEmpty()) {
            throw new Refusal(403, key.isEmpty() ? "a filter is deleted where it was registered, by its key, or by a user with the role admin"
                    : "this is not the key of the filter \"" + name + "\"");
        }
        keep(name, Optional.empty());
        filters.remove(name);
        subscribe();
        changed();
    }

    static Refusal unknown(String name) {
        return new Refusal(404, "there is no filter \"" + name + "\"");
    }

    /** Takes a filter away, at once and for good: an evaluation had to be ended. Does not block. */
    void overran(LiveFilter costly) {
        LiveFilter lost = LiveFilter.lost(costly.filter(), COSTLY);
        if (filters.replace(costly.filter().name(), costly, lost)) {
            LOG.warn("The page's filter \"{}\" is taken away: it {}", costly.filter().name(), COSTLY);
            changed();
            thread.execute(() -> keepLost(lost));
        }
    }

    private synchronized void keepLost(LiveFilter lost) {
        if (filters.get(lost.filter().name()) != lost) {
            return;
        }
        try {
            keep(lost.filter().name(), Optional.of(lost.filter()));
        } catch (Refusal e) {
            LOG.warn("That the page's filter \"{}\" was taken away is forgotten by a restart: {}", lost.filter().name(), e.getMessage());
        }
        subscribe();
    }

    private void keep(String name, Optional<PageFilter> filter) throws Refusal {
        try {
            state.write(KIND, Map.of(name, filter.map(PageFilter::kept)));
        } catch (UncheckedIOException e) {
            throw new Refusal(503, "the log cannot be written just now: " + e.getMessage());
        }
    }
}
