package org.bolide.filtering.xquery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import net.sf.saxon.expr.parser.ExpressionTool;
import net.sf.saxon.om.FunctionItem;
import net.sf.saxon.om.Item;
import net.sf.saxon.om.NodeInfo;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.EvaluationException;
import org.bolide.filtering.Filter;
import org.bolide.filtering.FilterCounters;
import org.bolide.filtering.xquery.FilterParser.Part;

/**
 * A compiled XQuery. The context item is the document node. An event passes if the effective boolean value of the result
 * is true (XQuery 3.1, section 2.4.3); two atomic values have none, which is an error.
 */
final class XQueryFilter extends Filter {

    private static final int MAX_PARTS = 20;
    private static final int MAX_ITEMS = 5;
    private static final int MAX_CHARACTERS = 80;

    private final QueryEngine engine;
    private final Map<String, String> namespaces;
    private final Query query;

    XQueryFilter(String text, Map<String, String> namespaces, QueryEngine engine, FilterCounters counters)
            throws FilterSyntaxException {
        super("xquery", text, counters);
        this.engine = engine;
        this.namespaces = namespaces;
        this.query = engine.compile(text, namespaces);
    }

    @Override
    protected boolean passes(BrokerEvent event) throws EvaluationException {
        Optional<NodeInfo> document = engine.document(event).document();
        return document.isPresent() && query.evaluate(event, document.get(), ExpressionTool::effectiveBooleanValue);
    }

    @Override
    protected List<String> values(BrokerEvent event) throws EvaluationException {
        Optional<NodeInfo> document = engine.document(event).document();
        return document.isEmpty() ? List.of() : query.evaluate(event, document.get(), result -> {
            List<String> values = new ArrayList<>();
            for (Item item = result.next(); item != null; item = result.next()) {
                values.add(item.getStringValue());
            }
            return values;
        });
    }

    /** The whole, and each operand of the {@code or} or {@code and} that it is, if it is one; others are not taken apart. */
    @Override
    public Explanation explain(BrokerEvent event) {
        List<Explanation> parts = new ArrayList<>();
        for (Part part : query.parts().subList(0, Math.min(query.parts().size(), MAX_PARTS))) {
            String result;
            try {
                result = result(event, engine.compile(part.query(), namespaces));
            } catch (FilterSyntaxException e) {
                // As a whole it is a query, but not by itself.
                continue;
            }
            parts.add(new Explanation(part.expression(), result, List.of()));
        }
        return new Explanation(text(), result(event, query), parts);
    }

    private String result(BrokerEvent event, Query what) {
        Optional<NodeInfo> document = engine.document(event).document();
        if (document.isEmpty()) {
            return "error: the event cannot be read";
        }
        try {
            return what.evaluate(event, document.get(), result -> {
                List<String> texts = new ArrayList<>();
                int items = 0;
                int nodes = 0;
                for (Item item = result.next(); item != null; item = result.next()) {
                    items++;
                    nodes += item instanceof NodeInfo ? 1 : 0;
                    if (items <= MAX_ITEMS) {
                        texts.add(described(item));
                    }
                }
                if (items > MAX_ITEMS) {
                    texts.add("…");
                }
                return items == 0 ? "nothing" : items == 1 && nodes == 0 ? texts.get(0)
                        : items + (nodes == items ? items == 1 ? " node: " : " nodes: " : " items: ") + String.join(", ", texts);
            });
        } catch (EvaluationException e) {
            return (e.isOverrun() ? "ended: " : "error: ") + e.getMessage();
        } catch (StackOverflowError | OutOfMemoryError e) {
            return "ended: " + e;
        }
    }

    private static String described(Item item) {
        String text = item instanceof FunctionItem ? item.toShortString() : item.getStringValue().strip();
        return QueryErrors.shortened(text, MAX_CHARACTERS);
    }
}
