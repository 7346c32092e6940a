package org.bolide.filtering.xpath;

import java.util.List;

/** Expressions that select nodes (XPath 1.0, sections 2 and 3.3). */
final class Paths {

    private Paths() {
    }

    /** The context node: {@code .} */
    record Context() implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            return visitor.visit(focus.node);
        }

        @Override
        public int first(Focus focus) {
            return focus.node;
        }
    }

    /** The document node: {@code /} */
    record Document() implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            return visitor.visit(0);
        }

        @Override
        public int first(Focus focus) {
            return 0;
        }
    }

    /** The attribute of one name of the context node: of all paths the most frequent. */
    record Attribute(int slot) implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            int attribute = first(focus);
            return attribute != Tree.NONE && visitor.visit(attribute);
        }

        @Override
        public int first(Focus focus) {
            Run run = focus.run;
            run.step();
            int name = run.names[slot];
            return name == Tree.ABSENT ? Tree.NONE : run.tree.attribute(focus.node, name);
        }
    }

    /**
     * Steps from one or many nodes. All but the last are taken by whole sets, each in document order and without
     * duplicates, so that a path to and fro costs no more than its length; the last only as far as it is asked for.
     */
    record Path(Expr.OfNodes start, List<Step> steps) implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            Run run = focus.run;
            if (steps.size() == 1 && (start instanceof Context || start instanceof Document)) {
                return last().walk(run, start.first(focus), visitor);
            }
            return beforeLast(focus).any(n -> last().walk(run, n, visitor));
        }

        @Override
        public int first(Focus focus) {
            boolean forward = last().axis().isForward();
            First first = new First(forward);
            Nodes from = beforeLast(focus);
            for (int i = 0; i < from.size(); i++) {
                if (forward && first.node != Tree.NONE && from.get(i) > first.node) {
                    break;
                }
                last().walk(focus.run, from.get(i), first);
            }
            return first.node;
        }

        private Step last() {
            return steps.get(steps.size() - 1);
        }

        private Nodes beforeLast(Focus focus) {
            Nodes nodes = start.nodes(focus);
            for (int i = 0; i < steps.size() - 1; i++) {
                nodes = after(focus.run, nodes, steps.get(i));
            }
            return nodes;
        }

        static Nodes after(Run run, Nodes nodes, Step step) {
            Nodes reached = new Nodes();
            nodes.any(n -> step.walk(run, n, reached));
            return reached.inOrder(run);
        }
    }

    /** Finds the first in document order; along a forward axis that is the first that it is shown. */
    private static final class First implements Visitor {

        private final boolean forward;
        private int node = Tree.NONE;

        First(boolean forward) {
            this.forward = forward;
        }

        @Override
        public boolean visit(int shown) {
            node = node == Tree.NONE || shown < node ? shown : node;
            return forward;
        }
    }

    /** Nodes in document order, and of them those for which predicates hold. */
    record Filtered(Expr.OfNodes nodes, Predicates predicates) implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            Nodes all = nodes.nodes(focus);
            if (predicates.usesLast()) {
                return predicates.keep(focus.run, all).any(visitor);
            }
            Predicates.Sieve sieve = predicates.sieve(focus.run, visitor);
            all.any(sieve);
            return sieve.stopped();
        }
    }

    record Union(List<Expr> parts) implements Expr.OfNodes {

        @Override
        public boolean any(Focus focus, Visitor visitor) {
            for (Expr part : parts) {
                if (((Expr.OfNodes) part).any(focus, visitor)) {
                    return true;
                }
            }
            return false;
        }
    }
}
