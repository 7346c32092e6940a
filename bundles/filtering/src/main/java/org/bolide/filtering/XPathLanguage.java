package org.bolide.filtering;

import java.util.Map;

import net.sf.saxon.s9api.SaxonApiException;
import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** XPath 1.0. */
@Component(property = FilterLanguage.LANGUAGE + "=xpath")
public final class XPathLanguage implements FilterLanguage {

    private final FilterRegistry registry;
    private final Engine engine = new Engine();
    private final TreeBuilder trees;

    @Activate
    public XPathLanguage(@Reference FilterRegistry registry) {
        this.registry = registry;
        this.trees = new TreeBuilder(engine, registry.shared());
    }

    @Override
    public EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        return registry.share(this, text, namespaces, counters -> compile(text, namespaces, counters));
    }

    private Filter compile(String text, Map<String, String> namespaces, FilterCounters counters)
            throws FilterSyntaxException {
        try {
            String xpath = XPathGrammar.check(text, namespaces.keySet());
            return new XPathFilter(text, engine.compile(xpath, namespaces), trees, counters);
        } catch (SaxonApiException e) {
            throw new FilterSyntaxException("the XPath engine does not take the filter: " + e.getMessage(), -1);
        } catch (StackOverflowError e) {
            // The stack is whole again once it has been unwound to here.
            throw new FilterSyntaxException("the filter is nested too deeply, or its paths have too many steps", -1);
        }
    }
}
