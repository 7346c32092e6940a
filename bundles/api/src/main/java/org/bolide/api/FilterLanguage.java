package org.bolide.api;

import java.util.Map;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A language for filters, registered as a service with {@link #LANGUAGE}. Called by any thread, also by several at once.
 */
@ConsumerType
public interface FilterLanguage {

    /** Required, a string: the language's name, {@code xpath} or {@code xquery}. */
    String LANGUAGE = "filter.language";

    /**
     * Compiles a filter. Texts come from strangers: whatever reaches outside the event is refused here, and the cost of
     * compiling is bounded. Equal texts with equal namespaces share one expression.
     *
     * @param text the filter, not trimmed
     * @param namespaces prefix to namespace URI
     * @throws FilterSyntaxException with the place and the reason
     */
    EventExpression compile(String text, Map<String, String> namespaces) throws FilterSyntaxException;
}
