package org.bolide.filtering;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import net.sf.saxon.om.Item;
import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.sxpath.XPathExpression;
import net.sf.saxon.trans.XPathException;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Explanation;
import org.bolide.filtering.TreeBuilder.EventTree;

/**
 * A compiled XPath. The context node is the root element. An event passes if the value is true by XPath's own rule
 * (XPath 1.0, section 4.3, {@code boolean()}): a set that is not empty, a number other than 0 and NaN, a text that is
 * not empty.
 */
final class XPathFilter extends Filter {

    private final XPathExpression expression;
    private final TreeBuilder trees;

    XPathFilter(String text, XPathExpression expression, TreeBuilder trees, FilterCounters counters) {
        super("xpath", text, counters);
        this.expression = expression;
        this.trees = trees;
    }

    @Override
    protected boolean passes(BrokerEvent event) throws EvaluationException {
        Optional<NodeInfo> root = event.derived(EventTree.class, trees::build).root();
        try {
            return root.isPresent() && expression.effectiveBooleanValue(expression.createDynamicContext(root.get()));
        } catch (XPathException e) {
            throw EvaluationException.failed(e.showErrorCode(), e.toString());
        }
    }

    @Override
    protected List<String> values(BrokerEvent event) throws EvaluationException {
        List<String> values = new ArrayList<>();
        Optional<NodeInfo> root = event.derived(EventTree.class, trees::build).root();
        if (root.isPresent()) {
            try {
                for (Item item : expression.evaluate(expression.createDynamicContext(root.get()))) {
                    values.add(item.getStringValue());
                }
            } catch (XPathException e) {
                throw EvaluationException.failed(e.showErrorCode(), e.toString());
            }
        }
        return values;
    }

    @Override
    public Explanation explain(BrokerEvent event) {
        return new Explanation(text(), select(event).toString(), List.of());
    }
}
