package org.bolide.filtering.xquery;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.Vocabulary;
import org.bolide.filtering.FilterRegistry;
import org.bolide.filtering.Prefixes;
import org.bolide.filtering.sky.SkyFunction;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * XQuery 3.1. Filters know the prefixes {@code voe} and {@code sky} and those that vocabularies offer, beside those that are
 * given; with other vocabularies it is another service, and whoever filters compiles anew.
 */
@Component(property = FilterLanguage.LANGUAGE + "=xquery")
public final class XQueryLanguage implements FilterLanguage {

    private static final String VOE = "http://www.ivoa.net/xml/VOEvent/v2.0";

    private final FilterRegistry registry;
    private final Map<String, String> prefixes;
    /** Made for the first filter: it takes some tenths of a second, and most brokers have none in XQuery. */
    private QueryEngine engine;

    @Activate
    public XQueryLanguage(
            @Reference FilterRegistry registry,
            @Reference(target = "(" + Vocabulary.PREFIXES + "=*)", policyOption = ReferencePolicyOption.GREEDY)
                    Collection<Map.Entry<Map<String, Object>, Vocabulary>> vocabularies) {
        this(registry, Prefixes.of(vocabularies));
    }

    /** @param offered prefix to namespace */
    XQueryLanguage(FilterRegistry registry, Map<String, String> offered) {
        this.registry = registry;
        Map<String, String> all = new HashMap<>(Map.of("voe", VOE));
        all.putAll(offered);
        this.prefixes = Map.copyOf(all);
    }

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        Map<String, String> all = new HashMap<>(prefixes);
        all.putAll(namespaces);
        all.put(SkyFunction.PREFIX, SkyFunction.NAMESPACE);
        return registry.share(this, text, all, counters -> new XQueryFilter(text, all, engine(), counters));
    }

    private synchronized QueryEngine engine() {
        if (engine == null) {
            engine = new QueryEngine(registry.shared(), SkyCall.all());
        }
        return engine;
    }
}
