package org.bolide.filtering.xpath;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.bolide.api.FilterSyntaxException;
import org.bolide.filtering.xpath.Token.Kind;

/**
 * Cuts a filter into the tokens of XPath 1.0 (section 3.7). One thing more is taken: a number with an exponent, which
 * libxml2 takes and astronomers write.
 */
final class Lexer {

    private static final Set<String> OPERATOR_NAMES = Set.of("and", "or", "mod", "div");
    private static final Set<String> NODE_TYPES = Set.of("comment", "text", "processing-instruction", "node");
    private static final Set<String> AXES = Set.of("ancestor", "ancestor-or-self", "attribute", "child", "descendant",
            "descendant-or-self", "following", "following-sibling", "namespace", "parent", "preceding",
            "preceding-sibling", "self");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** The tokens, of which the last is {@link Kind#END}. */
    static List<Token> tokens(String text) throws FilterSyntaxException {
        Lexer lexer = new Lexer(text);
        for (lexer.skipSpace(); lexer.at < text.length(); lexer.skipSpace()) {
            lexer.next();
        }
        lexer.tokens.add(new Token(Kind.END, "", text.length()));
        return lexer.tokens;
    }

    private void next() throws FilterSyntaxException {
        char c = text.charAt(at);
        if (isDigit(at) || c == '.' && isDigit(at + 1)) {
            number();
        } else if (c == '"' || c == '\'') {
            int end = text.indexOf(c, at + 1);
            if (end < 0) {
                throw error("the text that starts with " + c + " has no end", at);
            }
            add(Kind.LITERAL, end + 1);
        } else if (c == '$') {
            add(Kind.VARIABLE, endOfName(at + 1));
        } else if (isNameStart(at)) {
            name();
        } else {
            symbol();
        }
    }

    private void number() throws FilterSyntaxException {
        int end = endOfDigits(at);
        if (end < text.length() && text.charAt(end) == '.') {
            end = endOfDigits(end + 1);
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int digits = end + 1;
            if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) {
                digits++;
            }
            end = isDigit(digits) ? endOfDigits(digits) : end;
        }
        add(Kind.NUMBER, end);
    }

    private void name() throws FilterSyntaxException {
        int end = endOfName(at);
        String name = text.substring(at, end);
        if (!tokens.isEmpty() && tokens.get(tokens.size() - 1).endsOperand()) {
            if (!OPERATOR_NAMES.contains(name)) {
                throw error("\"" + name + "\" stands where an operator is expected", at);
            }
            add(Kind.OPERATOR, end);
            return;
        }
        int after = afterSpace(end);
        if (text.startsWith("::", after)) {
            if (!AXES.contains(name)) {
                throw error("\"" + name + "\" is not an axis", at);
            }
            tokens.add(new Token(Kind.AXIS, name + "::", at));
            at = after + 2;
        } else if (end + 1 < text.length() && text.charAt(end) == ':' && (isNameStart(end + 1) || text.charAt(end + 1) == '*')) {
            int endOfLocal = text.charAt(end + 1) == '*' ? end + 2 : endOfName(end + 1);
            boolean call = afterSpace(endOfLocal) < text.length() && text.charAt(afterSpace(endOfLocal)) == '(';
            add(call ? Kind.FUNCTION : Kind.NAME, endOfLocal);
        } else if (after < text.length() && text.charAt(after) == '(') {
            add(NODE_TYPES.contains(name) ? Kind.NODE_TYPE : Kind.FUNCTION, end);
        } else {
            add(Kind.NAME, end);
        }
    }

    private void symbol() throws FilterSyntaxException {
        char c = text.charAt(at);
        char d = at + 1 < text.length() ? text.charAt(at + 1) : 0;
        switch (c) {
            case '/' -> add(Kind.SLASH, d == '/' ? at + 2 : at + 1);
            case '.' -> add(Kind.MARK, d == '.' ? at + 2 : at + 1);
            case '(', ')', '[', ']', '@', ',' -> add(Kind.MARK, at + 1);
            case '+', '-', '=', '|' -> add(Kind.OPERATOR, at + 1);
            case '<', '>' -> add(Kind.OPERATOR, d == '=' ? at + 2 : at + 1);
            case '*' -> add(!tokens.isEmpty() && tokens.get(tokens.size() - 1).endsOperand() ? Kind.OPERATOR : Kind.NAME, at + 1);
            case '!' -> {
                if (d != '=') {
                    throw error("! stands alone; \"is not\" is !=, \"not\" is not(…)", at);
                }
                add(Kind.OPERATOR, at + 2);
            }
            default -> throw error("the character " + (c < ' ' ? "U+%04X".formatted((int) c)
                    : Character.toString(text.codePointAt(at))) + " is not XPath", at);
        }
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, text.substring(at, end), at));
        at = end;
    }

    private void skipSpace() {
        at = afterSpace(at);
    }

    private int afterSpace(int from) {
        int i = from;
        while (i < text.length() && " \t\r\n".indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    private boolean isDigit(int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private int endOfDigits(int from) {
        int i = from;
        while (isDigit(i)) {
            i++;
        }
        return i;
    }

    private int endOfName(int from) throws FilterSyntaxException {
        if (!isNameStart(from)) {
            throw error("a name is expected", from);
        }
        int i = from;
        while (i < text.length() && continuesName(text.codePointAt(i))) {
            i += Character.charCount(text.codePointAt(i));
        }
        return i;
    }

    private boolean isNameStart(int i) {
        return i < text.length() && startsName(text.codePointAt(i));
    }

    /** NameStartChar of XML 1.0, fifth edition, section 2.3, without the colon and the byte order mark. */
    private static boolean startsName(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
                || c >= 0xC0 && c <= 0x2FF && c != 0xD7 && c != 0xF7 || c >= 0x370 && c <= 0x1FFF && c != 0x37E
                || c >= 0x200C && c <= 0x200D || c >= 0x2070 && c <= 0x218F || c >= 0x2C00 && c <= 0x2FEF
                || c >= 0x3001 && c <= 0xD7FF || c >= 0xF900 && c <= 0xFDCF || c >= 0xFDF0 && c <= 0xFFFD && c != 0xFEFF
                || c >= 0x10000 && c <= 0xEFFFF;
    }

    /** NameChar, without the colon. */
    private static boolean continuesName(int c) {
        return startsName(c) || c == '-' || c == '.' || c >= '0' && c <= '9' || c == 0xB7 || c >= 0x300 && c <= 0x36F
                || c >= 0x203F && c <= 0x2040;
    }

    static FilterSyntaxException error(String message, int offset) {
        return new FilterSyntaxException(message + " (character " + (offset + 1) + ")", offset);
    }
}
