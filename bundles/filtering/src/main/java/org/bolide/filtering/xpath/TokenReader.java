package org.bolide.filtering.xpath;

import java.util.List;

import org.bolide.api.FilterSyntaxException;

/** Goes through the tokens of a filter. */
abstract class TokenReader {

    /** Is told where in the text each part of an expression stands: an {@link Expr} or a {@link Step}. */
    interface Spans {

        void put(Object part, int start, int end);
    }

    /** The number of the next token. */
    int at;

    private final List<Token> tokens;
    private final Spans spans;

    TokenReader(List<Token> tokens, Spans spans) {
        this.tokens = tokens;
        this.spans = spans;
    }

    void close(String mark) throws FilterSyntaxException {
        if (!token().mark(mark)) {
            throw unexpected(mark);
        }
        at++;
    }

    Token token() {
        return tokens.get(at);
    }

    Token token(int number) {
        return tokens.get(number);
    }

    static String literal(Token token) {
        return token.text().substring(1, token.text().length() - 1);
    }

    /** The same; notes that it stands in the text from that token on until here. */
    <T> T marked(T part, int start) {
        return marked(part, start, at);
    }

    <T> T marked(T part, int start, int end) {
        spans.put(part, tokens.get(start).offset(), tokens.get(end - 1).end());
        return part;
    }

    FilterSyntaxException unexpected(String expected) {
        return error(expected + " is expected, not " + token().described());
    }

    FilterSyntaxException error(String message) {
        return Lexer.error(message, token().offset());
    }
}
