package org.bolide.filtering.xquery;

import java.util.ArrayList;
import java.util.List;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.GeneralComparison;
import net.sf.saxon.expr.XPathContext;
import net.sf.saxon.expr.elab.BooleanElaborator;
import net.sf.saxon.expr.elab.BooleanEvaluator;
import net.sf.saxon.expr.elab.Elaborator;
import net.sf.saxon.expr.elab.PullEvaluator;
import net.sf.saxon.expr.parser.RebindingMap;
import net.sf.saxon.expr.parser.RetainedStaticContext;
import net.sf.saxon.expr.sort.AtomicComparer;
import net.sf.saxon.om.Item;
import net.sf.saxon.om.SequenceIterator;
import net.sf.saxon.trans.UncheckedXPathException;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.value.AtomicValue;
import net.sf.saxon.value.BooleanValue;
import net.sf.saxon.value.NumericValue;
import net.sf.saxon.value.StringValue;

/** A comparison of all with all, such as {@code //a = //b}, which pays for each pair; Saxon's own would go through them all unseen. */
final class MeteredComparison extends Metered {

    /** To compare dates and durations takes Saxon about so many times as long as numbers. */
    private static final int DATE = 8;

    MeteredComparison(GeneralComparison comparison) {
        super(comparison, Weight.ITEM);
    }

    @Override
    public int getImplementationMethod() {
        return EVALUATE_METHOD;
    }

    @Override
    public Expression copy(RebindingMap rebindings) {
        return new MeteredComparison((GeneralComparison) getBaseExpression().copy(rebindings));
    }

    @Override
    public Elaborator getElaborator() {
        return new ComparisonElaborator();
    }

    private static final class ComparisonElaborator extends BooleanElaborator {

        @Override
        public BooleanEvaluator elaborateForBoolean() {
            GeneralComparison comparison = (GeneralComparison) ((Metered) getExpression()).getBaseExpression();
            PullEvaluator left = comparison.getLhsExpression().makeElaborator().elaborateForPull();
            PullEvaluator right = comparison.getRhsExpression().makeElaborator().elaborateForPull();
            return context -> {
                Meter meter = Evaluation.of(context).meter;
                meter.charge(1);
                meter.enter();
                try {
                    return compare(comparison, left.iterate(context), right.iterate(context), context, meter);
                } catch (UncheckedXPathException e) {
                    throw e.getXPathException().maybeWithLocation(comparison.getLocation());
                } catch (XPathException e) {
                    throw e.maybeWithLocation(comparison.getLocation());
                } finally {
                    meter.leave();
                }
            };
        }

        private static boolean compare(GeneralComparison comparison, SequenceIterator left, SequenceIterator right,
                XPathContext context, Meter meter) throws XPathException {
            AtomicComparer comparer = comparison.getAtomicComparer().provideContext(context);
            RetainedStaticContext statics = comparison.getRetainedStaticContext();
            int operator = comparison.getSingletonOperator();
            boolean check = comparison.needsRuntimeCheck();
            List<AtomicValue> others = new ArrayList<>();
            for (Item other = right.next(); other != null; other = right.next()) {
                others.add((AtomicValue) other);
            }
            for (Item item = others.isEmpty() ? null : left.next(); item != null; item = left.next()) {
                AtomicValue value = (AtomicValue) item;
                for (AtomicValue other : others) {
                    meter.charge(1 + cost(value) + cost(other));
                    if (GeneralComparison.compare(value, operator, other, comparer, check, context, statics)) {
                        left.close();
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static long cost(AtomicValue value) {
        return value instanceof StringValue text ? text.getContent().length() / Meter.CHARACTERS
                : value instanceof NumericValue ? 0 : DATE;
    }

    @Override
    public BooleanValue evaluateItem(XPathContext context) throws XPathException {
        return BooleanValue.get(makeElaborator().elaborateForBoolean().eval(context));
    }
}
