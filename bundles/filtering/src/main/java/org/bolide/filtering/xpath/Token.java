package org.bolide.filtering.xpath;

/**
 * One token of an XPath.
 *
 * @param text of an axis without the blanks that may stand within
 * @param offset where it starts in the filter, in characters from 0
 */
record Token(Kind kind, String text, int offset) {

    enum Kind {
        NUMBER, LITERAL, VARIABLE,
        /** A name test: {@code a}, {@code p:a}, {@code p:*} or {@code *}. */
        NAME,
        AXIS, FUNCTION, NODE_TYPE,
        /** Everything between two operands but {@code /} and {@code //}. */
        OPERATOR,
        /** {@code /} or {@code //}. */
        SLASH,
        /** {@code ( ) [ ] . .. @ ,} */
        MARK,
        END
    }

    int end() {
        return offset + text.length();
    }

    boolean is(Kind expected, String expectedText) {
        return kind == expected && text.equals(expectedText);
    }

    boolean mark(String expectedText) {
        return is(Kind.MARK, expectedText);
    }

    /** Whether an operator can follow: what decides if {@code *} multiplies and {@code and} is a name (section 3.7). */
    boolean endsOperand() {
        return switch (kind) {
            case AXIS, OPERATOR, SLASH, FUNCTION, NODE_TYPE -> false;
            case MARK -> text.equals(")") || text.equals("]") || text.equals(".") || text.equals("..");
            default -> true;
        };
    }

    String described() {
        return kind == Kind.END ? "the end" : text;
    }
}
