package org.bolide.filtering.xpath;

/** Where an expression is evaluated (XPath 1.0, section 1): the context node, and its place among those that are tested. */
final class Focus {

    final Run run;
    int node;
    int position = 1;
    int size = 1;

    Focus(Run run, int node) {
        this.run = run;
        this.node = node;
    }

    /** Without an event: for what depends on none. */
    static Focus nowhere() {
        return new Focus(new Run(), Tree.NONE);
    }
}
