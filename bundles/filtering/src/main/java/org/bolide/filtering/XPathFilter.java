package org.bolide.filtering;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import net.sf.saxon.om.Item;
import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.sxpath.XPathExpression;
import net.sf.saxon.trans.XPathException;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.Explanation;
import org.bolide.filtering.TreeBuilder.EventTree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compiled XPath. The context node is the root element. An event passes if the value is true by XPath's own rule
 * (XPath 1.0, section 4.3, {@code boolean()}): a set that is not empty, a number other than 0 and NaN, a text that is
 * not empty.
 */
final class XPathFilter implements EventExpression {

    private static final Logger LOG = LoggerFactory.getLogger(XPathFilter.class);

    private final String text;
    private final XPathExpression expression;
    private final TreeBuilder trees;
    private final FilterCounters counters;
    private final AtomicBoolean failureLogged = new AtomicBoolean();

    XPathFilter(String text, XPathExpression expression, TreeBuilder trees, FilterCounters counters) {
        this.text = text;
        this.expression = expression;
        this.trees = trees;
        this.counters = counters;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public boolean matches(BrokerEvent event) {
        return event.derived(Verdicts.class, e -> new Verdicts()).of(this, event);
    }

    @Override
    public boolean overran() {
        return false;
    }

    @Override
    public List<String> select(BrokerEvent event) {
        List<String> values = new ArrayList<>();
        Optional<NodeInfo> root = event.derived(EventTree.class, trees::build).root();
        if (root.isPresent()) {
            try {
                for (Item item : expression.evaluate(expression.createDynamicContext(root.get()))) {
                    values.add(item.getStringValue());
                }
            } catch (XPathException e) {
                failed(event, e.toString());
                return List.of();
            }
        }
        return values;
    }

    @Override
    public Explanation explain(BrokerEvent event) {
        return new Explanation(text, select(event).toString(), List.of());
    }

    private boolean evaluate(BrokerEvent event) {
        counters.verdicts.increment();
        Optional<NodeInfo> root = event.derived(EventTree.class, trees::build).root();
        if (root.isEmpty()) {
            return false;
        }
        try {
            return expression.effectiveBooleanValue(expression.createDynamicContext(root.get()));
        } catch (XPathException | RuntimeException e) {
            failed(event, e.toString());
        } catch (StackOverflowError e) {
            // Saxon works on trees by recursion; the stack is whole again once it has been unwound to here.
            failed(event, "too deep a recursion");
        }
        return false;
    }

    private void failed(BrokerEvent event, String why) {
        counters.failed.increment();
        if (failureLogged.compareAndSet(false, true)) {
            LOG.debug("id={} position={} source={} does not pass a filter that fails: {} (filter {}; later failures are only"
                    + " counted)", event.header().identifier().orElse("-"), event.sequence(), event.source(), why, text);
        }
    }

    /** What the filters say of one event, kept with it: however many ask, each filter is evaluated once. */
    private static final class Verdicts {

        private final Map<XPathFilter, Verdict> verdicts = new ConcurrentHashMap<>();

        boolean of(XPathFilter filter, BrokerEvent event) {
            return verdicts.computeIfAbsent(filter, f -> new Verdict()).of(filter, event);
        }
    }

    private static final class Verdict {

        private Boolean passes;

        /** Locks only those out who would compute the same. */
        synchronized boolean of(XPathFilter filter, BrokerEvent event) {
            if (passes == null) {
                passes = filter.evaluate(event);
            }
            return passes;
        }
    }
}
