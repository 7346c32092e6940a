package org.bolide.filtering.xpath;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import javax.xml.transform.stream.StreamSource;

import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.XPathCompiler;
import net.sf.saxon.s9api.XPathSelector;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;
import net.sf.saxon.s9api.XdmNodeKind;
import org.bolide.filtering.EventParser;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Saxon in its XPath 1.0 mode as a second opinion, on expressions made at random, the same ones each time: where it follows
 * XPath 1.0, which is everywhere but in the texts of some numbers, chained comparisons and what calls itself a number.
 */
class SaxonReferenceTest {

    private static final int EXPRESSIONS = 3000;

    private static final String NESTED = "<a n='1'><b n='2'>x<!--c--><a n='3'><b/>y<b n='4'><a>2</a></b></a></b><?p q?><b>3</b><c n='2'><b n='1'>2</b></c></a>";

    private final Random random = new Random(20140430);
    private final Processor processor = new Processor(false);

    @Test
    void shouldSelectWhatSaxonSelects() throws Exception {
        String[] documents = {NESTED, XPathTest.DOCUMENT, new String(SampleEvents.swift(), StandardCharsets.UTF_8)};
        String[][] names = {{"a", "b", "c", "n"}, {"P", "G", "b", "n", "v", "T"}, {"Param", "Group", "name", "value", "What", "Description"}};
        int nodes = 0;
        for (int d = 0; d < documents.length; d++) {
            TreeBuilder builder = new TreeBuilder(false);
            new EventParser().parse(ByteBuffer.wrap(documents[d].getBytes(StandardCharsets.UTF_8)), builder);
            Tree tree = builder.tree();
            XdmNode document = processor.newDocumentBuilder().build(new StreamSource(new StringReader(documents[d])));
            for (int i = 0; i < EXPRESSIONS / documents.length; i++) {
                String expression = expression(names[d]);
                List<String> ours = ours(expression, tree);
                if (ours != null) {
                    assertEquals(saxons(expression, document), ours, expression + " on " + documents[d]);
                    nodes += ours.size();
                }
            }
        }
        System.out.println("Saxon agrees on " + EXPRESSIONS + " expressions, which select " + nodes + " nodes and values");
    }

    /** Null if it costs too much. */
    private static List<String> ours(String expression, Tree tree) throws Exception {
        Parser.Parsed parsed = Parser.parse(expression, Map.of(), (part, start, end) -> { });
        Run run = new Run(null, tree, parsed.names().toArray(new Name[0]));
        Focus root = new Focus(run, tree.root());
        List<String> values = new ArrayList<>();
        try {
            switch (parsed.expression().type()) {
                case NODE_SET -> ((Expr.OfNodes) parsed.expression()).nodes(root).any(n ->
                        !values.add(tree.kind(n) + " " + tree.qualified(n) + " " + tree.string(n)));
                case NUMBER -> values.add("" + parsed.expression().number(root));
                default -> values.add("" + parsed.expression().test(root));
            }
        } catch (Overrun e) {
            return null;
        }
        return values;
    }

    private List<String> saxons(String expression, XdmNode document) throws SaxonApiException {
        XPathCompiler compiler = processor.newXPathCompiler();
        compiler.setBackwardsCompatible(true);
        compiler.setWarningHandler(warning -> { });
        XPathSelector selector = compiler.compile(expression).load();
        selector.setContextItem(document.children(n -> n.getNodeKind() == XdmNodeKind.ELEMENT).iterator().next());
        List<String> values = new ArrayList<>();
        for (XdmItem item : selector.evaluate()) {
            if (item instanceof XdmNode node) {
                String name = node.getUnderlyingNode().getDisplayName();
                values.add(kind(node.getNodeKind()) + " " + name + " " + node.getStringValue());
            } else {
                String value = item.getStringValue();
                values.add(value.equals("true") || value.equals("false") ? value : "" + Double.parseDouble(value.replace("INF", "Infinity")));
            }
        }
        return values;
    }

    private static byte kind(XdmNodeKind kind) {
        return switch (kind) {
            case DOCUMENT -> Tree.DOCUMENT;
            case ELEMENT -> Tree.ELEMENT;
            case TEXT -> Tree.TEXT;
            case COMMENT -> Tree.COMMENT;
            case PROCESSING_INSTRUCTION -> Tree.INSTRUCTION;
            case ATTRIBUTE -> Tree.ATTRIBUTE;
            case NAMESPACE -> Tree.NAMESPACE;
        };
    }

    private String expression(String[] names) {
        return switch (random.nextInt(10)) {
            case 0 -> "(" + path(names, 2) + ")" + predicate(names, 2);
            case 1 -> "(" + path(names, 2) + ")" + predicate(names, 1) + "/" + steps(names, 1);
            case 2 -> path(names, 2) + " | " + path(names, 1);
            case 3 -> "count(" + path(names, 2) + ") - string-length(" + path(names, 1) + ") div 2";
            case 4 -> condition(names, 2);
            default -> path(names, 3);
        };
    }

    private String path(String[] names, int depth) {
        return pick("", "", "/", "//", ".//", "../", "/*/") + steps(names, depth);
    }

    private String steps(String[] names, int depth) {
        StringBuilder steps = new StringBuilder(step(names, depth));
        for (int i = random.nextInt(3); i > 0; i--) {
            steps.append(pick("/", "/", "//")).append(step(names, depth));
        }
        return steps.toString();
    }

    private String step(String[] names, int depth) {
        String test = pick("*", "node()", "text()", "comment()", "processing-instruction()", pick(names), pick(names), pick(names), pick(names));
        String step = switch (random.nextInt(6)) {
            case 0 -> pick("child", "descendant", "parent", "ancestor", "following-sibling", "preceding-sibling", "following",
                    "preceding", "attribute", "self", "descendant-or-self", "ancestor-or-self") + "::" + test;
            case 1 -> "@" + pick("*", pick(names), pick(names));
            default -> test;
        };
        return random.nextInt(12) == 0 ? pick(".", "..") : step + (random.nextInt(3) == 0 ? predicate(names, depth - 1) : "");
    }

    private String predicate(String[] names, int depth) {
        return "[" + switch (random.nextInt(6)) {
            case 0 -> "" + (1 + random.nextInt(3));
            case 1 -> "last()";
            case 2 -> "position() " + comparison() + " " + pick("2", "last() - 1");
            default -> condition(names, depth);
        } + "]" + (random.nextInt(6) == 0 ? predicate(names, depth - 1) : "");
    }

    private String condition(String[] names, int depth) {
        if (depth <= 0) {
            return "@" + pick(names);
        }
        return switch (random.nextInt(7)) {
            case 0 -> "not(" + path(names, depth - 1) + ")";
            case 1 -> "count(" + path(names, depth - 1) + ") " + comparison() + " " + random.nextInt(4);
            case 2 -> path(names, depth - 1) + " " + comparison() + " " + path(names, depth - 1);
            case 3 -> path(names, depth - 1) + " " + comparison() + " " + pick("2", "'2'", "'a'", "1.5");
            case 4 -> condition(names, depth - 1) + pick(" and ", " or ") + condition(names, depth - 1);
            case 5 -> "contains(" + path(names, depth - 1) + ", '" + pick("a", "2", "x") + "')";
            default -> "boolean(" + path(names, depth - 1) + ")";
        };
    }

    private String comparison() {
        return pick("=", "!=", "<", "<=", ">", ">=");
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
