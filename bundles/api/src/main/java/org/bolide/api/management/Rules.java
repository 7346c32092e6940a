package org.bolide.api.management;

import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/** The owner's rules. Registered by the bundle that keeps them. */
@ProviderType
public interface Rules {

    /** The rules of each kind in the order in which they are asked. Does not block. */
    List<RuleStatus> rules();

    /** What a rule decides on. */
    enum Kind {
        /** Which events enter the log. */
        ACCEPT,
        /** Which events are sent to whom. */
        RELAY,
        /** Who may filter in which language. */
        FILTER
    }

    /**
     * One rule.
     *
     * @param kind what it decides on
     * @param name its configuration's name
     * @param order its place: lower ones are asked first
     * @param allow whether what it matches is allowed or denied
     * @param condition what it matches, for people
     * @param matched how often it has decided since the broker was started
     * @param fault why it cannot decide just now
     */
    record RuleStatus(
            Kind kind, String name, int order, boolean allow, String condition, long matched, Optional<String> fault) {}
}
