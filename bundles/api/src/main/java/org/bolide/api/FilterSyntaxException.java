package org.bolide.api;

import static java.util.Objects.requireNonNull;

/** A filter that cannot be used. The message says what is wrong, where, and what would be right. */
public class FilterSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int offset;

    /**
     * @param message what is wrong, for the person who wrote the filter
     * @param offset where in the text, in characters from 0; -1 if unknown
     */
    public FilterSyntaxException(String message, int offset) {
        super(requireNonNull(message));
        this.offset = offset;
    }

    /** Where in the text, in characters from 0; -1 if unknown. */
    public int offset() {
        return offset;
    }
}
