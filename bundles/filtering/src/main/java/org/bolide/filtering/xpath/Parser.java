package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.sky.SkyFunction;
import org.bolide.filtering.xpath.Token.Kind;

/**
 * The grammar of XPath 1.0 (sections 2 and 3), and no more: a filter means the same to every broker of the network. Whatever
 * is wrong whatever the event is found here: unknown names of functions and prefixes, number and types of arguments.
 */
final class Parser extends PathParser {

    static final int MAX_LENGTH = 8192;
    static final int MAX_NESTING = 128;
    static final int MAX_OPERATORS = 500;

    /** The operators of two operands, those that bind least first. */
    private static final List<Set<String>> PRECEDENCE = List.of(Set.of("or"), Set.of("and"), Set.of("=", "!="),
            Set.of("<", "<=", ">", ">="), Set.of("+", "-"), Set.of("*", "div", "mod"));

    private final Map<String, String> namespaces;
    private int nesting;
    private int operators;

    private Parser(List<Token> tokens, Map<String, String> namespaces, Spans spans) {
        super(tokens, spans, namespaces);
        this.namespaces = namespaces;
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
        return new Parsed(expression, parser.names(), parser.usesNamespaces());
    }

    @Override
    Expr expression() throws FilterSyntaxException {
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
        needNodeSet(first, token(start), "|");
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
        called(function);
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

    private void needNodeSet(Expr expr, Token operand, String mark) throws FilterSyntaxException {
        if (expr.type() != Type.NODE_SET) {
            throw Lexer.error("only a set of nodes goes with " + mark, operand.offset());
        }
    }
}
