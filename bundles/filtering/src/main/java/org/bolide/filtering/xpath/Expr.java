package org.bolide.filtering.xpath;

import java.util.List;

/**
 * An expression, with its static type, that evaluates itself. Each kind says its value in its own type; the conversions
 * between types (XPath 1.0, sections 4.2 to 4.4) stand here and nowhere else.
 */
sealed interface Expr permits Expr.OfBoolean, Expr.OfNumber, Expr.OfString, Expr.OfNodes, Expr.Constant, Calls.OfSky {

    Type type();

    /** As by {@code boolean()}. */
    boolean test(Focus focus);

    /** As by {@code number()}. */
    double number(Focus focus);

    /** As by {@code string()}. */
    String string(Focus focus);

    /** The expressions in it that are evaluated in the same focus. */
    default List<Expr> parts() {
        return List.of();
    }

    static boolean truth(double number) {
        return number != 0 && !Double.isNaN(number);
    }

    sealed interface OfBoolean extends Expr
            permits Constant.Truth, Operators.Or, Operators.And, Comparison, Calls.ToBoolean {

        @Override
        default Type type() {
            return Type.BOOLEAN;
        }

        @Override
        default double number(Focus focus) {
            return test(focus) ? 1 : 0;
        }

        @Override
        default String string(Focus focus) {
            return Boolean.toString(test(focus));
        }
    }

    sealed interface OfNumber extends Expr
            permits Constant.Number, Operators.Arithmetic, Operators.Minus, Calls.ToNumber {

        @Override
        default Type type() {
            return Type.NUMBER;
        }

        @Override
        default boolean test(Focus focus) {
            return truth(number(focus));
        }

        @Override
        default String string(Focus focus) {
            return Numbers.toString(number(focus));
        }
    }

    sealed interface OfString extends Expr permits Constant.Text, Calls.ToString {

        @Override
        default Type type() {
            return Type.STRING;
        }

        @Override
        default boolean test(Focus focus) {
            return !string(focus).isEmpty();
        }

        @Override
        default double number(Focus focus) {
            String text = string(focus);
            focus.run.reading(text.length());
            return Numbers.parse(text);
        }
    }

    /** A set of nodes. Only {@link #any} is its own; the rest says what follows from it. */
    sealed interface OfNodes extends Expr permits Paths.Context, Paths.Document, Paths.Attribute, Paths.Path,
            Paths.Filtered, Paths.Union, Calls.ById {

        /**
         * Shows the nodes, in any order, some perhaps twice, until the visitor stops.
         *
         * @return whether it stopped
         */
        boolean any(Focus focus, Visitor visitor);

        /** All nodes in document order. */
        default Nodes nodes(Focus focus) {
            Nodes all = new Nodes();
            any(focus, all);
            return all.inOrder(focus.run);
        }

        /** The first in document order, or {@link Tree#NONE}. */
        default int first(Focus focus) {
            Nodes all = nodes(focus);
            return all.size() == 0 ? Tree.NONE : all.get(0);
        }

        @Override
        default Type type() {
            return Type.NODE_SET;
        }

        @Override
        default boolean test(Focus focus) {
            return any(focus, Visitor.STOP);
        }

        @Override
        default double number(Focus focus) {
            int first = first(focus);
            return first == Tree.NONE ? Double.NaN : focus.run.number(first);
        }

        @Override
        default String string(Focus focus) {
            int first = first(focus);
            return first == Tree.NONE ? "" : focus.run.string(first);
        }
    }

    /** What an event has no part in. */
    sealed interface Constant extends Expr {

        record Truth(boolean value) implements Constant, OfBoolean {

            @Override
            public boolean test(Focus focus) {
                return value;
            }
        }

        record Number(double value) implements Constant, OfNumber {

            @Override
            public double number(Focus focus) {
                return value;
            }
        }

        record Text(String value) implements Constant, OfString {

            @Override
            public String string(Focus focus) {
                return value;
            }
        }
    }

    /** The same value as a constant, if all that it is made of is constant. */
    static Expr folded(Expr expr) {
        boolean ofTheEvent = expr instanceof OfNodes || expr instanceof Calls.OfSky
                || expr instanceof Calls.ToBoolean call && call.function() == Function.LANG;
        if (ofTheEvent || expr.parts().isEmpty() || !expr.parts().stream().allMatch(Constant.class::isInstance)) {
            return expr;
        }
        Focus nowhere = Focus.nowhere();
        return switch (expr.type()) {
            case BOOLEAN -> new Constant.Truth(expr.test(nowhere));
            case NUMBER -> new Constant.Number(expr.number(nowhere));
            default -> new Constant.Text(expr.string(nowhere));
        };
    }
}
