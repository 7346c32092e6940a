package org.bolide.filtering.xpath;

import java.util.List;

/** The operators but comparison (XPath 1.0, sections 3.4 and 3.5). */
final class Operators {

    private Operators() {
    }

    /** Of all terms of a chain at once, lest a long one needs a deep stack. */
    record Or(List<Expr> parts) implements Expr.OfBoolean {

        @Override
        public boolean test(Focus focus) {
            for (Expr part : parts) {
                if (part.test(focus)) {
                    return true;
                }
            }
            return false;
        }
    }

    record And(List<Expr> parts) implements Expr.OfBoolean {

        @Override
        public boolean test(Focus focus) {
            for (Expr part : parts) {
                if (!part.test(focus)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Arithmetic(String operator, Expr left, Expr right) implements Expr.OfNumber {

        @Override
        public double number(Focus focus) {
            double a = left.number(focus);
            double b = right.number(focus);
            return switch (operator) {
                case "+" -> a + b;
                case "-" -> a - b;
                case "*" -> a * b;
                case "div" -> a / b;
                // As Java's: it has the sign of the dividend.
                case "mod" -> a % b;
                default -> throw new IllegalStateException(operator);
            };
        }

        @Override
        public List<Expr> parts() {
            return List.of(left, right);
        }
    }

    record Minus(Expr operand) implements Expr.OfNumber {

        @Override
        public double number(Focus focus) {
            return -operand.number(focus);
        }

        @Override
        public List<Expr> parts() {
            return List.of(operand);
        }
    }
}
