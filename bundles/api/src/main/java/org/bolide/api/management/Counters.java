package org.bolide.api.management;

import java.util.SortedMap;

import org.osgi.annotation.versioning.ConsumerType;

/** What a component has counted since it was started. Registered by each component that counts. */
@ConsumerType
public interface Counters {

    /**
     * The counts by name. A name has lower-case words joined by dots, the general before the special:
     * {@code intake.refused}, {@code receiver.public.refused.allow-list}. Does not block.
     */
    SortedMap<String, Long> counters();
}
