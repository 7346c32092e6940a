package org.bolide.filtering.xpath;

/** Is shown nodes, one by one. */
@FunctionalInterface
interface Visitor {

    Visitor STOP = node -> true;

    /** @return whether to stop: it has seen enough */
    boolean visit(int node);
}
