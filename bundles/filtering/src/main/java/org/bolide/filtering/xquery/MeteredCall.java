package org.bolide.filtering.xquery;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.Operand;
import net.sf.saxon.expr.SystemFunctionCall;
import net.sf.saxon.expr.elab.Elaborator;
import net.sf.saxon.expr.elab.PullElaborator;
import net.sf.saxon.expr.elab.PullEvaluator;
import net.sf.saxon.expr.elab.SequenceEvaluator;
import net.sf.saxon.expr.parser.RebindingMap;
import net.sf.saxon.functions.SystemFunction;
import net.sf.saxon.om.Sequence;
import net.sf.saxon.trans.XPathException;
import org.bolide.filtering.xquery.Functions.Cost;

/** A call of a function whose cost is in its arguments taken together: all of them are computed, and paid, before. */
final class MeteredCall extends Metered {

    private final Cost cost;

    MeteredCall(SystemFunctionCall call, Cost cost) {
        super(call, Weight.ITEM);
        this.cost = cost;
    }

    @Override
    public Expression copy(RebindingMap rebindings) {
        return new MeteredCall((SystemFunctionCall) getBaseExpression().copy(rebindings), cost);
    }

    @Override
    public Elaborator getElaborator() {
        return new CallElaborator();
    }

    private static final class CallElaborator extends PullElaborator {

        @Override
        public PullEvaluator elaborateForPull() {
            MeteredCall metered = (MeteredCall) getExpression();
            SystemFunctionCall call = (SystemFunctionCall) metered.getBaseExpression();
            SystemFunction function = call.getTargetFunction();
            SequenceEvaluator[] arguments = new SequenceEvaluator[call.getArity()];
            int i = 0;
            for (Operand operand : call.operands()) {
                arguments[i++] = operand.getChildExpression().makeElaborator().eagerly();
            }
            return context -> {
                Meter meter = Evaluation.of(context).meter;
                meter.enter();
                try {
                    Sequence[] values = new Sequence[arguments.length];
                    for (int j = 0; j < values.length; j++) {
                        values[j] = arguments[j].evaluate(context);
                    }
                    return new Items(MeteredFunction.call(function, metered.cost, context, values, meter).iterate(),
                            metered.weight, meter);
                } catch (XPathException e) {
                    throw e.maybeWithLocation(call.getLocation());
                } finally {
                    meter.leave();
                }
            };
        }
    }
}
