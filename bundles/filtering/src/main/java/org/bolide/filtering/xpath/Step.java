package org.bolide.filtering.xpath;

import java.util.Optional;

/** A step of a path (XPath 1.0, section 2.1). */
record Step(Axis axis, NodeTest test, Predicates predicates) {

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
        axis.walk(run, from, test, sieve);
        return sieve.stopped();
    }
}
