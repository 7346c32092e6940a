package org.bolide.filtering.xpath;

/**
 * What a step says of the nodes it wants (XPath 1.0, section 2.3).
 *
 * @param kind of the nodes that are wanted
 * @param slot of {@link Run#names}, if one name is wanted
 * @param uri the namespace, if only that is wanted
 */
record NodeTest(Wanted wanted, byte kind, int slot, String uri) {

    enum Wanted {
        /** {@code a}, {@code p:a}, {@code processing-instruction('a')} */
        NAME,
        /** {@code *}, {@code text()}, {@code comment()}, {@code processing-instruction()} */
        KIND,
        /** {@code p:*} */
        NAMESPACE,
        /** {@code node()} */
        NODE
    }

    /** It does not want one name. */
    static final int NO_NAME = -3;

    static NodeTest node() {
        return new NodeTest(Wanted.NODE, Tree.DOCUMENT, 0, "");
    }

    static NodeTest ofKind(byte kind) {
        return new NodeTest(Wanted.KIND, kind, 0, "");
    }

    static NodeTest ofNamespace(byte kind, String uri) {
        return new NodeTest(Wanted.NAMESPACE, kind, 0, uri);
    }

    static NodeTest ofName(byte kind, int slot) {
        return new NodeTest(Wanted.NAME, kind, slot, "");
    }

    boolean accepts(Run run, int node) {
        Tree tree = run.tree;
        return switch (wanted) {
            // A name is of one kind only.
            case NAME -> tree.name(node) == run.names[slot];
            case KIND -> tree.kind(node) == kind;
            case NAMESPACE -> tree.kind(node) == kind && tree.uri(node).equals(uri);
            case NODE -> true;
        };
    }

    /** The one name that is wanted, {@link Tree#ABSENT} or {@link #NO_NAME}. */
    int name(Run run) {
        return wanted == Wanted.NAME ? run.names[slot] : NO_NAME;
    }
}
