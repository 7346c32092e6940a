package org.bolide.filtering.xpath;

import java.util.Arrays;
import java.util.Map;

/**
 * One event as XPath 1.0 sees it (section 5), in a few arrays. A node is a number, and the numbers are in document order:
 * the document is 0, an element is followed by its namespace nodes, its attributes and its children. The text of the whole
 * document is one string, of which the string-value of an element is a part. Immutable.
 */
final class Tree {

    static final byte DOCUMENT = 0;
    static final byte ELEMENT = 1;
    static final byte TEXT = 2;
    static final byte COMMENT = 3;
    static final byte INSTRUCTION = 4;
    static final byte ATTRIBUTE = 5;
    static final byte NAMESPACE = 6;

    /** No node. */
    static final int NONE = -1;
    /** The name of what has none, such as a text. */
    static final int NO_NAME = -1;
    /** A name that nothing in the document has. */
    static final int ABSENT = -2;

    private final int size;
    private final int root;
    private final byte[] kind;
    /** The node's name, as a place in {@link #names}; {@link #NO_NAME} if it has none. */
    private final int[] name;
    private final int[] parent;
    /** The node after the last descendant. */
    private final int[] end;
    /** Where the string-value begins and ends: in {@link #text} for elements, texts and the document, else in {@link #data}. */
    private final int[] from;
    private final int[] to;
    private final String text;
    private final String data;
    private final Map<Name, Integer> ids;
    private final Name[] names;
    /** Each name as it was written first, and the nodes that write it with another prefix. */
    private final String[] qualified;
    private final Map<Integer, String> otherwiseQualified;
    /** The nodes of each name: those of name i stand from {@code firstNamed[i]} until before {@code firstNamed[i + 1]}. */
    private final int[] firstNamed;
    private final int[] named;
    private final Map<String, Integer> elementsById;
    /** Made when first asked for; if by two threads at once, twice the same. */
    private volatile AttributeValues attributeValues;

    Tree(TreeBuilder b) {
        size = b.size;
        root = b.root;
        kind = b.kind;
        name = b.name;
        parent = b.parent;
        end = b.end;
        from = b.from;
        to = b.to;
        text = b.text.toString();
        data = b.data.toString();
        ids = b.ids;
        names = b.names.toArray(new Name[0]);
        qualified = b.qualified.toArray(new String[0]);
        otherwiseQualified = b.otherwiseQualified;
        elementsById = b.elementsById;
        firstNamed = new int[names.length + 1];
        named = new int[size];
        index();
    }

    private void index() {
        for (int n = 0; n < size; n++) {
            if (name[n] >= 0) {
                firstNamed[name[n] + 1]++;
            }
        }
        for (int i = 0; i < names.length; i++) {
            firstNamed[i + 1] += firstNamed[i];
        }
        int[] next = firstNamed.clone();
        for (int n = 0; n < size; n++) {
            if (name[n] >= 0) {
                named[next[name[n]]++] = n;
            }
        }
    }

    int size() {
        return size;
    }

    /** The root element. */
    int root() {
        return root;
    }

    byte kind(int n) {
        return kind[n];
    }

    /** Of the document {@link #NONE}. */
    int parent(int n) {
        return parent[n];
    }

    int end(int n) {
        return end[n];
    }

    int name(int n) {
        return name[n];
    }

    /** The number by which nodes have this name here, or {@link #ABSENT}. */
    int id(Name wanted) {
        return ids.getOrDefault(wanted, ABSENT);
    }

    boolean isAttributeOrNamespace(int n) {
        return kind[n] >= ATTRIBUTE;
    }

    /** The first child, or {@code end(n)} if there is none. */
    int firstChild(int n) {
        int child = n + 1;
        while (child < end[n] && kind[child] >= ATTRIBUTE) {
            child++;
        }
        return child;
    }

    /** The first attribute, or the node that stands in its place. */
    int firstAttribute(int n) {
        int attribute = n + 1;
        while (attribute < end[n] && kind[attribute] == NAMESPACE) {
            attribute++;
        }
        return attribute;
    }

    /** The attribute of that name, or {@link #NONE}. */
    int attribute(int n, int id) {
        for (int a = firstAttribute(n); a < end[n] && kind[a] == ATTRIBUTE; a++) {
            if (name[a] == id) {
                return a;
            }
        }
        return NONE;
    }

    /** The place in {@link #named} of the first node with this name from the given node on. */
    int firstNamed(int id, int node) {
        int low = firstNamed[id];
        int high = firstNamed[id + 1];
        while (low < high) {
            int middle = low + high >>> 1;
            if (named[middle] < node) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    int endNamed(int id) {
        return firstNamed[id + 1];
    }

    int named(int place) {
        return named[place];
    }

    /** The first attribute in the document with this name and value, or {@link #NONE}. */
    int attributeWith(int id, AttributeKey key) {
        AttributeValues values = attributeValues;
        if (values == null) {
            values = new AttributeValues();
            attributeValues = values;
        }
        return values.same(values.first[values.bucket(id, key.hash())], id, key.value());
    }

    /** The next one with the same name and value. */
    int nextWith(int attribute, AttributeKey key) {
        AttributeValues values = attributeValues;
        return values.same(values.next[attribute], name[attribute], key.value());
    }

    /** The first element with this {@code xml:id}, or {@link #NONE}. */
    int elementById(String id) {
        return elementsById.getOrDefault(id, NONE);
    }

    String local(int n) {
        return name[n] < 0 ? "" : names[name[n]].local();
    }

    String uri(int n) {
        return name[n] < 0 ? "" : names[name[n]].uri();
    }

    /** The name as the event writes it. */
    String qualified(int n) {
        return name[n] < 0 ? "" : otherwiseQualified.getOrDefault(n, qualified[name[n]]);
    }

    /** The length of the string-value, in UTF-16 units. */
    int length(int n) {
        return to[n] - from[n];
    }

    String string(int n) {
        return buffer(n).substring(from[n], to[n]);
    }

    boolean stringIs(int n, String value) {
        return to[n] - from[n] == value.length() && buffer(n).startsWith(value, from[n]);
    }

    boolean startsWith(int n, String start) {
        return to[n] - from[n] >= start.length() && buffer(n).startsWith(start, from[n]);
    }

    double number(int n) {
        return Numbers.parse(buffer(n), from[n], to[n]);
    }

    private String buffer(int n) {
        return kind[n] <= TEXT ? text : data;
    }

    /** The attributes by name and value: a hash table whose chains are in document order. */
    private final class AttributeValues {

        private final int[] first;
        private final int[] next;

        AttributeValues() {
            first = new int[Integer.highestOneBit(size) * 2];
            next = new int[size];
            Arrays.fill(first, NONE);
            for (int n = size - 1; n >= 0; n--) {
                if (kind[n] == ATTRIBUTE) {
                    int bucket = bucket(name[n], AttributeKey.hash(data, from[n], to[n]));
                    next[n] = first[bucket];
                    first[bucket] = n;
                }
            }
        }

        int bucket(int id, int hash) {
            return (hash + 31 * id) & first.length - 1;
        }

        /** The attribute, or the first after it in its chain, that has this name and value. */
        int same(int attribute, int id, String value) {
            int n = attribute;
            while (n != NONE && !(name[n] == id && stringIs(n, value))) {
                n = next[n];
            }
            return n;
        }
    }
}
