package org.bolide.filtering.xpath;

import java.util.Locale;

/** The axes of XPath 1.0 (section 2.2), each in its own order: those that lead back begin with the nearest node. */
enum Axis {

    CHILD {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            Tree tree = run.tree;
            for (int n = tree.firstChild(from); n < tree.end(from); n = tree.end(n)) {
                run.step();
                if (test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
            return false;
        }
    },
    DESCENDANT {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            return walkDown(run, from + 1, run.tree.end(from), test, false, visitor);
        }
    },
    DESCENDANT_OR_SELF {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            return SELF.walk(run, from, test, visitor) || DESCENDANT.walk(run, from, test, visitor);
        }
    },
    PARENT {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            int parent = run.tree.parent(from);
            return parent != Tree.NONE && SELF.walk(run, parent, test, visitor);
        }
    },
    ANCESTOR {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            for (int n = run.tree.parent(from); n != Tree.NONE; n = run.tree.parent(n)) {
                run.step();
                if (test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
            return false;
        }
    },
    ANCESTOR_OR_SELF {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            return SELF.walk(run, from, test, visitor) || ANCESTOR.walk(run, from, test, visitor);
        }
    },
    FOLLOWING_SIBLING {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            Tree tree = run.tree;
            if (tree.parent(from) == Tree.NONE || tree.isAttributeOrNamespace(from)) {
                return false;
            }
            int end = tree.end(tree.parent(from));
            for (int n = tree.end(from); n < end; n = tree.end(n)) {
                run.step();
                if (test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
            return false;
        }
    },
    PRECEDING_SIBLING {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            Tree tree = run.tree;
            int parent = tree.parent(from);
            if (parent == Tree.NONE || tree.isAttributeOrNamespace(from)) {
                return false;
            }
            for (int n = siblingBefore(run, from, parent); n != Tree.NONE; n = siblingBefore(run, n, parent)) {
                if (test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
            return false;
        }

        /** The node just before is the sibling or within it; or it is the parent, or an attribute of the parent. */
        private int siblingBefore(Run run, int node, int parent) {
            int n = node - 1;
            while (n != parent && run.tree.parent(n) != parent) {
                run.step();
                n = run.tree.parent(n);
            }
            run.step();
            return n == parent || run.tree.isAttributeOrNamespace(n) ? Tree.NONE : n;
        }
    },
    FOLLOWING {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            return walkDown(run, run.tree.end(from), run.tree.size(), test, false, visitor);
        }
    },
    PRECEDING {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
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
    },
    ATTRIBUTE {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            Tree tree = run.tree;
            run.step();
            if (tree.kind(from) != Tree.ELEMENT) {
                return false;
            }
            int end = tree.end(from);
            for (int n = tree.firstAttribute(from); n < end && tree.kind(n) == Tree.ATTRIBUTE; n++) {
                run.step();
                if (test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
            return false;
        }
    },
    NAMESPACE {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            Tree tree = run.tree;
            run.step();
            if (tree.kind(from) != Tree.ELEMENT) {
                return false;
            }
            for (int n = from + 1; n < tree.end(from) && tree.kind(n) == Tree.NAMESPACE; n++) {
                run.step();
                if (test.accepts(run, n) && visitor.visit(n)) {
                    return true;
                }
            }
            return false;
        }
    },
    /** No axis of XPath: what {@code descendant-or-self::node()/attribute::} gives, which people write as {@code //@}. */
    DESCENDANT_ATTRIBUTE {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            return walkDown(run, from + 1, run.tree.end(from), test, true, visitor);
        }
    },
    SELF {
        @Override
        boolean walk(Run run, int from, NodeTest test, Visitor visitor) {
            run.step();
            return test.accepts(run, from) && visitor.visit(from);
        }
    };

    /**
     * Shows the nodes of this axis that pass the test.
     *
     * @return whether the visitor stopped
     */
    abstract boolean walk(Run run, int from, NodeTest test, Visitor visitor);

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
        return this == ATTRIBUTE || this == DESCENDANT_ATTRIBUTE ? Tree.ATTRIBUTE : this == NAMESPACE ? Tree.NAMESPACE : Tree.ELEMENT;
    }

    /** The nodes of one name stand in the tree's index; all else is looked for. */
    private static boolean walkDown(Run run, int from, int end, NodeTest test, boolean attributes, Visitor visitor) {
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
