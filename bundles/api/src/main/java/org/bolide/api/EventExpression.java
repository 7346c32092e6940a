package org.bolide.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A compiled filter: pure, safe for use by any number of threads, shared by all who use the same text.
 */
@ProviderType
public interface EventExpression {

    /** The filter as it was written. */
    String text();

    /**
     * Whether the event passes; computed once per event and distinct filter. An error while the filter runs is counted,
     * and means that the event does not pass.
     */
    boolean matches(BrokerEvent event);
}
