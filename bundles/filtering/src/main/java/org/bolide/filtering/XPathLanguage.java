package org.bolide.filtering;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;

import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.sxpath.XPathExpression;
import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Counters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * XPath 1.0. Filters are shared: who gives the same text with the same namespaces gets the same filter, as long as
 * anybody holds it. What nobody holds is forgotten, so that strangers cannot fill the memory with filters.
 */
@Component(
        service = {FilterLanguage.class, Counters.class},
        property = {FilterLanguage.LANGUAGE + "=xpath", "bolide.component=filtering"})
public final class XPathLanguage implements FilterLanguage, Counters {

    private final Engine engine = new Engine();
    private final FilterCounters counters = new FilterCounters();
    private final TreeBuilder trees = new TreeBuilder(engine, counters);
    private final Map<Key, Held> held = new HashMap<>();
    private final ReferenceQueue<XPathFilter> forgotten = new ReferenceQueue<>();

    @Activate
    public XPathLanguage() {
    }

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        Key key = new Key(text, Map.copyOf(namespaces));
        XPathFilter known = find(key);
        return known != null ? known : keep(key, compile(key));
    }

    private XPathFilter compile(Key key) throws FilterSyntaxException {
        try {
            String xpath = XPathGrammar.check(key.text, key.namespaces.keySet());
            XPathExpression expression = engine.compile(xpath, key.namespaces);
            counters.compiled.increment();
            return new XPathFilter(key.text, expression, trees, counters);
        } catch (FilterSyntaxException e) {
            counters.refused.increment();
            throw e;
        } catch (SaxonApiException e) {
            throw refused("the XPath engine does not take the filter: " + e.getMessage());
        } catch (StackOverflowError e) {
            // The stack is whole again once it has been unwound to here.
            throw refused("the filter is nested too deeply, or its paths have too many steps");
        }
    }

    private FilterSyntaxException refused(String why) {
        counters.refused.increment();
        return new FilterSyntaxException(why, -1);
    }

    private XPathFilter find(Key key) {
        synchronized (held) {
            Held known = held.get(key);
            return known == null ? null : known.get();
        }
    }

    /** The given filter, or the one that another thread has compiled meanwhile. */
    private XPathFilter keep(Key key, XPathFilter filter) {
        synchronized (held) {
            for (Object gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
                held.remove(((Held) gone).key, gone);
            }
            Held known = held.get(key);
            XPathFilter other = known == null ? null : known.get();
            if (other == null) {
                held.put(key, new Held(key, filter, forgotten));
            }
            return other == null ? filter : other;
        }
    }

    @Override
    public SortedMap<String, Long> counters() {
        return counters.counters();
    }

    private record Key(String text, Map<String, String> namespaces) {
    }

    private static final class Held extends WeakReference<XPathFilter> {

        private final Key key;

        Held(Key key, XPathFilter filter, ReferenceQueue<XPathFilter> forgotten) {
            super(filter, forgotten);
            this.key = key;
        }
    }
}
