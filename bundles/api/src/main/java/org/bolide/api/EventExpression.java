package org.bolide.api;

import java.util.List;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A compiled filter: pure, safe for use by any number of threads, shared by all who use the same text. What one evaluation
 * may cost is bounded; an evaluation that reaches the bound is ended.
 */
@ProviderType
public interface EventExpression {

    /** The filter as it was written. */
    String text();

    /**
     * Whether the event passes; computed once per event and distinct filter. An error while the filter runs, and an end
     * at the bound, are counted, and mean that the event does not pass.
     */
    boolean matches(BrokerEvent event);

    /**
     * Whether any evaluation was ended because it cost too much. Whoever runs a stranger's filter asks after each
     * {@link #matches}, and takes such a filter away.
     */
    boolean overran();

    /**
     * The values of what the expression selects: of a set of nodes each one's text in document order, of anything else
     * one value. Empty if nothing is selected, or on an error. Computed anew for each call.
     */
    List<String> select(BrokerEvent event);

    /** How the verdict came about, for people: what each part of the expression gave. Computed anew for each call. */
    Explanation explain(BrokerEvent event);
}
