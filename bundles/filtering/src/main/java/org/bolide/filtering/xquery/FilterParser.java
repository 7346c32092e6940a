package org.bolide.filtering.xquery;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import net.sf.saxon.expr.Expression;
import net.sf.saxon.expr.StaticContext;
import net.sf.saxon.expr.parser.Loc;
import net.sf.saxon.expr.parser.Token;
import net.sf.saxon.om.NamespaceUri;
import net.sf.saxon.om.StructuredQName;
import net.sf.saxon.query.XQueryParser;
import net.sf.saxon.s9api.Location;
import net.sf.saxon.trans.XPathException;
import net.sf.saxon.type.ItemType;

/** Saxon's parser, without what reaches outside, makes documents, or speaks to Saxon itself. */
final class FilterParser extends XQueryParser {

    /** Words, names, numbers, texts and signs; a filter of four hundred comparisons has as many. */
    private static final int MAX_TOKENS = 4000;
    private static final int MAX_NESTING = 100;

    private int tokens;
    private int nesting;
    /** Where the query begins, after what it declares. */
    private int bodyStart;
    /** Where an {@code and} or {@code or} stands on which the whole depends. */
    private final SortedMap<Integer, Integer> connectives = new TreeMap<>();

    FilterParser(StaticContext context) {
        super(context);
    }

    @Override
    public void nextToken() throws XPathException {
        if (++tokens > MAX_TOKENS) {
            grumble("the filter has more than " + MAX_TOKENS + " words and signs");
        }
        // Before, for the very first, which is read otherwise; and after, before anything is made of it.
        check();
        super.nextToken();
        check();
        if (nesting == 1 && (t.currentToken == Token.OR || t.currentToken == Token.AND)) {
            connectives.put(t.currentTokenStartOffset, t.currentToken);
        }
    }

    /** The operands of the {@code or}, else of the {@code and}, that the whole is, each as a query of its own; or none. */
    List<Part> parts(String text) {
        List<Part> parts = new ArrayList<>();
        int connective = connectives.containsValue(Token.OR) ? Token.OR : Token.AND;
        int start = bodyStart;
        for (Map.Entry<Integer, Integer> entry : connectives.entrySet()) {
            if (entry.getValue() == connective) {
                parts.add(part(text, start, entry.getKey()));
                start = entry.getKey() + (connective == Token.OR ? 2 : 3);
            }
        }
        if (!parts.isEmpty()) {
            parts.add(part(text, start, text.length()));
        }
        return List.copyOf(parts);
    }

    private Part part(String text, int start, int end) {
        return new Part(text.substring(start, end).strip(), text.substring(0, bodyStart) + text.substring(start, end));
    }

    /**
     * A part of a query.
     *
     * @param expression as it was written
     * @param query the same, with what the query declares
     */
    record Part(String expression, String query) {
    }

    @Override
    public Expression parseExpression() throws XPathException {
        if (nesting == 0) {
            // A function's body, or at last the query's.
            bodyStart = t.currentTokenStartOffset;
            connectives.clear();
        }
        return super.parseExpression();
    }

    private void check() throws XPathException {
        if (languageVersion > 31) {
            grumble("filters are in XQuery 3.1");
        }
        switch (t.currentToken) {
            case Token.IMPORT_MODULE, Token.IMPORT_SCHEMA -> grumble("filters import nothing");
            case Token.MODULE_NAMESPACE -> grumble("a filter is no module");
            case Token.DECLARE_CONTEXT -> grumble("the context item of a filter is the event's document; it is not declared");
            case Token.DECLARE_OPTION, Token.DECLARE_ANNOTATED, Token.DECLARE_REVALIDATION, Token.DECLARE_UPDATING,
                    Token.DECLARE_ITEM_TYPE, Token.DECLARE_FIXED, Token.DECLARE_BASEURI ->
                grumble("a filter declares namespaces, variables and functions; no options, annotations or the like");
            case Token.TAG -> noConstructor();
            default -> {
            }
        }
    }

    private void noConstructor() throws XPathException {
        grumble("filters make no elements or other nodes; give back a value, as in: where … return true()");
    }

    @Override
    public Expression parseExprSingle() throws XPathException {
        if (++nesting > MAX_NESTING) {
            grumble("the filter is nested more than " + MAX_NESTING + " deep");
        }
        Expression expression = super.parseExprSingle();
        nesting--;
        return expression;
    }

    /** Where something stands, line and column from 1; Saxon's own numbers are of several kinds. */
    @Override
    public Location makeNestedLocation(Location container, int line, int column, String text) {
        return new Loc(null, line + 1, line == 0 ? column + 1 : column);
    }

    @Override
    public ItemType getPlainType(StructuredQName name) throws XPathException {
        if (!name.hasURI(NamespaceUri.SCHEMA)) {
            // Of other namespaces are classes of Java.
            grumble("there is no type " + name.getDisplayName());
        }
        return super.getPlainType(name);
    }

    /** Says where the call stands; what refuses a function does not know. */
    @Override
    public Expression parseFunctionCall(Expression prefixArgument) throws XPathException {
        int offset = t.currentTokenStartOffset;
        try {
            return super.parseFunctionCall(prefixArgument);
        } catch (XPathException e) {
            throw e.maybeWithLocation(makeLocation(offset));
        }
    }

    @Override
    protected void ensureSchemaAware(String what) throws XPathException {
        grumble("filters import nothing, and know only the types that every query knows");
    }

    @Override
    protected Expression parseConstructor() throws XPathException {
        if (t.currentToken != Token.KEYWORD_CURLY
                || !t.currentTokenValue.equals("ordered") && !t.currentTokenValue.equals("unordered")) {
            noConstructor();
        }
        return super.parseConstructor();
    }

    @Override
    protected Expression parseExtensionExpression() throws XPathException {
        grumble("filters have no pragmas (# … #)");
        return super.parseExtensionExpression();
    }

    @Override
    protected Expression parseValidateExpression() throws XPathException {
        grumble("filters do not validate; the broker has done that");
        return super.parseValidateExpression();
    }
}
