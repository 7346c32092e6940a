package org.bolide.filtering.xpath;

import java.util.Locale;

/** The axes of XPath 1.0 (section 2.2), each in its own order: those that lead back begin with the nearest node. */
enum Axis {
    CHILD, DESCENDANT, DESCENDANT_OR_SELF, PARENT, ANCESTOR, ANCESTOR_OR_SELF, FOLLOWING_SIBLING, PRECEDING_SIBLING,
    FOLLOWING, PRECEDING, ATTRIBUTE, NAMESPACE, SELF,
    /** No axis of XPath: what {@code descendant-or-self::node()/attribute::} gives, which people write as {@code //@}. */
    DESCENDANT_ATTRIBUTE;

    static Axis named(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Whether it leads to no node before the one where it begins. */
    boolean isForward() {
        return switch (this) {
            case PARENT, ANCESTOR, ANCESTOR_OR_SELF, PRECEDING, PRECEDING_SIBLING -> false;
            default -> true;
        };
    }

    /** The kind of node that a name means here (section 2.3). */
    byte principal() {
        return this == ATTRIBUTE || this == DESCENDANT_ATTRIBUTE ? Tree.ATTRIBUTE
                : this == NAMESPACE ? Tree.NAMESPACE : Tree.ELEMENT;
    }

    /**
     * Shows the nodes of this axis that pass the test.
     *
     * @return whether the visitor stopped
     */
    boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
        Tree tree = run.tree;
        int parent = tree.parent(from);
        boolean hasSiblings = parent != Tree.NONE && !tree.isAttributeOrNamespace(from);
        return switch (this) {
            case SELF -> show(run, from, test, visitor);
            case CHILD -> siblings(run, tree.firstChild(from), tree.end(from), test, visitor);
            case DESCENDANT -> range(run, from + 1, tree.end(from), false, test, visitor);
            case DESCENDANT_OR_SELF -> show(run, from, test, visitor)
                    || range(run, from + 1, tree.end(from), false, test, visitor);
            case DESCENDANT_ATTRIBUTE -> range(run, from + 1, tree.end(from), true, test, visitor);
            case PARENT -> parent != Tree.NONE && show(run, parent, test, visitor);
            case ANCESTOR -> upward(run, parent, test, visitor);
            case ANCESTOR_OR_SELF -> upward(run, from, test, visitor);
            case FOLLOWING_SIBLING -> hasSiblings && siblings(run, tree.end(from), tree.end(parent), test, visitor);
            case PRECEDING_SIBLING -> hasSiblings && precedingSiblings(run, from, parent, test, visitor);
            case FOLLOWING -> range(run, tree.end(from), tree.size(), false, test, visitor);
            case PRECEDING -> preceding(run, from, test, visitor);
            case ATTRIBUTE -> ofKind(run, tree.firstAttribute(from), tree.end(from), Tree.ATTRIBUTE, test, visitor);
            case NAMESPACE -> ofKind(run, from + 1, tree.end(from), Tree.NAMESPACE, test, visitor);
        };
    }

    private static boolean show(Run run, int node, NodeTest test, Visitor visitor) {
        run.step();
        return test.accepts(run, node) && visitor.visit(node);
    }

    private static boolean siblings(Run run, int first, int end, NodeTest test, Visitor visitor) {
        for (int n = first; n < end; n = run.tree.end(n)) {
            if (show(run, n, test, visitor)) {
                return true;
            }
        }
        return false;
    }

    /** The node just before one is its sibling or within it, or else the parent or one of the parent's attributes. */
    private static boolean precedingSiblings(Run run, int from, int parent, NodeTest test, Visitor visitor) {
        Tree tree = run.tree;
        for (int n = from - 1; n != parent; n--) {
            for (; tree.parent(n) != parent; n = tree.parent(n)) {
                run.step();
            }
            if (tree.isAttributeOrNamespace(n)) {
                return false;
            }
            if (show(run, n, test, visitor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean upward(Run run, int first, NodeTest test, Visitor visitor) {
        for (int n = first; n != Tree.NONE; n = run.tree.parent(n)) {
            if (show(run, n, test, visitor)) {
                return true;
            }
        }
        return false;
    }

    private static boolean preceding(Run run, int from, NodeTest test, Visitor visitor) {
        Tree tree = run.tree;
        for (int n = from - 1; n > 0; n--) {
            run.step();
            boolean ancestor = tree.end(n) > from;
            if (!ancestor && !tree.isAttributeOrNamespace(n) && test.accepts(run, n) && visitor.visit(n)) {
                return true;
            }
        }
        return false;
    }

    private static boolean ofKind(Run run, int first, int end, byte kind, NodeTest test, Visitor visitor) {
        run.step();
        for (int n = first; n < end && run.tree.kind(n) == kind; n++) {
            if (show(run, n, test, visitor)) {
                return true;
            }
        }
        return false;
    }

    /** The nodes of one name stand in the tree's index; all else is looked for. */
    private static boolean range(Run run, int from, int end, boolean attributes, NodeTest test, Visitor visitor) {
        Tree tree = run.tree;
        int name = test.name(run);
        if (name == NodeTest.NO_NAME) {
            for (int n = from; n < end; n++) {
                run.step();
                boolean onAxis = attributes ? tree.kind(n) == Tree.ATTRIBUTE : !tree.isAttributeOrNamespace(n);
                if (onAxis && test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
        } else if (name != Tree.ABSENT) {
            int last = tree.endNamed(name);
            for (int i = tree.firstNamed(name, from); i < last && tree.named(i) < end; i++) {
                run.step();
                if (visitor.visit(tree.named(i))) {
                    return true;
                }
            }
        }
        return false;
    }
}
