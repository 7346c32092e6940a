package org.bolide.filtering.xpath;

import java.util.Arrays;
import java.util.BitSet;

/** A list of nodes that grows. Made a node-set by {@link #inOrder}. */
final class Nodes implements Visitor {

    /** From here on, marking nodes in a bit set is faster than sorting them. */
    private static final int MANY = 64;

    private int[] nodes = new int[8];
    private int size;
    private boolean ordered = true;

    /** Adds a node. */
    @Override
    public boolean visit(int node) {
        if (size > 0) {
            int last = nodes[size - 1];
            if (node == last) {
                return false;
            }
            ordered &= node > last;
        }
        if (size == nodes.length) {
            nodes = Arrays.copyOf(nodes, 2 * size);
        }
        nodes[size++] = node;
        return false;
    }

    /** This list, in document order and without duplicates. */
    Nodes inOrder(Run run) {
        if (!ordered) {
            run.steps(2L * size);
            int[] all = nodes;
            int count = size;
            size = 0;
            ordered = true;
            if (count < MANY) {
                Arrays.sort(all, 0, count);
                for (int i = 0; i < count; i++) {
                    visit(all[i]);
                }
            } else {
                run.reading(run.tree.size());
                BitSet marked = new BitSet(run.tree.size());
                for (int i = 0; i < count; i++) {
                    marked.set(all[i]);
                }
                marked.stream().forEach(this::visit);
            }
        }
        return this;
    }

    int size() {
        return size;
    }

    int get(int i) {
        return nodes[i];
    }

    /** Shows all nodes until the visitor stops. */
    boolean any(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            if (visitor.visit(nodes[i])) {
                return true;
            }
        }
        return false;
    }
}
