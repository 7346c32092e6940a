package org.bolide.filtering.xquery;

import java.math.BigDecimal;

import net.sf.saxon.ma.arrays.ArrayItem;
import net.sf.saxon.ma.map.KeyValuePair;
import net.sf.saxon.ma.map.MapItem;
import net.sf.saxon.om.FunctionItem;
import net.sf.saxon.om.GroundedValue;
import net.sf.saxon.om.Item;
import net.sf.saxon.om.NodeInfo;
import net.sf.saxon.tree.tiny.TinyNodeImpl;
import net.sf.saxon.tree.tiny.TinyTree;
import net.sf.saxon.value.BigDecimalValue;
import net.sf.saxon.value.BigIntegerValue;
import net.sf.saxon.value.StringValue;

/** What an item costs whoever takes it. */
enum Weight {

    /** The taker looks at the item, not into it. */
    ITEM,
    /** The taker goes through the entries of an array or map, but not into them. */
    ENTRIES,
    /** The taker goes through all that is in the item: text, descendants, members of members. */
    CONTENT,
    /** As {@link #CONTENT}, and makes a number, a date or the like of it: to read an integer takes time that is quadratic in its digits. */
    CAST,
    /** As {@link #CONTENT}, several times over. */
    SORT,
    /** The taker puts nodes into the order of the document, and looks at each several times. */
    ORDER,
    /** The taker goes through all that is in an array or map to see whether it is of a type. */
    TYPE,
    /**
     * An array or map that has just been made. What is in the arrays and maps in it is paid anew each time: one that holds
     * another twice, and so forth, would be endless to whoever goes through it, and be it to tell of an error.
     */
    MADE;

    /** Text that is no number costs most: an exception within Saxon. */
    private static final int CAST_FACTOR = 16;
    /** An integer or decimal larger than 10 to the 4932nd; Java takes such a one at once, and all that is made of two of them. */
    private static final int MAX_BITS = 16_384;
    private static final int SORT_FACTOR = 8;
    private static final int MAKING = 8;
    private static final int ENTRIES_PER_STEP = 8;

    void charge(Item item, Meter meter) {
        switch (this) {
            case ITEM -> shallow(item, meter);
            case ENTRIES -> {
                shallow(item, meter);
                if (item instanceof ArrayItem array) {
                    meter.charge(array.arrayLength());
                } else if (item instanceof MapItem map) {
                    meter.charge(map.size());
                }
            }
            case CONTENT -> content(item, meter);
            case CAST -> {
                content(item, meter);
                if (item instanceof StringValue text) {
                    meter.charge(CAST_FACTOR);
                    meter.chargeProduct(text.getContent().length(), text.getContent().length());
                }
            }
            case ORDER -> meter.charge(SORT_FACTOR);
            case TYPE -> {
                if (item instanceof FunctionItem) {
                    content(item, meter);
                } else {
                    shallow(item, meter);
                }
            }
            case MADE -> {
                shallow(item, meter);
                if (item instanceof ArrayItem array) {
                    meter.charge(MAKING + array.arrayLength() / ENTRIES_PER_STEP);
                    for (GroundedValue member : array.members()) {
                        nested(member, meter);
                    }
                } else if (item instanceof MapItem map) {
                    meter.charge(MAKING + map.size() / ENTRIES_PER_STEP);
                    for (KeyValuePair pair : map.keyValuePairs()) {
                        nested(pair.value, meter);
                    }
                }
            }
            case SORT -> {
                content(item, meter);
                meter.charge(SORT_FACTOR + (item instanceof StringValue text
                        ? SORT_FACTOR * text.getContent().length() / Meter.CHARACTERS : 0));
            }
        }
    }

    private static void nested(GroundedValue value, Meter meter) {
        for (Item item : value.asIterable()) {
            if (item instanceof ArrayItem || item instanceof MapItem) {
                content(item, meter);
            }
        }
    }

    void charge(GroundedValue value, Meter meter) {
        for (Item item : value.asIterable()) {
            charge(item, meter);
        }
    }

    /** What each expression's result costs, for it has been made and will be handled. */
    static void shallow(Item item, Meter meter) {
        meter.charge(1);
        if (item instanceof StringValue text) {
            meter.chargeCharacters(text.getContent().length());
        } else if (item instanceof BigIntegerValue integer) {
            bits(integer.asBigInteger().bitLength(), meter);
        } else if (item instanceof BigDecimalValue decimal) {
            BigDecimal value = decimal.getDecimalValue();
            bits(value.unscaledValue().bitLength() + 4L * Math.abs((long) value.scale()), meter);
        }
    }

    private static void bits(long bits, Meter meter) {
        if (bits > MAX_BITS) {
            throw meter.stop("a number has more than " + MAX_BITS + " bits");
        }
        meter.charge(bits / Long.SIZE);
    }

    private static void content(Item item, Meter meter) {
        shallow(item, meter);
        if (item instanceof NodeInfo node) {
            meter.charge(nodes(node) - 1);
            // To make the text once more costs no more than what the taker does with it.
            meter.chargeCharacters(node.getUnicodeStringValue().length());
        } else if (item instanceof ArrayItem array) {
            meter.enter();
            for (GroundedValue member : array.members()) {
                meter.charge(1);
                CONTENT.charge(member, meter);
            }
            meter.leave();
        } else if (item instanceof MapItem map) {
            meter.enter();
            for (KeyValuePair pair : map.keyValuePairs()) {
                content(pair.key, meter);
                CONTENT.charge(pair.value, meter);
            }
            meter.leave();
        }
    }

    /** How many nodes a node consists of, itself included, without attributes. */
    static long nodes(NodeInfo node) {
        if (!(node instanceof TinyNodeImpl tiny) || !tiny.hasChildNodes()) {
            return 1;
        }
        TinyTree tree = tiny.getTree();
        int[] next = tree.getNextPointerArray();
        int start = tiny.getNodeNumber();
        // Where the next sibling begins; the last sibling points back to its parent instead.
        int at = start;
        while (at >= 0 && next[at] <= at) {
            at = next[at];
        }
        return (at < 0 ? tree.getNumberOfNodes() : next[at]) - start;
    }
}
