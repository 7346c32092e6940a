package org.bolide.filtering.xquery;

import java.util.List;

import net.sf.saxon.Configuration;
import net.sf.saxon.expr.XPathContext;
import net.sf.saxon.functions.Number_1;
import net.sf.saxon.lib.ExtensionFunctionCall;
import net.sf.saxon.lib.ExtensionFunctionDefinition;
import net.sf.saxon.om.Item;
import net.sf.saxon.om.Sequence;
import net.sf.saxon.om.StructuredQName;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.value.AtomicValue;
import net.sf.saxon.value.BooleanValue;
import net.sf.saxon.value.DoubleValue;
import net.sf.saxon.value.NumericValue;
import net.sf.saxon.value.SequenceType;
import net.sf.saxon.value.StringValue;
import org.bolide.filtering.sky.SkyFunction;

/** The sky functions with one name, as Saxon calls them. How many arguments there are is checked by who binds the call. */
final class SkyCall extends ExtensionFunctionDefinition {

    /** About what a step takes. */
    private static final int NANOS_PER_STEP = 50;

    private final String name;
    private final List<SkyFunction> forms;

    private SkyCall(String name) {
        this.name = name;
        this.forms = SkyFunction.all().stream().filter(function -> function.name().equals(name)).toList();
    }

    static List<SkyCall> all() {
        return SkyFunction.all().stream().map(SkyFunction::name).distinct().map(SkyCall::new).toList();
    }

    @Override
    public StructuredQName getFunctionQName() {
        return new StructuredQName(SkyFunction.PREFIX, Functions.SKY, name);
    }

    @Override
    public int getMinimumNumberOfArguments() {
        return forms.stream().mapToInt(form -> form.parameters().size()).min().orElseThrow();
    }

    @Override
    public int getMaximumNumberOfArguments() {
        return forms.stream().mapToInt(form -> form.parameters().size()).max().orElseThrow();
    }

    /** What is no number is NaN and what is missing is nothing, as the functions have it; only several values are an error. */
    @Override
    public SequenceType[] getArgumentTypes() {
        return new SequenceType[] {SequenceType.OPTIONAL_ATOMIC};
    }

    @Override
    public SequenceType getResultType(SequenceType[] arguments) {
        return switch (forms.get(0).result()) {
            case NUMBER -> SequenceType.SINGLE_DOUBLE;
            case STRING -> SequenceType.SINGLE_STRING;
            case BOOLEAN -> SequenceType.SINGLE_BOOLEAN;
        };
    }

    @Override
    public boolean trustResultType() {
        return true;
    }

    @Override
    public ExtensionFunctionCall makeCallExpression() {
        return new ExtensionFunctionCall() {

            @Override
            public Sequence call(XPathContext context, Sequence[] arguments) throws XPathException {
                return SkyCall.this.call(Evaluation.of(context), arguments);
            }
        };
    }

    private AtomicValue call(Evaluation evaluation, Sequence[] arguments) throws XPathException {
        SkyFunction function = SkyFunction.find(name, arguments.length).orElseThrow();
        evaluation.meter.charge(function.costNanos() / NANOS_PER_STEP);
        Object[] values = new Object[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(function.parameters().get(i), arguments[i].head(), evaluation.getConfiguration());
        }
        Object value = function.call(evaluation.event, values);
        return switch (function.result()) {
            case NUMBER -> new DoubleValue((Double) value);
            case STRING -> new StringValue((String) value);
            case BOOLEAN -> BooleanValue.get((Boolean) value);
        };
    }

    /** An argument as the functions take it. */
    static Object value(SkyFunction.Type type, Item item, Configuration saxon) throws XPathException {
        return switch (type) {
            case STRING -> item == null ? "" : item.getStringValue();
            case NUMBER -> item instanceof NumericValue number ? number.getDoubleValue()
                    : item == null ? Double.NaN : Number_1.convert((AtomicValue) item, saxon).getDoubleValue();
            case BOOLEAN -> ((AtomicValue) item).effectiveBooleanValue();
        };
    }
}
