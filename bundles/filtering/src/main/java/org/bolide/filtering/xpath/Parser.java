package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import javax.xml.XMLConstants;

import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.sky.SkyFunction;
import org.bolide.filtering.xpath.Token.Kind;

/**
 * The grammar of XPath 1.0 (sections 2 and 3), and no more: a filter means the same to every broker of the network. Whatever
 * is wrong whatever the event is found here: unknown names of functions and prefixes, number and types of arguments.
 */
final class Parser {

    static final int MAX_LENGTH = 8192;
    static final int MAX_NESTING = 128;
    static final int MAX_OPERATORS = 500;

    /** The operators of two operands, those that bind least first. */
    private static final List<Set<String>> PRECEDENCE = List.of(Set.of("or"), Set.of("and"), Set.of("=", "!="),
            Set.of("<", "<=", ">", ">="), Set.of("+", "-"), Set.of("*", "div", "mod"));

    /** Is told where in the text each part of an expression stands: an {@link Expr} or a {@link Step}. */
    interface Spans {

        void put(Object part, int start, int end);
    }

    private final List<Token> tokens;
    private final Map<String, String> namespaces;
    private final Spans spans;
    /** The names that are tested; their order is that of {@link Run#names}. */
    private final List<Name> names = new ArrayList<>();
    private boolean usesNamespaces;
    private int at;
    private int nesting;
    private int operators;
    /** Whether the predicate that is being read, or the filter, asks for the position or the number of nodes. */
    private boolean usesPosition;
    private boolean usesLast;

    private Parser(List<Token> tokens, Map<String, String> namespaces, Spans spans) {
        this.tokens = tokens;
        this.namespaces = namespaces;
        this.spans = spans;
    }

    /**
     * A filter that is one.
     *
     * @param names that are tested
     * @param usesNamespaces whether it looks at namespace nodes
     */
    record Parsed(Expr expression, List<Name> names, boolean usesNamespaces) {}

    /**
     * Reads a filter.
     *
     * @param namespaces the namespace prefixes that are known, beside {@code xml}
     * @throws FilterSyntaxException with the reason and the place
     */
    static Parsed parse(String text, Map<String, String> namespaces, Spans spans)
            throws FilterSyntaxException {
        if (text.length() > MAX_LENGTH) {
            throw new FilterSyntaxException("the filter has " + text.length() + " characters; " + MAX_LENGTH
                    + " is the limit", MAX_LENGTH);
        }
        Parser parser = new Parser(Lexer.tokens(text), namespaces, spans);
        if (parser.token().kind() == Kind.END) {
            throw new FilterSyntaxException("the filter is empty", 0);
        }
        Expr expression = parser.expression();
        if (parser.token().kind() != Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return new Parsed(expression, List.copyOf(parser.names), parser.usesNamespaces);
    }

    private Expr expression() throws FilterSyntaxException {
        if (++nesting > MAX_NESTING) {
            throw error("the filter is nested more than " + MAX_NESTING + " deep");
        }
        Expr expr = binary(0);
        nesting--;
        return expr;
    }

    /** Operands joined by the operators of this level and the ones that bind closer. */
    private Expr binary(int level) throws FilterSyntaxException {
        int start = at;
        if (level == PRECEDENCE.size()) {
            return minus();
        }
        Expr left = binary(level + 1);
        while (token().kind() == Kind.OPERATOR && PRECEDENCE.get(level).contains(token().text())) {
            String operator = token().text();
            if (level < 2) {
                List<Expr> terms = new ArrayList<>(List.of(left));
                while (takes(operator)) {
                    terms.add(binary(level + 1));
                }
                return marked(level == 0 ? new Operators.Or(List.copyOf(terms)) : new Operators.And(List.copyOf(terms)), start);
            }
            takes(operator);
            Expr right = binary(level + 1);
            left = marked(Expr.folded(level < 4 ? Comparison.of(Comparison.Operator.of(operator), left, right)
                    : new Operators.Arithmetic(operator, left, right)), start);
        }
        return left;
    }

    private Expr minus() throws FilterSyntaxException {
        int start = at;
        int signs = 0;
        while (takes("-")) {
            signs++;
        }
        Expr operand = union();
        if (signs == 0) {
            return operand;
        }
        // Any number of signs does what one or two do.
        Expr minus = Expr.folded(new Operators.Minus(operand));
        return marked(signs % 2 == 1 ? minus : Expr.folded(new Operators.Minus(minus)), start);
    }

    private Expr union() throws FilterSyntaxException {
        int start = at;
        Expr first = path();
        if (!token().is(Kind.OPERATOR, "|")) {
            return first;
        }
        needNodeSet(first, tokens.get(start), "|");
        List<Expr> parts = new ArrayList<>(List.of(first));
        while (takes("|")) {
            Token token = token();
            Expr part = path();
            needNodeSet(part, token, "|");
            parts.add(part);
        }
        return marked(new Paths.Union(List.copyOf(parts)), start);
    }

    private Expr path() throws FilterSyntaxException {
        int start = at;
        Token first = token();
        boolean primary = switch (first.kind()) {
            case NUMBER, LITERAL, VARIABLE, FUNCTION -> true;
            default -> first.mark("(");
        };
        if (!primary) {
            return marked(locationPath(), start);
        }
        Expr expr = primary();
        if (token().mark("[")) {
            needNodeSet(expr, first, "[");
            expr = marked(new Paths.Filtered((Expr.OfNodes) expr, predicates()), start);
        }
        if (token().kind() == Kind.SLASH) {
            needNodeSet(expr, first, token().text());
            expr = marked(steps((Expr.OfNodes) expr, true), start);
        }
        return expr;
    }

    private Expr primary() throws FilterSyntaxException {
        int start = at;
        Token first = token();
        switch (first.kind()) {
            case NUMBER -> {
                at++;
                return marked(new Expr.Constant.Number(Double.parseDouble(first.text())), start);
            }
            case LITERAL -> {
                at++;
                return marked(new Expr.Constant.Text(literal(first)), start);
            }
            case FUNCTION -> {
                return call();
            }
            case VARIABLE -> throw error("the variable " + first.text() + " is not known; a filter has none");
            default -> {
                at++;
                Expr expr = expression();
                close(")");
                return expr;
            }
        }
    }

    private Expr call() throws FilterSyntaxException {
        int start = at;
        Token name = token();
        int colon = name.text().indexOf(':');
        boolean sky = colon >= 0 && SkyFunction.NAMESPACE.equals(namespaces.get(name.text().substring(0, colon)));
        Optional<Function> function = Function.named(name.text());
        if (function.isEmpty() && !sky) {
            throw error("\"" + name.text() + "\" is not a function of XPath 1.0");
        }
        at += 2;
        List<Expr> arguments = new ArrayList<>();
        List<Token> firsts = new ArrayList<>();
        while (!token().mark(")")) {
            if (!arguments.isEmpty()) {
                if (!token().mark(",")) {
                    throw unexpected(", or )");
                }
                at++;
            }
            firsts.add(token());
            Expr argument = expression();
            if (function.isPresent() && function.get().ofNodes && argument.type() != Type.NODE_SET) {
                throw Lexer.error("the argument of " + name.text() + "() must be a set of nodes", firsts.get(0).offset());
            }
            arguments.add(argument);
        }
        Expr call = sky ? skyCall(name, name.text().substring(colon + 1), arguments, firsts)
                : coreCall(name, function.get(), arguments);
        close(")");
        return marked(call, start);
    }

    private Expr coreCall(Token name, Function function, List<Expr> arguments) throws FilterSyntaxException {
        if (arguments.size() < function.least || arguments.size() > function.most) {
            throw Lexer.error(name.text() + "() takes " + range(function.least, function.most) + ", not " + arguments.size(),
                    name.offset());
        }
        if (arguments.isEmpty() && function.ofContext()) {
            arguments.add(new Paths.Context());
        }
        usesPosition |= function == Function.POSITION;
        usesLast |= function == Function.LAST;
        return Expr.folded(Calls.of(function, List.copyOf(arguments)));
    }

    private static Expr skyCall(Token name, String local, List<Expr> arguments, List<Token> firsts) throws FilterSyntaxException {
        SkyFunction function = SkyFunction.find(local, arguments.size()).orElseThrow(
                () -> Lexer.error(SkyFunction.whyNotFound(local, arguments.size()), name.offset()));
        Calls.OfSky call = new Calls.OfSky(function, List.copyOf(arguments));
        for (int i = 0; i < arguments.size(); i++) {
            Optional<String> fault = fits(arguments.get(i).type(), function.parameters().get(i)) ? call.fault(i)
                    : Optional.of(function.demand(i));
            if (fault.isPresent()) {
                throw Lexer.error(fault.get(), firsts.get(i).offset());
            }
        }
        return call;
    }

    /** XPath would make a number of true, and a text of a number; here that is a mistake. */
    private static boolean fits(Type argument, SkyFunction.Type parameter) {
        return argument == Type.NODE_SET || argument == Type.STRING
                || argument == Type.NUMBER && parameter == SkyFunction.Type.NUMBER;
    }

    private static String range(int least, int most) {
        return least == most ? count(least)
                : most == Integer.MAX_VALUE ? count(least) + " or more" : least + " to " + count(most);
    }

    private static String count(int arguments) {
        return arguments == 0 ? "no arguments" : arguments == 1 ? "1 argument" : arguments + " arguments";
    }

    private Expr.OfNodes locationPath() throws FilterSyntaxException {
        if (token().kind() != Kind.SLASH) {
            return steps(new Paths.Context(), false);
        }
        if (token().text().equals("/") && !startsStep(tokens.get(at + 1))) {
            at++;
            return new Paths.Document();
        }
        return steps(new Paths.Document(), true);
    }

    /** @param slash whether the first step stands behind a slash */
    private Expr.OfNodes steps(Expr.OfNodes from, boolean slash) throws FilterSyntaxException {
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

    private Predicates predicates() throws FilterSyntaxException {
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

    private void close(String mark) throws FilterSyntaxException {
        if (!token().mark(mark)) {
            throw unexpected(mark);
        }
        at++;
    }

    private boolean takes(String operator) throws FilterSyntaxException {
        if (!token().is(Kind.OPERATOR, operator)) {
            return false;
        }
        if (++operators > MAX_OPERATORS) {
            throw error("the filter has more than " + MAX_OPERATORS + " operators");
        }
        at++;
        return true;
    }

    private Token token() {
        return tokens.get(at);
    }

    private static String literal(Token token) {
        return token.text().substring(1, token.text().length() - 1);
    }

    /** The same; notes that it stands in the text from that token on until here. */
    private <T> T marked(T part, int start) {
        return marked(part, start, at);
    }

    private <T> T marked(T part, int start, int end) {
        spans.put(part, tokens.get(start).offset(), tokens.get(end - 1).end());
        return part;
    }

    private void needNodeSet(Expr expr, Token operand, String mark) throws FilterSyntaxException {
        if (expr.type() != Type.NODE_SET) {
            throw Lexer.error("only a set of nodes goes with " + mark, operand.offset());
        }
    }

    private FilterSyntaxException unexpected(String expected) {
        return error(expected + " is expected, not " + token().described());
    }

    private FilterSyntaxException error(String message) {
        return Lexer.error(message, token().offset());
    }
}
