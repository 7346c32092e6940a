package org.bolide.filtering.xquery;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.OperandRole;
import net.sf.saxon.expr.UnaryExpression;
import net.sf.saxon.expr.XPathContext;
import net.sf.saxon.expr.elab.BooleanEvaluator;
import net.sf.saxon.expr.elab.Elaborator;
import net.sf.saxon.expr.elab.ItemEvaluator;
import net.sf.saxon.expr.elab.MemoClosureEvaluator;
import net.sf.saxon.expr.elab.PullElaborator;
import net.sf.saxon.expr.elab.PullEvaluator;
import net.sf.saxon.expr.elab.SequenceEvaluator;
import net.sf.saxon.expr.parser.RebindingMap;
import net.sf.saxon.om.Item;
import net.sf.saxon.om.SequenceIterator;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.type.ItemType;

/**
 * An expression that pays: a step for each evaluation, and what each item weighs. It is put around nearly every expression
 * of a query when it is compiled.
 */
class Metered extends UnaryExpression {

    final Weight weight;
    private final int steps;

    Metered(Expression base, Weight weight) {
        this(base, weight, 1);
    }

    /** @param steps what each evaluation costs */
    Metered(Expression base, Weight weight, int steps) {
        super(base);
        this.weight = weight;
        this.steps = steps;
        setRetainedStaticContext(base.getRetainedStaticContext());
    }

    /** Whether one that asks for more may stand in its place. */
    boolean isPlain() {
        return getClass() == Metered.class && weight == Weight.ITEM && steps == 1;
    }

    @Override
    protected OperandRole getOperandRole() {
        return OperandRole.SAME_FOCUS_ACTION;
    }

    @Override
    public ItemType getItemType() {
        return getBaseExpression().getItemType();
    }

    @Override
    public int getImplementationMethod() {
        return ITERATE_METHOD | EVALUATE_METHOD;
    }

    @Override
    public String getExpressionName() {
        return "metered";
    }

    @Override
    public Expression copy(RebindingMap rebindings) {
        return new Metered(getBaseExpression().copy(rebindings), weight, steps);
    }

    @Override
    public SequenceIterator iterate(XPathContext context) throws XPathException {
        return makeElaborator().elaborateForPull().iterate(context);
    }

    @Override
    public Item evaluateItem(XPathContext context) throws XPathException {
        return makeElaborator().elaborateForItem().eval(context);
    }

    @Override
    public Elaborator getElaborator() {
        return new MeteredElaborator();
    }

    private static final class MeteredElaborator extends PullElaborator {

        private Elaborator base() {
            return ((Metered) getExpression()).getBaseExpression().makeElaborator();
        }

        private int steps() {
            return ((Metered) getExpression()).steps;
        }

        @Override
        public PullEvaluator elaborateForPull() {
            Weight weight = ((Metered) getExpression()).weight;
            int steps = steps();
            PullEvaluator base = base().elaborateForPull();
            return context -> {
                Meter meter = Evaluation.of(context).meter;
                meter.charge(steps);
                meter.enter();
                try {
                    return new Items(base.iterate(context), weight, meter);
                } finally {
                    meter.leave();
                }
            };
        }

        @Override
        public ItemEvaluator elaborateForItem() {
            Weight weight = ((Metered) getExpression()).weight;
            int steps = steps();
            ItemEvaluator base = base().elaborateForItem();
            return context -> {
                Meter meter = Evaluation.of(context).meter;
                meter.charge(steps);
                meter.enter();
                Item item;
                try {
                    item = base.eval(context);
                } finally {
                    meter.leave();
                }
                if (item != null) {
                    weight.charge(item, meter);
                }
                return item;
            };
        }

        @Override
        public BooleanEvaluator elaborateForBoolean() {
            int steps = steps();
            BooleanEvaluator base = base().elaborateForBoolean();
            return context -> {
                Meter meter = Evaluation.of(context).meter;
                meter.charge(steps);
                meter.enter();
                try {
                    return base.eval(context);
                } finally {
                    meter.leave();
                }
            };
        }

        /** Never one that learns from evaluations before it: what one run costs must not depend on others. */
        @Override
        public SequenceEvaluator lazily(boolean repeatable, boolean lazyEvaluationRequired) {
            return new MemoClosureEvaluator(getExpression(), elaborateForPull());
        }
    }

    record Items(SequenceIterator base, Weight weight, Meter meter) implements SequenceIterator {

        @Override
        public Item next() {
            meter.enter();
            Item item;
            try {
                item = base.next();
            } finally {
                meter.leave();
            }
            if (item != null) {
                weight.charge(item, meter);
            }
            return item;
        }

        @Override
        public void close() {
            base.close();
        }
    }
}
