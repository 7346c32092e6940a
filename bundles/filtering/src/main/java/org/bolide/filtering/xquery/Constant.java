package org.bolide.filtering.xquery;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.Literal;
import net.sf.saxon.expr.parser.ContextItemStaticInfo;
import net.sf.saxon.expr.parser.ExpressionVisitor;
import net.sf.saxon.expr.parser.RebindingMap;

/**
 * A literal that does not look like one while a query is compiled: what consists of literals Saxon computes at once, and
 * {@code (1 to 1000000000) != (1 to 1000000000)} would take for ever there, where nothing is metered.
 */
final class Constant extends Metered {

    Constant(Literal literal) {
        super(literal, Weight.ITEM);
    }

    Literal literal() {
        return (Literal) getBaseExpression();
    }

    @Override
    public Expression typeCheck(ExpressionVisitor visitor, ContextItemStaticInfo context) {
        return this;
    }

    @Override
    public Expression optimize(ExpressionVisitor visitor, ContextItemStaticInfo context) {
        return this;
    }

    @Override
    public Expression copy(RebindingMap rebindings) {
        return new Constant((Literal) literal().copy(rebindings));
    }
}
