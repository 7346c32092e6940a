package org.bolide.filtering.xquery;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import net.sf.saxon.expr.AndExpression;
import net.sf.saxon.expr.AxisExpression;
import net.sf.saxon.expr.BooleanExpression;
import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.GeneralComparison;
import net.sf.saxon.expr.Literal;
import net.sf.saxon.expr.NegateExpression;
import net.sf.saxon.expr.Operand;
import net.sf.saxon.expr.OrExpression;
import net.sf.saxon.expr.SimpleStepExpression;
import net.sf.saxon.expr.SlashExpression;
import net.sf.saxon.expr.StringLiteral;
import net.sf.saxon.expr.SystemFunctionCall;
import net.sf.saxon.expr.TryCatch;
import net.sf.saxon.expr.flwor.Clause;
import net.sf.saxon.expr.flwor.FLWORExpression;
import net.sf.saxon.expr.flwor.TupleExpression;
import net.sf.saxon.expr.flwor.WindowClause;
import net.sf.saxon.expr.instruct.GlobalVariable;
import net.sf.saxon.expr.instruct.UserFunction;
import net.sf.saxon.expr.parser.ExpressionTool;
import net.sf.saxon.functions.IntegratedFunctionCall;
import net.sf.saxon.functions.RegexFunction;
import net.sf.saxon.functions.hof.FunctionLiteral;
import net.sf.saxon.functions.hof.UserFunctionReference;
import net.sf.saxon.ma.arrays.SquareArrayConstructor;
import net.sf.saxon.om.NamespaceUri;
import net.sf.saxon.query.XQueryExpression;
import net.sf.saxon.query.XQueryFunction;
import net.sf.saxon.s9api.Location;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.value.AtomicValue;
import net.sf.saxon.value.NumericValue;
import org.bolide.filtering.sky.SkyFunction;
import org.bolide.filtering.xquery.Functions.Cost;
import org.bolide.filtering.xquery.Functions.Extra;

/**
 * Puts a meter around the expressions of a compiled query. Saxon has a way to do so, a CodeInjector, but leaves out the
 * clauses of FLWOR expressions and, unless it traces, the functions. Kinds of expression that are not known here are refused:
 * what they cost has not been looked at.
 */
final class Metering {

    /** Deeper ones would overflow a thread's stack at less than the depth that the meter allows. */
    static final int MAX_NESTING = 150;
    /** Of two operands more than a tree of all that a filter can have is deep. */
    private static final int LONG_CHAIN = 16;
    /** Of a function of the query itself. */
    private static final int CALL = 5;
    /** Of what an error costs when it is thrown and caught. */
    private static final int CATCH = 20;

    private final Set<UserFunction> done = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nesting;

    private Metering() {
    }

    /** Meters a query, its functions and its variables. */
    static Expression meter(XQueryExpression query) throws XPathException {
        Metering metering = new Metering();
        for (XQueryFunction function : query.getMainModule().getGlobalFunctionLibrary().getFunctionDefinitions()) {
            metering.function(function.getUserFunction());
        }
        for (GlobalVariable variable : query.getPackageData().getGlobalVariableList()) {
            if (variable.getBody() != null) {
                variable.setBody(metering.finish(variable.getBody()));
            }
        }
        return metering.finish(query.getExpression());
    }

    private void function(UserFunction function) throws XPathException {
        if (done.add(function)) {
            function.setBody(new Metered(finish(function.getBody()), Weight.ITEM, CALL));
            function.computeEvaluationMode();
        }
    }

    private Expression finish(Expression whole) throws XPathException {
        Expression metered = meter(whole);
        // They have been made of the operands as they were.
        ExpressionTool.computeEvaluationModesForUserFunctionCalls(metered);
        return metered;
    }

    private Expression meter(Expression expression) throws XPathException {
        if (++nesting > MAX_NESTING) {
            throw refused("the filter is nested more than " + MAX_NESTING + " deep", expression.getLocation());
        }
        try {
            if (expression instanceof Constant constant) {
                return constant.literal();
            }
            if (expression instanceof AxisExpression step) {
                return new MeteredStep(step);
            }
            if (expression instanceof SimpleStepExpression steps) {
                // Its second operand must be a step as Saxon has it.
                SlashExpression general = new SlashExpression(steps.getStart(), steps.getStep());
                ExpressionTool.copyLocationInfo(expression, general);
                return meter(general);
            }
            check(expression);
            if (expression instanceof BooleanExpression chain && operands(chain).size() > LONG_CHAIN) {
                return meter(balanced(List.copyOf(operands(chain)), chain));
            }
            if (!(expression instanceof TupleExpression)) {
                for (Operand operand : expression.operands()) {
                    Expression child = operand.getChildExpression();
                    Expression metered = meter(child);
                    Weight weight = Kinds.weight(expression);
                    if (weight != Weight.ITEM && Kinds.weighs(metered, expression)) {
                        metered = new Metered(metered instanceof Metered m && m.isPlain() ? m.getBaseExpression() : metered, weight);
                    }
                    if (metered != child) {
                        operand.setChildExpression(metered);
                    }
                }
            }
            return wrapped(expression);
        } finally {
            nesting--;
        }
    }

    private static Deque<Expression> operands(BooleanExpression chain) {
        Deque<Expression> operands = new ArrayDeque<>();
        Expression rest = chain;
        while (rest.getClass() == chain.getClass()) {
            operands.addFirst(((BooleanExpression) rest).getRhsExpression());
            rest = ((BooleanExpression) rest).getLhsExpression();
        }
        operands.addFirst(rest);
        return operands;
    }

    /** A chain of many {@code or} or {@code and}, which Saxon nests as deep as it is long, as a tree. */
    private static Expression balanced(List<Expression> operands, BooleanExpression chain) {
        if (operands.size() == 1) {
            return operands.get(0);
        }
        int half = (operands.size() + 1) / 2;
        Expression left = balanced(operands.subList(0, half), chain);
        Expression right = balanced(operands.subList(half, operands.size()), chain);
        Expression both = chain instanceof OrExpression ? new OrExpression(left, right) : new AndExpression(left, right);
        ExpressionTool.copyLocationInfo(chain, both);
        return both;
    }

    private void check(Expression expression) throws XPathException {
        if (expression instanceof SystemFunctionCall call) {
            if (Functions.cost(call.getFunctionName()) == null) {
                throw refused(Functions.whyNot(call.getFunctionName()), expression.getLocation());
            }
        } else if (!Kinds.isKnown(expression)) {
            throw refused("filters have no expressions of this kind (" + expression.getExpressionName() + ")",
                    expression.getLocation());
        } else if (expression instanceof IntegratedFunctionCall call
                && !call.getFunctionName().hasURI(Functions.SKY)) {
            throw refused(Functions.whyNot(call.getFunctionName()), expression.getLocation());
        } else if (expression instanceof FunctionLiteral literal) {
            if (!Kinds.isFunction(literal.getGroundedValue())) {
                throw refused("this function cannot be used as a value; write function($x) { … }", expression.getLocation());
            }
        } else if (expression instanceof UserFunctionReference reference) {
            function(reference.getNominalTarget());
        } else if (expression instanceof FLWORExpression flwor) {
            for (Clause clause : flwor.getClauseList()) {
                if (clause instanceof WindowClause) {
                    throw refused("filters have no windows", clause.getLocation());
                }
            }
        }
    }

    private static Expression wrapped(Expression expression) throws XPathException {
        if (expression instanceof NegateExpression minus && minus.getBaseExpression() instanceof Literal literal
                && literal.getGroundedValue() instanceof NumericValue number) {
            return Literal.makeLiteral(number.negate(), expression);
        } else if (expression instanceof IntegratedFunctionCall call) {
            sky(call);
        }
        if (Kinds.isFree(expression)) {
            return expression;
        } else if (expression instanceof GeneralComparison comparison) {
            return new MeteredComparison(comparison);
        } else if (expression instanceof SystemFunctionCall call) {
            Cost cost = Functions.cost(call.getFunctionName());
            if (cost.extra() != Extra.NONE && call.getArity() > 1) {
                return new MeteredCall(call, cost);
            }
            return new Metered(call.getTargetFunction() instanceof RegexFunction regex ? bound(call, regex) : call,
                    call.getFunctionName().hasURI(NamespaceUri.FN) ? Weight.ITEM : Weight.MADE);
        }
        if (expression instanceof TryCatch) {
            return new Metered(expression, Weight.ITEM, CATCH);
        }
        return new Metered(expression, expression instanceof SquareArrayConstructor ? Weight.MADE : Weight.ITEM);
    }

    /** Refuses a sky function's argument that makes no sense whatever the event. */
    private static void sky(IntegratedFunctionCall call) throws XPathException {
        SkyFunction function = SkyFunction.find(call.getFunctionName().getLocalPart(), call.getArity()).orElseThrow();
        for (int i = 0; i < call.getArity(); i++) {
            if (call.getArg(i) instanceof Literal literal && literal.getGroundedValue() instanceof AtomicValue constant) {
                Object value = SkyCall.value(function.parameters().get(i), constant, call.getConfiguration());
                Optional<String> fault = function.fault(i, value);
                if (fault.isPresent()) {
                    throw refused(fault.get(), call.getArg(i).getLocation());
                }
            }
        }
    }

    /** Compiles a regular expression that does not depend on the event, which was not to be seen until now. */
    private static Expression bound(SystemFunctionCall call, RegexFunction regex) throws XPathException {
        Expression[] arguments = call.getArguments();
        if (arguments[1] instanceof StringLiteral pattern) {
            String flags = arguments.length > 2 && arguments[arguments.length - 1] instanceof StringLiteral literal
                    && !call.getFunctionName().getLocalPart().equals("replace") || arguments.length > 3
                            ? ((StringLiteral) arguments[arguments.length - 1]).stringify() : "";
            try {
                call.getConfiguration().compileRegularExpression(pattern.getGroundedValue().getUnicodeStringValue(), flags,
                        "XP31", null);
            } catch (XPathException e) {
                throw e.maybeWithLocation(call.getLocation());
            }
        }
        Expression bound = regex.makeFunctionCall(arguments);
        ExpressionTool.copyLocationInfo(call, bound);
        return bound;
    }

    private static XPathException refused(String why, Location where) {
        return new XPathException(why, "XPST0003", where).asStaticError();
    }
}
