package org.bolide.filtering.xquery;

import java.util.Map;
import java.util.Optional;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.Literal;
import net.sf.saxon.expr.parser.CodeInjector;
import net.sf.saxon.expr.parser.OptimizerOptions;
import net.sf.saxon.lib.ExtensionFunctionDefinition;
import net.sf.saxon.om.NamespaceUri;
import net.sf.saxon.query.QueryModule;
import net.sf.saxon.query.StaticQueryContext;
import net.sf.saxon.query.XQueryExpression;
import net.sf.saxon.regex.ARegularExpression;
import net.sf.saxon.s9api.BuildingContentHandler;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.str.BMPString;
import net.sf.saxon.trans.XPathException;
import org.bolide.api.BrokerEvent;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.MalformedEventException;
import org.bolide.filtering.EventParser;
import org.bolide.filtering.FilterCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compiles queries and makes the trees that they run over. */
final class QueryEngine {

    static final int MAX_LENGTH = 8192;

    private static final Logger LOG = LoggerFactory.getLogger(QueryEngine.class);

    /** Hides literals from Saxon while it compiles. */
    private static final CodeInjector HIDE_LITERALS = new CodeInjector() {

        @Override
        public Expression injectDuringParsing(Expression expression) {
            if (!(expression instanceof Literal literal)) {
                return expression;
            }
            Constant constant = new Constant(literal);
            constant.setRetainedStaticContext(literal.getRetainedStaticContext());
            return constant;
        }
    };

    private final ClosedSaxon saxon = new ClosedSaxon();
    private final Processor processor = new Processor(saxon);
    private final EventParser parser = new EventParser();
    private final FilterCounters counters;

    /** @param functions what filters may call beside the functions of XQuery, all in the namespace of the prefix {@code sky} */
    QueryEngine(FilterCounters counters, Iterable<? extends ExtensionFunctionDefinition> functions) {
        this.counters = counters;
        functions.forEach(saxon::registerExtensionFunction);
    }

    Query compile(String text, Map<String, String> namespaces) throws FilterSyntaxException {
        if (text.length() > MAX_LENGTH) {
            throw new FilterSyntaxException("the filter has " + text.length() + " characters; " + MAX_LENGTH
                    + " is the limit", MAX_LENGTH);
        }
        try {
            return Compilation.of(() -> compileHere(text, namespaces));
        } catch (XPathException e) {
            throw QueryErrors.explained(e, text);
        } catch (Meter.Spent e) {
            throw new FilterSyntaxException(e.getMessage(), -1);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | LinkageError e) {
            LOG.debug("the XQuery engine does not take the filter {}", text, e);
            throw new FilterSyntaxException("the XQuery engine does not take the filter: " + e, -1);
        }
    }

    /** Saxon reads its tables of characters when first they are needed; here, where it finds them, and not within a run. */
    private static final class Tables {

        static {
            ARegularExpression.compile("\\p{L}\\p{IsBasicLatin}a", "i").containsMatch(BMPString.of("Aaa"));
        }

        static void load() {
            // By being asked for.
        }
    }

    private Query compileHere(String text, Map<String, String> namespaces) throws XPathException {
        Tables.load();
        StaticQueryContext context = saxon.newStaticQueryContext();
        // The same is thrown.
        context.setErrorReporter(error -> { });
        context.setCodeInjector(HIDE_LITERALS);
        // No optimiser: how long it takes is up to who wrote the query. What matters most, //name, is done where types are checked.
        context.setOptimizerOptions(new OptimizerOptions(0));
        context.setBaseURI("urn:x-bolide:filter");
        context.clearNamespaces();
        namespaces.forEach((prefix, uri) -> context.declareNamespace(prefix, NamespaceUri.of(uri)));
        QueryModule module = new FilterModule(context);
        FilterParser queryParser = (FilterParser) saxon.newExpressionParser("XQ", false, module);
        XQueryExpression query = queryParser.makeXQueryExpression(text, module, saxon);
        return new Query(query, queryParser.parts(text));
    }

    EventDocument document(BrokerEvent event) {
        return event.derived(EventDocument.class, this::build);
    }

    private EventDocument build(BrokerEvent event) {
        try {
            BuildingContentHandler tree = processor.newDocumentBuilder().newBuildingContentHandler();
            parser.parse(event.content(), tree);
            counters.trees.increment();
            return new EventDocument(Optional.of(tree.getDocumentNode().getUnderlyingNode()));
        } catch (MalformedEventException | SaxonApiException | RuntimeException e) {
            counters.treesFailed.increment();
            LOG.debug("id={} position={} source={} is matched by no filter: {}", event.header().identifier().orElse("-"),
                    event.sequence(), event.source(), e.getMessage());
            return new EventDocument(Optional.empty());
        }
    }
}
