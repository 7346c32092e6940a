package org.bolide.filtering.xquery;

import java.util.Set;

import net.sf.saxon.expr.AndExpression;
import net.sf.saxon.expr.ArithmeticExpression;
import net.sf.saxon.expr.AtomicSequenceConverter;
import net.sf.saxon.expr.Atomizer;
import net.sf.saxon.expr.AttributeGetter;
import net.sf.saxon.expr.CardinalityChecker;
import net.sf.saxon.expr.CastExpression;
import net.sf.saxon.expr.CastableExpression;
import net.sf.saxon.expr.ContextItemExpression;
import net.sf.saxon.expr.DynamicFunctionCall;
import net.sf.saxon.expr.ErrorExpression;
import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.FilterExpression;
import net.sf.saxon.expr.FirstItemExpression;
import net.sf.saxon.expr.ForExpression;
import net.sf.saxon.expr.FunctionCall;
import net.sf.saxon.expr.GeneralComparison20;
import net.sf.saxon.expr.GlobalVariableReference;
import net.sf.saxon.expr.HomogeneityChecker;
import net.sf.saxon.expr.IdentityComparison;
import net.sf.saxon.expr.InstanceOfExpression;
import net.sf.saxon.expr.IsLastExpression;
import net.sf.saxon.expr.ItemChecker;
import net.sf.saxon.expr.LetExpression;
import net.sf.saxon.expr.Literal;
import net.sf.saxon.expr.LocalVariableReference;
import net.sf.saxon.expr.LookupAllExpression;
import net.sf.saxon.expr.LookupExpression;
import net.sf.saxon.expr.NegateExpression;
import net.sf.saxon.expr.OrExpression;
import net.sf.saxon.expr.PseudoExpression;
import net.sf.saxon.expr.QuantifiedExpression;
import net.sf.saxon.expr.RangeExpression;
import net.sf.saxon.expr.RootExpression;
import net.sf.saxon.expr.SingletonAtomizer;
import net.sf.saxon.expr.SlashExpression;
import net.sf.saxon.expr.StringLiteral;
import net.sf.saxon.expr.SwitchCaseComparison;
import net.sf.saxon.expr.SystemFunctionCall;
import net.sf.saxon.expr.TryCatch;
import net.sf.saxon.expr.UntypedSequenceConverter;
import net.sf.saxon.expr.UserFunctionCall;
import net.sf.saxon.expr.ValueComparison;
import net.sf.saxon.expr.VennExpression;
import net.sf.saxon.expr.flwor.FLWORExpression;
import net.sf.saxon.expr.flwor.OuterForExpression;
import net.sf.saxon.expr.flwor.TupleExpression;
import net.sf.saxon.expr.instruct.Block;
import net.sf.saxon.expr.instruct.Choose;
import net.sf.saxon.expr.instruct.ForEach;
import net.sf.saxon.expr.sort.DocumentSorter;
import net.sf.saxon.expr.sort.SortKeyDefinition;
import net.sf.saxon.expr.sort.SortKeyDefinitionList;
import net.sf.saxon.functions.CallableFunction;
import net.sf.saxon.functions.IntegratedFunctionCall;
import net.sf.saxon.functions.RegexFunction;
import net.sf.saxon.functions.hof.CoercedFunction;
import net.sf.saxon.functions.hof.FunctionLiteral;
import net.sf.saxon.functions.hof.FunctionSequenceCoercer;
import net.sf.saxon.functions.hof.PartialApply;
import net.sf.saxon.functions.hof.UserFunctionReference;
import net.sf.saxon.ma.arrays.SquareArrayConstructor;
import net.sf.saxon.om.GroundedValue;

/** The kinds of expression that a query may consist of, and what they cost. */
final class Kinds {

    /** They cost nothing but what is in them, or what whoever takes them pays. */
    private static final Set<Class<?>> FREE = Set.of(Literal.class, StringLiteral.class, ContextItemExpression.class,
            RootExpression.class, ErrorExpression.class, SortKeyDefinition.class, SortKeyDefinitionList.class,
            TupleExpression.class, FunctionLiteral.class, UserFunctionReference.class, Atomizer.class, SingletonAtomizer.class,
            CardinalityChecker.class, ItemChecker.class, HomogeneityChecker.class);

    /** They cost a step, and one for each item they give; what goes on inside is linear in what they take. */
    private static final Set<Class<?>> METERED = Set.of(AndExpression.class, ArithmeticExpression.class,
            AtomicSequenceConverter.class,  AttributeGetter.class, Block.class,  CastExpression.class,
            CastableExpression.class, Choose.class, DocumentSorter.class, DynamicFunctionCall.class, FLWORExpression.class,
            FilterExpression.class, FirstItemExpression.class, ForEach.class, ForExpression.class,
            FunctionSequenceCoercer.class, GlobalVariableReference.class,  IdentityComparison.class,
            InstanceOfExpression.class, IntegratedFunctionCall.class, IsLastExpression.class,  LetExpression.class,
            LocalVariableReference.class, LookupAllExpression.class, LookupExpression.class, NegateExpression.class,
            OrExpression.class, OuterForExpression.class, PartialApply.class, QuantifiedExpression.class,
            RangeExpression.class,  SlashExpression.class, SquareArrayConstructor.class,
            SwitchCaseComparison.class, TryCatch.class, UntypedSequenceConverter.class,
            UserFunctionCall.class, ValueComparison.class, VennExpression.class);

    private static final Set<Class<?>> FUNCTIONS = Set.of(MeteredFunction.class, CallableFunction.class, CoercedFunction.class);

    private static final int SHORT_TEXT = 32;

    private Kinds() {
    }

    static boolean isFree(Expression expression) {
        return FREE.contains(expression.getClass());
    }

    static boolean isKnown(Expression expression) {
        Class<?> kind = expression.getClass();
        return FREE.contains(kind) || METERED.contains(kind) || kind == GeneralComparison20.class
                || expression instanceof SystemFunctionCall;
    }

    /** Whether a function is one of the query, of the sky, or one with its types checked; all have come from {@link AllowedFunctions}. */
    static boolean isFunction(GroundedValue value) {
        return FUNCTIONS.contains(value.getClass());
    }

    /** Whether it matters to its taker how large it is. */
    static boolean weighs(Expression operand, Expression taker) {
        if (operand instanceof Literal literal) {
            // Those of a regular expression are paid when it runs, and have to look like literals.
            return literal instanceof StringLiteral text && text.stringify().length() > SHORT_TEXT
                    && !(taker instanceof SystemFunctionCall call && call.getTargetFunction() instanceof RegexFunction);
        }
        return !(operand instanceof PseudoExpression) && !(operand instanceof TupleExpression);
    }

    /** What each item costs that an expression takes from its operands. */
    static Weight weight(Expression taker) {
        if (taker instanceof SystemFunctionCall call) {
            return Functions.cost(call.getFunctionName()).weight();
        } else if (taker instanceof FunctionCall || taker instanceof DynamicFunctionCall || taker instanceof PartialApply
                || taker instanceof Atomizer || taker instanceof SingletonAtomizer) {
            return Weight.CONTENT;
        } else if (taker instanceof CastExpression || taker instanceof CastableExpression
                || taker instanceof AtomicSequenceConverter || taker instanceof UntypedSequenceConverter) {
            return Weight.CAST;
        } else if (taker instanceof InstanceOfExpression || taker instanceof ItemChecker) {
            return Weight.TYPE;
        } else if (taker instanceof LookupAllExpression) {
            return Weight.ENTRIES;
        } else if (taker instanceof SortKeyDefinition) {
            return Weight.SORT;
        } else if (taker instanceof DocumentSorter) {
            return Weight.ORDER;
        }
        return Weight.ITEM;
    }
}
