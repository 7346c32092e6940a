package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;

/**
 * A compiled XPath, evaluated with an event's root element as context node. Immutable. What an evaluation may cost is
 * bounded; one that reaches the bound ends in {@link Overrun}, the same on any machine. There is no other error: whatever
 * is wrong with an XPath is found when it is compiled.
 */
public final class XPath {

    private static final TokenReader.Spans NO_SPANS = (part, start, end) -> { };

    private final String text;
    private final Map<String, String> namespaces;
    private final XPathEngine engine;
    private final Expr expression;
    private final Name[] names;
    private final boolean usesNamespaces;
    private final Optional<Index.Entry> entry;

    XPath(String text, Map<String, String> namespaces, XPathEngine engine) throws FilterSyntaxException {
        this.text = text;
        this.namespaces = namespaces;
        this.engine = engine;
        Parser.Parsed parsed = Parser.parse(text, namespaces, NO_SPANS);
        this.expression = parsed.expression();
        this.names = parsed.names().toArray(new Name[0]);
        this.usesNamespaces = parsed.usesNamespaces();
        this.entry = engine.index().add(this, parsed);
    }

    /** Whether it is known without an evaluation that the event does not pass. */
    public boolean excludes(BrokerEvent event) {
        return entry.isPresent() && tree(event).map(tree -> engine.index().excludes(entry.get(), event, tree)).orElse(true);
    }

    /** Whether the value is true: a set that is not empty, a number other than 0, a text that is not empty. */
    public boolean passes(BrokerEvent event) {
        Optional<Tree> tree = tree(event);
        if (tree.isEmpty()) {
            return false;
        }
        Focus root = root(event, tree.get());
        if (expression.type() == Type.NUMBER) {
            double number = expression.number(root);
            return Double.isNaN(number) ? engine.nanPasses() : number != 0;
        }
        return expression.test(root);
    }

    /** The text of each node that is selected, in document order, or of the value. */
    public List<String> values(BrokerEvent event) {
        Optional<Tree> tree = tree(event);
        if (tree.isEmpty()) {
            return List.of();
        }
        Focus root = root(event, tree.get());
        if (!(expression instanceof Expr.OfNodes nodes)) {
            return List.of(expression.string(root));
        }
        List<String> values = new ArrayList<>();
        nodes.nodes(root).any(n -> !values.add(root.run.string(n)));
        return values;
    }

    /** What each part of it gave. */
    public Explanation explain(BrokerEvent event) {
        Optional<Tree> tree = tree(event);
        if (tree.isEmpty()) {
            return new Explanation(text, "the event cannot be read", List.of());
        }
        Explainer explainer = new Explainer(text, () -> new Run(event, tree.get(), names));
        try {
            // Once more, for only now does it matter where the parts stand.
            Explanation explained = explainer.explain(Parser.parse(text, namespaces, explainer::written).expression());
            return !explained.result().equals("NaN") ? explained
                    : new Explanation(text, engine.nanPasses() ? "NaN, which passes here" : "NaN, which does not pass", explained.parts());
        } catch (FilterSyntaxException e) {
            throw new IllegalStateException("it has been compiled once", e);
        }
    }

    Type type() {
        return expression.type();
    }

    private Optional<Tree> tree(BrokerEvent event) {
        return engine.trees().of(event, usesNamespaces);
    }

    private Focus root(BrokerEvent event, Tree tree) {
        return new Focus(new Run(event, tree, names), tree.root());
    }
}
