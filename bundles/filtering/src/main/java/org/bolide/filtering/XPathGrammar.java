package org.bolide.filtering;

import java.util.List;
import java.util.Set;

import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.XPathToken.Kind;

/**
 * The grammar of XPath 1.0 (sections 2 and 3). Its reading of a filter decides whether the filter is one: the engine
 * behind it speaks later versions too, which other brokers of the network do not. What it lets through is written anew
 * for the engine, with a blank between any two tokens and in the forms that both understand alike: chains of comparisons in
 * parentheses, many minus signs as one or two.
 */
final class XPathGrammar {

    static final int MAX_LENGTH = 8192;
    static final int MAX_NESTING = 128;
    static final int MAX_OPERATORS = 500;

    private static final Set<String> EQUALITY = Set.of("=", "!=");
    private static final Set<String> RELATION = Set.of("<", "<=", ">", ">=");
    private static final Set<String> ADDITION = Set.of("+", "-");
    private static final Set<String> MULTIPLICATION = Set.of("*", "div", "mod");

    private final List<XPathToken> tokens;
    private final Set<String> prefixes;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int nesting;
    private int operators;

    private XPathGrammar(List<XPathToken> tokens, Set<String> prefixes) {
        this.tokens = tokens;
        this.prefixes = prefixes;
    }

    /**
     * Checks a filter.
     *
     * @param prefixes the namespace prefixes that are known, beside {@code xml}
     * @return the same filter, for the engine
     * @throws FilterSyntaxException with the reason and the place
     */
    static String check(String text, Set<String> prefixes) throws FilterSyntaxException {
        if (text.length() > MAX_LENGTH) {
            throw new FilterSyntaxException("the filter has " + text.length() + " characters; " + MAX_LENGTH
                    + " is the limit", MAX_LENGTH);
        }
        XPathGrammar grammar = new XPathGrammar(XPathLexer.tokens(text), prefixes);
        if (grammar.token().kind() == Kind.END) {
            throw new FilterSyntaxException("the filter is empty", 0);
        }
        grammar.expression();
        if (grammar.token().kind() != Kind.END) {
            throw grammar.unexpected("an operator or the end");
        }
        return grammar.out.toString();
    }

    private Type expression() throws FilterSyntaxException {
        if (++nesting > MAX_NESTING) {
            throw error("the filter is nested more than " + MAX_NESTING + " deep");
        }
        Type type = or();
        nesting--;
        return type;
    }

    private Type or() throws FilterSyntaxException {
        Type type = and();
        while (operator(Set.of("or"))) {
            and();
            type = Type.BOOLEAN;
        }
        return type;
    }

    private Type and() throws FilterSyntaxException {
        Type type = equality();
        while (operator(Set.of("and"))) {
            equality();
            type = Type.BOOLEAN;
        }
        return type;
    }

    private Type equality() throws FilterSyntaxException {
        int start = out.length();
        Type type = relation();
        while (token().kind() == Kind.OPERATOR && EQUALITY.contains(token().text())) {
            parenthesise(start, type == Type.BOOLEAN);
            operator(EQUALITY);
            int operand = out.length();
            parenthesise(operand, relation() == Type.BOOLEAN);
            type = Type.BOOLEAN;
        }
        return type;
    }

    private Type relation() throws FilterSyntaxException {
        int start = out.length();
        Type type = sum();
        while (token().kind() == Kind.OPERATOR && RELATION.contains(token().text())) {
            parenthesise(start, type == Type.BOOLEAN);
            operator(RELATION);
            sum();
            type = Type.BOOLEAN;
        }
        return type;
    }

    /** In XPath 2 and later a comparison is no operand of another, unless in parentheses. */
    private void parenthesise(int start, boolean needed) {
        if (needed) {
            out.insert(start, "( ").append(") ");
        }
    }

    private Type sum() throws FilterSyntaxException {
        Type type = product();
        while (operator(ADDITION)) {
            product();
            type = Type.NUMBER;
        }
        return type;
    }

    private Type product() throws FilterSyntaxException {
        Type type = minus();
        while (operator(MULTIPLICATION)) {
            minus();
            type = Type.NUMBER;
        }
        return type;
    }

    private Type minus() throws FilterSyntaxException {
        int signs = 0;
        while (token().is(Kind.OPERATOR, "-")) {
            countOperator();
            at++;
            signs++;
        }
        // The engine's time is exponential in the number of signs; two do what any even number does.
        out.append(signs == 0 ? "" : signs % 2 == 1 ? "- " : "- - ");
        Type type = union();
        return signs == 0 ? type : Type.NUMBER;
    }

    private Type union() throws FilterSyntaxException {
        XPathToken first = token();
        Type type = path();
        while (token().is(Kind.OPERATOR, "|")) {
            needNodeSet(type, first, "|");
            operator(Set.of("|"));
            first = token();
            type = path();
            needNodeSet(type, first, "|");
        }
        return type;
    }

    private Type path() throws FilterSyntaxException {
        XPathToken first = token();
        boolean primary = switch (first.kind()) {
            case NUMBER, LITERAL, VARIABLE, FUNCTION -> true;
            default -> first.mark("(");
        };
        if (!primary) {
            locationPath();
            return Type.NODE_SET;
        }
        Type type = primary();
        while (token().mark("[")) {
            needNodeSet(type, first, "[");
            predicate();
        }
        if (token().kind() == Kind.SLASH) {
            needNodeSet(type, first, token().text());
            emit();
            relativePath();
        }
        return type;
    }

    private Type primary() throws FilterSyntaxException {
        XPathToken first = token();
        switch (first.kind()) {
            case NUMBER -> {
                emit();
                return Type.NUMBER;
            }
            case LITERAL -> {
                emit();
                return Type.STRING;
            }
            case FUNCTION -> {
                return call();
            }
            case VARIABLE -> throw error("the variable " + first.text() + " is not known; a filter has none");
            default -> {
                emit();
                Type type = expression();
                close(")");
                return type;
            }
        }
    }

    private Type call() throws FilterSyntaxException {
        XPathToken name = token();
        XPathFunction function = XPathFunction.named(name.text()).orElseThrow(
                () -> error("\"" + name.text() + "\" is not a function of XPath 1.0"));
        emit();
        emit();
        int arguments = 0;
        while (!token().mark(")")) {
            if (arguments > 0) {
                if (!token().mark(",")) {
                    throw unexpected(", or )");
                }
                emit();
            }
            XPathToken argument = token();
            Type type = expression();
            if (function.nodeSet() && type != Type.NODE_SET) {
                throw XPathLexer.error("the argument of " + name.text() + "() must be a set of nodes", argument.offset());
            }
            arguments++;
        }
        if (arguments < function.least() || arguments > function.most()) {
            throw XPathLexer.error(name.text() + "() takes " + function.arguments() + ", not " + arguments, name.offset());
        }
        close(")");
        return function.result();
    }

    private void locationPath() throws FilterSyntaxException {
        if (token().kind() == Kind.SLASH) {
            if (token().text().equals("/") && !startsStep(tokens.get(at + 1))) {
                at++;
                // In parentheses, lest the engine takes what follows for a step.
                out.append("(/) ");
                return;
            }
            emit();
        }
        relativePath();
    }

    private void relativePath() throws FilterSyntaxException {
        step();
        while (token().kind() == Kind.SLASH) {
            emit();
            step();
        }
    }

    private static boolean startsStep(XPathToken token) {
        return switch (token.kind()) {
            case NAME, AXIS, NODE_TYPE -> true;
            default -> token.mark("@") || token.mark(".") || token.mark("..");
        };
    }

    private void step() throws FilterSyntaxException {
        if (!startsStep(token())) {
            throw token().mark("(") ? error("( cannot follow / in XPath 1.0; write the steps out, joined by |")
                    : unexpected("a name, *, @, . or an axis");
        }
        if (token().mark(".") || token().mark("..")) {
            String dots = token().text();
            emit();
            if (token().mark("[")) {
                throw error(dots + " takes no [ ]; write " + (dots.equals(".") ? "self" : "parent") + "::node()[…]");
            }
            return;
        }
        boolean attribute = token().mark("@") || token().is(Kind.AXIS, "attribute::");
        if (token().mark("@") || token().kind() == Kind.AXIS) {
            emit();
        }
        switch (token().kind()) {
            case NAME -> name(attribute);
            case NODE_TYPE -> nodeType();
            default -> throw unexpected("a name or *");
        }
        while (token().mark("[")) {
            predicate();
        }
    }

    private void name(boolean attribute) throws FilterSyntaxException {
        String name = token().text();
        int colon = name.indexOf(':');
        String prefix = colon < 0 ? "" : name.substring(0, colon);
        if (colon >= 0 && !prefix.equals("xml") && !prefixes.contains(prefix)) {
            String local = name.substring(colon + 1);
            throw error("the prefix \"" + prefix + "\" is not known; write " + (attribute ? "@*" : "*")
                    + (local.equals("*") ? "" : "[local-name()=\"" + local + "\"]") + " instead of "
                    + (attribute ? "@" : "") + name);
        }
        emit();
    }

    private void nodeType() throws FilterSyntaxException {
        boolean instruction = token().text().equals("processing-instruction");
        emit();
        emit();
        if (instruction && token().kind() == Kind.LITERAL) {
            emit();
        }
        close(")");
    }

    private void predicate() throws FilterSyntaxException {
        emit();
        expression();
        close("]");
    }

    private void close(String mark) throws FilterSyntaxException {
        if (!token().mark(mark)) {
            throw unexpected(mark);
        }
        emit();
    }

    private boolean operator(Set<String> expected) throws FilterSyntaxException {
        if (token().kind() != Kind.OPERATOR || !expected.contains(token().text())) {
            return false;
        }
        countOperator();
        emit();
        return true;
    }

    private void countOperator() throws FilterSyntaxException {
        if (++operators > MAX_OPERATORS) {
            throw error("the filter has more than " + MAX_OPERATORS + " operators");
        }
    }

    private void emit() {
        out.append(token().text()).append(' ');
        at++;
    }

    private XPathToken token() {
        return tokens.get(at);
    }

    private void needNodeSet(Type type, XPathToken operand, String mark) throws FilterSyntaxException {
        if (type != Type.NODE_SET) {
            throw XPathLexer.error("only a set of nodes goes with " + mark, operand.offset());
        }
    }

    private FilterSyntaxException unexpected(String expected) {
        return error(expected + " is expected, not " + token().described());
    }

    private FilterSyntaxException error(String message) {
        return XPathLexer.error(message, token().offset());
    }
}
