package org.bolide.filtering.xpath;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A comparison (XPath 1.0, section 3.4). Of sets it asks whether any node, or any two nodes, are so; the cost is linear
 * even so.
 */
record Comparison(Operator operator, Expr left, Expr right, As as) implements Expr.OfBoolean {

    enum Operator {
        EQUAL, UNEQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL;

        static Operator of(String sign) {
            return switch (sign) {
                case "=" -> EQUAL;
                case "!=" -> UNEQUAL;
                case "<" -> LESS;
                case "<=" -> LESS_OR_EQUAL;
                case ">" -> GREATER;
                default -> GREATER_OR_EQUAL;
            };
        }

        boolean isEquality() {
            return this == EQUAL || this == UNEQUAL;
        }

        /** The operator for exchanged operands. */
        Operator reversed() {
            return switch (this) {
                case LESS -> GREATER;
                case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
                case GREATER -> LESS;
                case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
                default -> this;
            };
        }

        boolean holds(double a, double b) {
            return switch (this) {
                case EQUAL -> a == b;
                case UNEQUAL -> a != b;
                case LESS -> a < b;
                case LESS_OR_EQUAL -> a <= b;
                case GREATER -> a > b;
                case GREATER_OR_EQUAL -> a >= b;
            };
        }
    }

    /** As what the operands are compared, by their types. */
    private enum As {
        BOOLEANS, NUMBERS, TEXTS, NODES_WITH_NUMBER, NODES_WITH_TEXT, NODES_WITH_NODES
    }

    static Comparison of(Operator operator, Expr left, Expr right) {
        if (left.type() == Type.BOOLEAN || right.type() == Type.BOOLEAN) {
            return new Comparison(operator, asBoolean(left), asBoolean(right), operator.isEquality() ? As.BOOLEANS : As.NUMBERS);
        }
        if (right.type() == Type.NODE_SET && left.type() != Type.NODE_SET) {
            return of(operator.reversed(), right, left);
        }
        boolean numbers = !operator.isEquality() || left.type() == Type.NUMBER || right.type() == Type.NUMBER;
        As as = left.type() != Type.NODE_SET ? numbers ? As.NUMBERS : As.TEXTS
                : right.type() == Type.NODE_SET ? As.NODES_WITH_NODES
                : numbers ? As.NODES_WITH_NUMBER : As.NODES_WITH_TEXT;
        return new Comparison(operator, left, right, as);
    }

    /** The attribute and its value, if the condition is that the context node has it: {@code @name="a"}. */
    static Optional<AttributeKey> key(Expr condition) {
        return condition instanceof Comparison comparison && comparison.operator == Operator.EQUAL
                && comparison.left instanceof Paths.Attribute attribute && comparison.right instanceof Expr.Constant.Text text
                ? Optional.of(new AttributeKey(attribute.slot(), text.value())) : Optional.empty();
    }

    boolean ofNodesWithConstant() {
        return (as == As.NODES_WITH_TEXT || as == As.NODES_WITH_NUMBER) && right instanceof Expr.Constant;
    }

    /** A set counts as a boolean here, whatever its nodes. */
    private static Expr asBoolean(Expr operand) {
        return operand.type() == Type.NODE_SET ? new Calls.ToBoolean(Function.BOOLEAN, List.of(operand)) : operand;
    }

    @Override
    public List<Expr> parts() {
        return List.of(left, right);
    }

    @Override
    public boolean test(Focus focus) {
        Run run = focus.run;
        return switch (as) {
            case BOOLEANS -> left.test(focus) == right.test(focus) == (operator == Operator.EQUAL);
            case NUMBERS -> operator.holds(left.number(focus), right.number(focus));
            case TEXTS -> {
                String a = left.string(focus);
                String b = right.string(focus);
                run.reading(Math.min(a.length(), b.length()));
                yield a.equals(b) == (operator == Operator.EQUAL);
            }
            case NODES_WITH_NUMBER -> {
                double number = right.number(focus);
                yield nodes(left).any(focus, n -> operator.holds(run.number(n), number));
            }
            case NODES_WITH_TEXT -> {
                String text = right.string(focus);
                yield nodes(left).any(focus, n -> run.stringIs(n, text) == (operator == Operator.EQUAL));
            }
            case NODES_WITH_NODES -> switch (operator) {
                case EQUAL -> anyEqual(focus);
                case UNEQUAL -> anyUnequal(focus);
                case LESS, LESS_OR_EQUAL -> operator.holds(least(focus, left), greatest(focus, right));
                case GREATER, GREATER_OR_EQUAL -> operator.holds(greatest(focus, left), least(focus, right));
            };
        };
    }

    private boolean anyEqual(Focus focus) {
        Set<String> texts = new HashSet<>();
        nodes(left).any(focus, n -> {
            texts.add(focus.run.string(n));
            return false;
        });
        return !texts.isEmpty() && nodes(right).any(focus, n -> texts.contains(focus.run.string(n)));
    }

    /** If any two texts differ, one of them differs from the first on the left. */
    private boolean anyUnequal(Focus focus) {
        Run run = focus.run;
        int first = nodes(left).first(focus);
        if (first == Tree.NONE) {
            return false;
        }
        String text = run.string(first);
        return nodes(right).any(focus, n -> !run.stringIs(n, text))
                || nodes(right).test(focus) && nodes(left).any(focus, n -> !run.stringIs(n, text));
    }

    private static double least(Focus focus, Expr nodes) {
        double[] least = {Double.NaN};
        nodes(nodes).any(focus, n -> {
            double number = focus.run.number(n);
            if (!(least[0] <= number) && !Double.isNaN(number)) {
                least[0] = number;
            }
            return false;
        });
        return least[0];
    }

    private static double greatest(Focus focus, Expr nodes) {
        double[] greatest = {Double.NaN};
        nodes(nodes).any(focus, n -> {
            double number = focus.run.number(n);
            if (!(greatest[0] >= number) && !Double.isNaN(number)) {
                greatest[0] = number;
            }
            return false;
        });
        return greatest[0];
    }

    private static Expr.OfNodes nodes(Expr expr) {
        return (Expr.OfNodes) expr;
    }
}
