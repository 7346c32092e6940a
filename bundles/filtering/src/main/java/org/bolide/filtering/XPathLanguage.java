package org.bolide.filtering;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.Vocabulary;
import org.bolide.filtering.sky.SkyFunction;
import org.bolide.filtering.xpath.Trees;
import org.bolide.filtering.xpath.XPathEngine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * XPath 1.0. Filters know the prefix {@code sky} and those that vocabularies offer, beside those that are given; with other
 * prefixes or other settings it is another service, and whoever filters compiles anew.
 */
@Component(property = FilterLanguage.LANGUAGE + "=xpath", configurationPid = XPathLanguage.PID)
@Designate(ocd = XPathLanguage.Config.class)
public final class XPathLanguage implements FilterLanguage {

    static final String PID = "org.bolide.filtering";

    @ObjectClassDefinition(name = "Bolide filters", description = "What filters mean.")
    @interface Config {

        @AttributeDefinition(
                name = "NaN passes",
                description = "An XPath filter whose value is not a number (NaN), such as number(//nosuch), passes, as it"
                        + " does in Comet; otherwise it does not, as XPath 1.0 has it.")
        boolean nanPasses() default false;
    }

    private final FilterRegistry registry;
    private final XPathEngine engine;
    private final Map<String, String> prefixes;

    @Activate
    public XPathLanguage(
            @Reference FilterRegistry registry,
            @Reference(target = "(" + Vocabulary.PREFIXES + "=*)", policyOption = ReferencePolicyOption.GREEDY)
                    Collection<Map.Entry<Map<String, Object>, Vocabulary>> vocabularies,
            Config config) {
        this(registry, Prefixes.of(vocabularies), config.nanPasses());
    }

    /** Without vocabularies, and without a container. */
    public XPathLanguage(FilterRegistry registry) {
        this(registry, Map.of(), false);
    }

    private XPathLanguage(FilterRegistry registry, Map<String, String> offered, boolean nanPasses) {
        this.registry = registry;
        this.engine = new XPathEngine(
                new Trees(new EventParser()::parse, registry.shared().trees, registry.shared().treesFailed), nanPasses);
        this.prefixes = withSky(offered);
    }

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        Map<String, String> known = namespaces.isEmpty() ? prefixes : withSky(prefixes, namespaces);
        return registry.share(this, text, known,
                counters -> new XPathFilter(text, engine.compile(text, known), counters));
    }

    @SafeVarargs
    private static Map<String, String> withSky(Map<String, String>... prefixes) {
        Map<String, String> all = new HashMap<>();
        for (Map<String, String> some : prefixes) {
            all.putAll(some);
        }
        all.put(SkyFunction.PREFIX, SkyFunction.NAMESPACE);
        return Map.copyOf(all);
    }
}
