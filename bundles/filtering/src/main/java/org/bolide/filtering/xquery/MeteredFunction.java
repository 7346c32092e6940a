package org.bolide.filtering.xquery;

import net.sf.saxon.expr.Callable;
import net.sf.saxon.expr.OperandRole;
import net.sf.saxon.expr.XPathContext;
import net.sf.saxon.functions.AbstractFunction;
import net.sf.saxon.om.FunctionItem;
import net.sf.saxon.om.GroundedValue;
import net.sf.saxon.om.Item;
import net.sf.saxon.om.Sequence;
import net.sf.saxon.om.StructuredQName;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.type.FunctionItemType;
import net.sf.saxon.value.NumericValue;
import org.bolide.filtering.xquery.Functions.Cost;

/** A built-in function as a value, as in {@code concat#2}, which pays for its arguments before it is called. */
final class MeteredFunction extends AbstractFunction {

    /** No decimal or integer within the limits has as many digits. */
    private static final long MAX_DIGITS = 5000;

    private final FunctionItem function;
    private final Cost cost;

    MeteredFunction(FunctionItem function, Cost cost) {
        this.function = function;
        this.cost = cost;
    }

    @Override
    public Sequence call(XPathContext context, Sequence[] arguments) throws XPathException {
        Meter meter = Evaluation.of(context).meter;
        meter.enter();
        try {
            GroundedValue result = call(function, cost, context, arguments, meter).materialize();
            Weight.MADE.charge(result, meter);
            return result;
        } finally {
            meter.leave();
        }
    }

    /** Calls a function when its arguments have been paid. */
    static Sequence call(Callable function, Cost cost, XPathContext context, Sequence[] arguments, Meter meter)
            throws XPathException {
        meter.charge(1);
        Sequence[] values = new Sequence[arguments.length];
        for (int i = 0; i < values.length; i++) {
            GroundedValue value = arguments[i].materialize();
            cost.weight().charge(value, meter);
            values[i] = value;
        }
        extra(cost, values, meter);
        return function.call(context, values);
    }

    private static void extra(Cost cost, Sequence[] values, Meter meter) throws XPathException {
        if (values.length < 2 || cost.extra() == Functions.Extra.NONE) {
            return;
        }
        GroundedValue first = (GroundedValue) values[0];
        Item second = values[1].head();
        switch (cost.extra()) {
            case PRODUCT -> meter.chargeProduct(length(first.head()), length(second));
            case JOIN -> meter.chargeCharacters(first.getLength() * length(second));
            case DIGITS -> {
                if (second instanceof NumericValue digits && Math.abs(digits.getDoubleValue()) > MAX_DIGITS) {
                    throw meter.stop("it rounds to more than " + MAX_DIGITS + " digits");
                }
            }
            default -> throw new AssertionError(cost);
        }
    }

    private static long length(Item item) {
        return item == null ? 0 : item.getUnicodeStringValue().length();
    }

    @Override
    public FunctionItemType getFunctionItemType() {
        return function.getFunctionItemType();
    }

    @Override
    public StructuredQName getFunctionName() {
        return function.getFunctionName();
    }

    @Override
    public int getArity() {
        return function.getArity();
    }

    @Override
    public OperandRole[] getOperandRoles() {
        return function.getOperandRoles();
    }

    @Override
    public String getDescription() {
        return function.getDescription();
    }
}
