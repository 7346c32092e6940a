package org.bolide.filtering;

import java.util.List;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Explanation;
import org.bolide.filtering.xpath.Overrun;
import org.bolide.filtering.xpath.XPath;

/** A filter in XPath 1.0. */
final class XPathFilter extends Filter {

    private final XPath xpath;

    XPathFilter(String text, XPath xpath, FilterCounters counters) {
        super("xpath", text, counters);
        this.xpath = xpath;
    }

    @Override
    protected boolean excludes(BrokerEvent event) {
        return xpath.excludes(event);
    }

    @Override
    protected boolean passes(BrokerEvent event) throws EvaluationException {
        try {
            return xpath.passes(event);
        } catch (Overrun e) {
            throw EvaluationException.overran(e.getMessage());
        }
    }

    @Override
    protected List<String> values(BrokerEvent event) throws EvaluationException {
        try {
            return xpath.values(event);
        } catch (Overrun e) {
            throw EvaluationException.overran(e.getMessage());
        }
    }

    @Override
    public Explanation explain(BrokerEvent event) {
        return xpath.explain(event);
    }
}
