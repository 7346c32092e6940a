package org.bolide.filtering;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Counters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The filters of all languages. They are shared: who gives the same text with the same namespaces gets the same filter,
 * as long as anybody holds it. What nobody holds is forgotten, so that strangers cannot fill the memory with filters.
 */
@Component(service = {FilterRegistry.class, Counters.class}, property = "bolide.component=filtering")
public final class FilterRegistry implements Counters {

    /** Makes one filter. */
    @FunctionalInterface
    public interface Compiler {

        Filter compile(FilterCounters counters) throws FilterSyntaxException;
    }

    private final FilterCounters counters = new FilterCounters();
    private final Map<Key, Held> held = new HashMap<>();
    private final ReferenceQueue<Filter> forgotten = new ReferenceQueue<>();
    /** Set while {@link #apart} compiles on this thread. */
    private final ThreadLocal<FilterCounters> apart = new ThreadLocal<>();

    @Activate
    public FilterRegistry() {
    }

    /**
     * The filter that somebody holds, or a new one.
     *
     * @param language by which it is told apart from filters of other languages, and of the same one with other settings
     * @param namespaces all that the filter may use, the language's own included
     * @param compiler runs without a lock
     */
    public Filter share(FilterLanguage language, String text, Map<String, String> namespaces, Compiler compiler)
            throws FilterSyntaxException {
        FilterCounters own = apart.get();
        if (own != null) {
            return compiler.compile(own);
        }
        Key key = new Key(language, text, Map.copyOf(namespaces));
        synchronized (held) {
            Held known = held.get(key);
            Filter filter = known == null ? null : known.get();
            if (filter != null) {
                return filter;
            }
        }
        try {
            Filter filter = compiler.compile(counters);
            counters.compiled.increment();
            return keep(key, filter);
        } catch (FilterSyntaxException e) {
            counters.refused.increment();
            throw e;
        }
    }

    /**
     * A filter of the caller's own, to try it: neither shared nor among {@link #filters()}, and what it does counts for
     * no one else. The language need not know.
     */
    EventExpression apart(FilterLanguage language, String text, Map<String, String> namespaces) throws FilterSyntaxException {
        apart.set(new FilterCounters());
        try {
            return language.compile(text, namespaces);
        } finally {
            apart.remove();
        }
    }

    /** The given filter, or the one that another thread has compiled meanwhile. */
    private Filter keep(Key key, Filter filter) {
        synchronized (held) {
            for (Object gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
                held.remove(((Held) gone).key, gone);
            }
            Held known = held.get(key);
            Filter other = known == null ? null : known.get();
            if (other == null) {
                held.put(key, new Held(key, filter, forgotten));
            }
            return other == null ? filter : other;
        }
    }

    /** The filters that anybody holds, in no order; some that nobody holds any more may be among them. */
    public List<Filter> filters() {
        synchronized (held) {
            return held.values().stream().<Filter>map(WeakReference::get).filter(Objects::nonNull).toList();
        }
    }

    /** What the filters count together, for what makes trees. */
    public FilterCounters shared() {
        return counters;
    }

    @Override
    public SortedMap<String, Long> counters() {
        return counters.counters();
    }

    private record Key(FilterLanguage language, String text, Map<String, String> namespaces) {
    }

    private static final class Held extends WeakReference<Filter> {

        private final Key key;

        Held(Key key, Filter filter, ReferenceQueue<Filter> forgotten) {
            super(filter, forgotten);
            this.key = key;
        }
    }
}
