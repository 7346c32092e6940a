package org.bolide.filtering.xpath;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import javax.xml.XMLConstants;

import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.ext.DefaultHandler2;

/**
 * Makes a tree of what a reader tells, in one pass. Namespace nodes are made only if asked for: each element has them all,
 * and hardly a filter looks at them.
 */
final class TreeBuilder extends DefaultHandler2 {

    /** Of a tree with namespace nodes: many small elements under many declarations would fill the memory. */
    private static final int MAX_NODES_WITH_NAMESPACES = 1_000_000;

    private static final Name XML_ID = new Name(Tree.ATTRIBUTE, XMLConstants.XML_NS_URI, "id");

    int size;
    int root = Tree.NONE;
    byte[] kind = new byte[1024];
    int[] name = new int[1024];
    int[] parent = new int[1024];
    int[] end = new int[1024];
    int[] from = new int[1024];
    int[] to = new int[1024];
    final StringBuilder text = new StringBuilder();
    final StringBuilder data = new StringBuilder();
    final Map<Name, Integer> ids = new HashMap<>();
    final List<Name> names = new ArrayList<>();
    final List<String> qualified = new ArrayList<>();
    final Map<Integer, String> otherwiseQualified = new HashMap<>();
    final Map<String, Integer> elementsById = new HashMap<>();

    private final boolean withNamespaces;
    /** The namespaces in scope of each open element: prefix to URI. */
    private final Deque<Map<String, String>> scopes = new ArrayDeque<>();
    private final Map<String, String> declared = new TreeMap<>();
    private int open = Tree.NONE;
    /** The text node that is being read, or {@link Tree#NONE}. */
    private int openText = Tree.NONE;

    TreeBuilder(boolean withNamespaces) {
        this.withNamespaces = withNamespaces;
        scopes.push(Map.of("xml", XMLConstants.XML_NS_URI));
        open = add(Tree.DOCUMENT);
    }

    Tree tree() {
        end[0] = size;
        to[0] = text.length();
        kind = Arrays.copyOf(kind, size);
        name = Arrays.copyOf(name, size);
        parent = Arrays.copyOf(parent, size);
        end = Arrays.copyOf(end, size);
        from = Arrays.copyOf(from, size);
        to = Arrays.copyOf(to, size);
        return new Tree(this);
    }

    @Override
    public void startPrefixMapping(String prefix, String uri) {
        declared.put(prefix, uri);
    }

    @Override
    public void startElement(String uri, String local, String qName, Attributes attributes) throws SAXException {
        openText = Tree.NONE;
        int element = add(Tree.ELEMENT);
        name(element, new Name(Tree.ELEMENT, uri, local), qName);
        from[element] = text.length();
        open = element;
        if (root == Tree.NONE) {
            root = element;
        }
        if (withNamespaces) {
            namespaces();
        }
        for (int i = 0; i < attributes.getLength(); i++) {
            Name attribute = new Name(Tree.ATTRIBUTE, attributes.getURI(i), attributes.getLocalName(i));
            name(addWithData(Tree.ATTRIBUTE, attributes.getValue(i)), attribute, attributes.getQName(i));
            if (attribute.equals(XML_ID)) {
                elementsById.putIfAbsent(Strings.normalizeSpace(attributes.getValue(i)), element);
            }
        }
    }

    private void namespaces() throws SAXException {
        Map<String, String> scope = scopes.peek();
        if (!declared.isEmpty()) {
            scope = new TreeMap<>(scope);
            scope.putAll(declared);
            scope.values().removeIf(String::isEmpty);
            declared.clear();
        }
        scopes.push(scope);
        if (size + scope.size() > MAX_NODES_WITH_NAMESPACES) {
            throw new SAXException("it has more than " + MAX_NODES_WITH_NAMESPACES + " nodes with its namespaces");
        }
        scope.forEach((prefix, uri) ->
                name(addWithData(Tree.NAMESPACE, uri), new Name(Tree.NAMESPACE, "", prefix), prefix));
    }

    @Override
    public void endElement(String uri, String local, String qName) {
        openText = Tree.NONE;
        end[open] = size;
        to[open] = text.length();
        open = parent[open];
        if (withNamespaces) {
            scopes.pop();
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) {
        if (length > 0) {
            if (openText == Tree.NONE) {
                openText = add(Tree.TEXT);
                from[openText] = text.length();
            }
            text.append(chars, start, length);
            to[openText] = text.length();
        }
    }

    @Override
    public void comment(char[] chars, int start, int length) {
        openText = Tree.NONE;
        addWithData(Tree.COMMENT, new String(chars, start, length));
    }

    @Override
    public void processingInstruction(String target, String content) {
        openText = Tree.NONE;
        name(addWithData(Tree.INSTRUCTION, content), new Name(Tree.INSTRUCTION, "", target), target);
    }

    private int addWithData(byte ofKind, String value) {
        int node = add(ofKind);
        from[node] = data.length();
        data.append(value);
        to[node] = data.length();
        return node;
    }

    private int add(byte ofKind) {
        if (size == kind.length) {
            kind = Arrays.copyOf(kind, 2 * size);
            name = Arrays.copyOf(name, 2 * size);
            parent = Arrays.copyOf(parent, 2 * size);
            end = Arrays.copyOf(end, 2 * size);
            from = Arrays.copyOf(from, 2 * size);
            to = Arrays.copyOf(to, 2 * size);
        }
        kind[size] = ofKind;
        name[size] = Tree.NO_NAME;
        parent[size] = open;
        end[size] = size + 1;
        return size++;
    }

    private void name(int node, Name expanded, String qName) {
        Integer known = ids.putIfAbsent(expanded, names.size());
        if (known == null) {
            name[node] = names.size();
            names.add(expanded);
            qualified.add(qName);
        } else {
            name[node] = known;
            if (!qualified.get(known).equals(qName)) {
                otherwiseQualified.put(node, qName);
            }
        }
    }
}
