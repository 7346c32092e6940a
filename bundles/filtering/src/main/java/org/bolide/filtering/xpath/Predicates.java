package org.bolide.filtering.xpath;

import java.util.List;
import java.util.stream.Stream;

/**
 * The predicates of a step, each of which is asked about the nodes that the one before has left (XPath 1.0, section 2.4).
 *
 * @param positional whether one depends on the place of a node among the others
 * @param usesLast whether one asks for their number, so that they must be counted first
 */
record Predicates(List<Expr> all, boolean positional, boolean usesLast) {

    static final Predicates NONE = new Predicates(List.of(), false, false);

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** The attributes with values that a node must have, if positions do not matter. */
    List<AttributeKey> keys() {
        return positional ? List.of() : all.stream()
                .flatMap(predicate -> predicate instanceof Operators.And and ? and.parts().stream() : Stream.of(predicate))
                .flatMap(condition -> Comparison.key(condition).stream()).toList();
    }

    /** A number is a position; anything else a condition. */
    static boolean holds(Expr predicate, Focus focus) {
        focus.run.step();
        return predicate.type() == Type.NUMBER ? predicate.number(focus) == focus.position : predicate.test(focus);
    }

    /** The nodes, in the order of their axis, for which all predicates hold. */
    Nodes keep(Run run, Nodes nodes) {
        Nodes kept = nodes;
        Focus focus = new Focus(run, Tree.NONE);
        for (Expr predicate : all) {
            Nodes asked = kept;
            kept = new Nodes();
            focus.size = asked.size();
            for (int i = 0; i < asked.size(); i++) {
                focus.node = asked.get(i);
                focus.position = i + 1;
                if (holds(predicate, focus)) {
                    kept.visit(focus.node);
                }
            }
        }
        return kept;
    }

    /** Shows the visitor those of the nodes that it is shown itself for which all predicates hold; none uses {@code last()}. */
    Sieve sieve(Run run, Visitor next) {
        return new Sieve(run, all, next);
    }

    static final class Sieve implements Visitor {

        private final List<Expr> predicates;
        private final Visitor next;
        private final Focus focus;
        /** How many nodes each predicate has been asked about. */
        private final int[] positions;
        private boolean stopped;

        private Sieve(Run run, List<Expr> predicates, Visitor next) {
            this.predicates = predicates;
            this.next = next;
            this.focus = new Focus(run, Tree.NONE);
            this.positions = new int[predicates.size()];
        }

        /** Whether the visitor stopped. */
        boolean stopped() {
            return stopped;
        }

        @Override
        public boolean visit(int node) {
            boolean enough = false;
            for (int i = 0; i < positions.length; i++) {
                Expr predicate = predicates.get(i);
                focus.node = node;
                focus.position = ++positions[i];
                enough |= predicate instanceof Expr.Constant.Number number && focus.position >= number.value();
                if (!holds(predicate, focus)) {
                    return enough;
                }
            }
            stopped = next.visit(node);
            return stopped || enough;
        }
    }
}
