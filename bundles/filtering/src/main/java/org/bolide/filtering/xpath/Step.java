package org.bolide.filtering.xpath;

import java.util.List;
import java.util.Optional;

/**
 * A step of a path (XPath 1.0, section 2.1).
 *
 * @param keys the attributes without which it leads nowhere: of {@code //Param[@name="a" and @value > 4]} it is the name
 */
record Step(Axis axis, NodeTest test, Predicates predicates, List<AttributeKey> keys) {

    Step(Axis axis, NodeTest test, Predicates predicates) {
        this(axis, test, predicates, axis == Axis.DESCENDANT ? predicates.keys() : List.of());
    }

    /** What {@code //} stands for. */
    static final Step ALL = new Step(Axis.DESCENDANT_OR_SELF, NodeTest.node(), Predicates.NONE);

    /** Whether it leads nowhere: {@code .} */
    boolean isHere() {
        return axis == Axis.SELF && test.wanted() == NodeTest.Wanted.NODE && predicates.isEmpty();
    }

    /** One step that leads where {@link #ALL} and this one lead, if there is one: positions are counted in each parent. */
    Optional<Step> fromAllDescendants() {
        return predicates.positional() ? Optional.empty() : switch (axis) {
            case CHILD, DESCENDANT -> Optional.of(new Step(Axis.DESCENDANT, test, predicates));
            case SELF, DESCENDANT_OR_SELF -> Optional.of(new Step(Axis.DESCENDANT_OR_SELF, test, predicates));
            case ATTRIBUTE -> Optional.of(new Step(Axis.DESCENDANT_ATTRIBUTE, test, predicates));
            default -> Optional.empty();
        };
    }

    /**
     * Shows the nodes to which this step leads from one node.
     *
     * @return whether the visitor stopped
     */
    boolean walk(Run run, int from, Visitor visitor) {
        if (test.name(run) == Tree.ABSENT) {
            run.step();
            return false;
        }
        if (predicates.isEmpty()) {
            return axis.walk(run, from, test, visitor);
        }
        if (predicates.usesLast()) {
            Nodes nodes = new Nodes();
            axis.walk(run, from, test, nodes);
            return predicates.keep(run, nodes).any(visitor);
        }
        Predicates.Sieve sieve = predicates.sieve(run, visitor);
        if (keys.isEmpty()) {
            axis.walk(run, from, test, sieve);
        } else if (keys.stream().allMatch(key -> first(run, key) != Tree.NONE)) {
            walkKeyed(run, from, sieve);
        }
        return sieve.stopped();
    }

    private static int first(Run run, AttributeKey key) {
        run.step();
        int name = run.names[key.slot()];
        return name == Tree.ABSENT ? Tree.NONE : run.tree.attributeWith(name, key);
    }

    /** Looks only at the elements that have the attribute, instead of all. */
    private void walkKeyed(Run run, int from, Visitor visitor) {
        Tree tree = run.tree;
        AttributeKey key = keys.get(0);
        for (int a = first(run, key); a != Tree.NONE; a = tree.nextWith(a, key)) {
            run.step();
            int element = tree.parent(a);
            boolean below = element > from && element < tree.end(from);
            if (below && test.accepts(run, element) && visitor.visit(element)) {
                return;
            }
        }
    }
}
