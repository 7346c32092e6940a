package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.XMLConstants;

import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.xpath.Token.Kind;

/** The part of the grammar that is about location paths (section 2). */
abstract class PathParser extends TokenReader {

    private final Map<String, String> namespaces;
    /** The names that are tested; their order is that of {@link Run#names}. */
    private final List<Name> names = new ArrayList<>();
    private boolean usesNamespaces;
    /** Whether the predicate that is being read, or the filter, asks for the position or the number of nodes. */
    private boolean usesPosition;
    private boolean usesLast;

    PathParser(List<Token> tokens, Spans spans, Map<String, String> namespaces) {
        super(tokens, spans);
        this.namespaces = namespaces;
    }

    /** What stands in brackets of any kind. */
    abstract Expr expression() throws FilterSyntaxException;

    List<Name> names() {
        return List.copyOf(names);
    }

    boolean usesNamespaces() {
        return usesNamespaces;
    }

    /** Notes a call of {@code position()} or {@code last()}. */
    void called(Function function) {
        usesPosition |= function == Function.POSITION;
        usesLast |= function == Function.LAST;
    }

    Expr.OfNodes locationPath() throws FilterSyntaxException {
        if (token().kind() != Kind.SLASH) {
            return steps(new Paths.Context(), false);
        }
        if (token().text().equals("/") && !startsStep(token(at + 1))) {
            at++;
            return new Paths.Document();
        }
        return steps(new Paths.Document(), true);
    }

    /** @param slash whether the first step stands behind a slash */
    Expr.OfNodes steps(Expr.OfNodes from, boolean slash) throws FilterSyntaxException {
        List<Step> steps = new ArrayList<>();
        boolean more = slash;
        do {
            int start = at;
            boolean deep = more && token().text().equals("//");
            at += more ? 1 : 0;
            Step step = step();
            Optional<Step> deeper = deep ? step.fromAllDescendants() : Optional.empty();
            if (deeper.isPresent()) {
                steps.add(marked(deeper.get(), start));
            } else {
                if (deep) {
                    steps.add(marked(Step.ALL, start, start + 1));
                }
                if (!step.isHere()) {
                    steps.add(marked(step, more ? start + 1 : start));
                }
            }
            more = true;
        } while (token().kind() == Kind.SLASH);
        if (steps.isEmpty()) {
            return from;
        }
        Step only = steps.get(0);
        boolean attribute = steps.size() == 1 && from instanceof Paths.Context && only.axis() == Axis.ATTRIBUTE
                && only.test().wanted() == NodeTest.Wanted.NAME && only.predicates().isEmpty();
        return attribute ? new Paths.Attribute(only.test().slot()) : new Paths.Path(from, List.copyOf(steps));
    }

    private static boolean startsStep(Token token) {
        return switch (token.kind()) {
            case NAME, AXIS, NODE_TYPE -> true;
            default -> token.mark("@") || token.mark(".") || token.mark("..");
        };
    }

    private Step step() throws FilterSyntaxException {
        Token first = token();
        if (!startsStep(first)) {
            throw first.mark("(") ? error("( cannot follow / in XPath 1.0; write the steps out, joined by |")
                    : unexpected("a name, *, @, . or an axis");
        }
        if (first.mark(".") || first.mark("..")) {
            at++;
            if (token().mark("[")) {
                throw error(first.text() + " takes no [ ]; write " + (first.mark(".") ? "self" : "parent") + "::node()[…]");
            }
            return new Step(first.mark(".") ? Axis.SELF : Axis.PARENT, NodeTest.node(), Predicates.NONE);
        }
        Axis axis = Axis.CHILD;
        if (first.mark("@")) {
            axis = Axis.ATTRIBUTE;
            at++;
        } else if (first.kind() == Kind.AXIS) {
            axis = Axis.named(first.text().substring(0, first.text().length() - 2));
            at++;
        }
        usesNamespaces |= axis == Axis.NAMESPACE;
        NodeTest test = switch (token().kind()) {
            case NAME -> name(axis);
            case NODE_TYPE -> nodeType();
            default -> throw unexpected("a name or *");
        };
        return new Step(axis, test, predicates());
    }

    private NodeTest name(Axis axis) throws FilterSyntaxException {
        String name = token().text();
        int colon = name.indexOf(':');
        String local = name.substring(colon + 1);
        String uri = colon < 0 ? "" : namespace(name.substring(0, colon), local, axis == Axis.ATTRIBUTE);
        at++;
        if (!local.equals("*")) {
            return NodeTest.ofName(axis.principal(), slot(new Name(axis.principal(), uri, local)));
        }
        return colon < 0 ? NodeTest.ofKind(axis.principal()) : NodeTest.ofNamespace(axis.principal(), uri);
    }

    private String namespace(String prefix, String local, boolean attribute) throws FilterSyntaxException {
        String uri = prefix.equals("xml") ? XMLConstants.XML_NS_URI : namespaces.get(prefix);
        if (uri == null) {
            throw error("the prefix \"" + prefix + "\" is not known; write " + (attribute ? "@*" : "*")
                    + (local.equals("*") ? "" : "[local-name()=\"" + local + "\"]") + " instead of "
                    + (attribute ? "@" : "") + token().text());
        }
        return uri;
    }

    private int slot(Name name) {
        int known = names.indexOf(name);
        if (known < 0) {
            names.add(name);
        }
        return known < 0 ? names.size() - 1 : known;
    }

    private NodeTest nodeType() throws FilterSyntaxException {
        String type = token().text();
        at += 2;
        NodeTest test = switch (type) {
            case "node" -> NodeTest.node();
            case "text" -> NodeTest.ofKind(Tree.TEXT);
            case "comment" -> NodeTest.ofKind(Tree.COMMENT);
            default -> NodeTest.ofKind(Tree.INSTRUCTION);
        };
        if (type.equals("processing-instruction") && token().kind() == Kind.LITERAL) {
            test = NodeTest.ofName(Tree.INSTRUCTION, slot(new Name(Tree.INSTRUCTION, "", literal(token()))));
            at++;
        }
        close(")");
        return test;
    }

    Predicates predicates() throws FilterSyntaxException {
        boolean outerPosition = usesPosition;
        boolean outerLast = usesLast;
        usesPosition = false;
        usesLast = false;
        List<Expr> predicates = new ArrayList<>();
        while (token().mark("[")) {
            at++;
            Expr predicate = expression();
            close("]");
            usesPosition |= predicate.type() == Type.NUMBER;
            predicates.add(predicate);
        }
        Predicates all = new Predicates(List.copyOf(predicates), usesPosition || usesLast, usesLast);
        usesPosition = outerPosition;
        usesLast = outerLast;
        return all;
    }
}
