package org.bolide.filtering.xquery;

import java.time.Instant;
import java.util.List;

import net.sf.saxon.expr.XPathContextMajor;
import net.sf.saxon.expr.elab.PullEvaluator;
import net.sf.saxon.expr.instruct.GlobalParameterSet;
import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.om.SequenceIterator;
import net.sf.saxon.query.XQueryExpression;
import net.sf.saxon.trans.UncheckedXPathException;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.tree.iter.ManualIterator;
import net.sf.saxon.value.DateTimeValue;
import org.bolide.api.BrokerEvent;
import org.bolide.filtering.EvaluationException;
import org.bolide.filtering.xquery.FilterParser.Part;

/** A compiled and metered query, shared by all threads. */
final class Query {

    /** Takes a query's result, while the meter runs. */
    @FunctionalInterface
    interface Taker<T> {

        T take(SequenceIterator result) throws XPathException;
    }

    /** Times without a time zone are in UTC, on whatever machine; no function gives the rest of it away. */
    private static final DateTimeValue NOW = DateTimeValue.fromJavaInstant(Instant.EPOCH);

    private final XQueryExpression compiled;
    private final PullEvaluator body;
    private final boolean hasVariables;
    private final List<Part> parts;

    Query(XQueryExpression compiled, List<Part> parts) throws XPathException {
        this.compiled = compiled;
        this.body = Metering.meter(compiled).makeElaborator().elaborateForPull();
        this.hasVariables = !compiled.getPackageData().getGlobalVariableList().isEmpty();
        this.parts = parts;
    }

    /** What the whole depends on by {@code or} or {@code and}; may be empty. */
    List<Part> parts() {
        return parts;
    }

    /** Runs the query over an event. */
    <T> T evaluate(BrokerEvent event, NodeInfo document, Taker<T> taker) throws EvaluationException {
        Meter meter = new Meter(Weight.nodes(document));
        meter.begin();
        try {
            Evaluation evaluation = new Evaluation(compiled.getConfiguration(), compiled.getExecutable(), event, meter);
            evaluation.setGlobalContextItem(document, true);
            evaluation.setCurrentDateTime(NOW);
            if (hasVariables) {
                evaluation.initializeController(new GlobalParameterSet());
            }
            XPathContextMajor context = evaluation.newXPathContext();
            context.setCurrentIterator(new ManualIterator(document));
            context.openStackFrame(compiled.getStackFrameMap());
            return taker.take(body.iterate(context));
        } catch (Meter.Spent e) {
            throw EvaluationException.overran(e.getMessage());
        } catch (UncheckedXPathException e) {
            throw failed(e.getXPathException(), meter);
        } catch (XPathException e) {
            throw failed(e, meter);
        } catch (RuntimeException e) {
            throw meter.isSpent() ? EvaluationException.overran(meter.why())
                    : EvaluationException.failed(e.getClass().getName(), e.toString());
        } finally {
            Meter.end();
        }
    }

    private static EvaluationException failed(XPathException e, Meter meter) {
        return meter.isSpent() ? EvaluationException.overran(meter.why())
                : EvaluationException.failed(String.valueOf(e.showErrorCode()), QueryErrors.oneLine(e.getMessage()));
    }
}
