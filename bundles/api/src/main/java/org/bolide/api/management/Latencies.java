package org.bolide.api.management;

import java.util.SortedMap;

import org.osgi.annotation.versioning.ConsumerType;

/** How long things take in a component. Registered by each that measures, with the service property {@code bolide.component}. */
@ConsumerType
public interface Latencies {

    /** What was measured since the start, by names such as {@code admit}, {@code commit}, {@code deliver}. Does not block. */
    SortedMap<String, LatencyHistogram> latencies();
}
