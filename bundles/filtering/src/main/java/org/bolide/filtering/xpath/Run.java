package org.bolide.filtering.xpath;

import org.bolide.api.BrokerEvent;

/**
 * One evaluation: what it works on, and what it has cost. Cost is counted in steps, one for each node looked at and for
 * each few characters read or written; what is counted depends on the filter and the event alone, and so does the verdict.
 */
final class Run {

    /** What any evaluation may cost, and what for each node of the event; together some milliseconds. */
    static final long STEPS = 1_000_000;
    static final long STEPS_FOR_A_NODE = 20;

    /** Characters that are read in the time of a step, and characters that are written. */
    private static final int READ = 16;
    private static final int WRITTEN = 8;

    final BrokerEvent event;
    final Tree tree;
    /** For each name that the expression tests, its number in the tree. */
    final int[] names;
    private final long limit;
    private long left;

    Run(BrokerEvent event, Tree tree, Name[] names) {
        this.event = event;
        this.tree = tree;
        this.limit = STEPS + STEPS_FOR_A_NODE * tree.size();
        this.left = limit;
        this.names = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            this.names[i] = tree.id(names[i]);
        }
    }

    /** Without an event. */
    Run() {
        this.event = null;
        this.tree = null;
        this.names = new int[0];
        this.limit = STEPS;
        this.left = limit;
    }

    void step() {
        steps(1);
    }

    void steps(long count) {
        left -= count;
        if (left < 0) {
            throw new Overrun(limit);
        }
    }

    long taken() {
        return limit - left;
    }

    /** Before so many characters are read. */
    void reading(long characters) {
        steps(1 + characters / READ);
    }

    /** Before so many characters are written to a new text. */
    void writing(long characters) {
        steps(1 + characters / WRITTEN);
    }

    String string(int node) {
        writing(tree.length(node));
        return tree.string(node);
    }

    boolean stringIs(int node, String text) {
        step();
        if (tree.length(node) != text.length()) {
            return false;
        }
        reading(text.length());
        return tree.stringIs(node, text);
    }

    boolean startsWith(int node, String start) {
        reading(start.length());
        return tree.startsWith(node, start);
    }

    double number(int node) {
        reading(tree.length(node));
        return tree.number(node);
    }
}
