package org.bolide.api;

import java.util.List;

import static java.util.Objects.requireNonNull;

/**
 * What a part of a filter gave for one event, and why.
 *
 * @param expression the part as it was written
 * @param result what it gave, for people: {@code true}, {@code 40.5}, {@code 3 nodes: …}, or the error that ended it
 * @param parts the parts that it consists of and that were evaluated, in the order of the text
 */
public record Explanation(String expression, String result, List<Explanation> parts) {

    public Explanation {
        requireNonNull(expression);
        requireNonNull(result);
        parts = List.copyOf(parts);
    }
}
