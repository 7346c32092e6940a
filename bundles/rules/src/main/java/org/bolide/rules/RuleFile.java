package org.bolide.rules;

import java.util.Locale;
import java.util.Map;

import org.bolide.api.Networks;
import org.bolide.api.management.Rules.Kind;

/**
 * Where a rule is written.
 *
 * @param name the configuration's name, which is the rule's
 * @param path for people
 */
record RuleFile(String name, String path) {

    /**
     * The file of a component.
     *
     * @param factoryPid the component's configuration PID
     * @param properties the component's properties
     */
    static RuleFile of(String factoryPid, Map<String, ?> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        String name = pid.startsWith(factoryPid) && pid.length() > factoryPid.length() ? pid.substring(factoryPid.length() + 1) : pid;
        return new RuleFile(name, "etc/" + factoryPid + "~" + name + ".cfg.json");
    }

    /** {@code accept.no-tests}: unique among all rules. */
    String key(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "." + name;
    }

    IllegalArgumentException wrong(String key, String why) {
        return new IllegalArgumentException(path + ", key " + key + ": " + why);
    }

    Networks networks(String key, String... entries) {
        try {
            return Networks.parse(entries);
        } catch (IllegalArgumentException e) {
            throw wrong(key, e.getMessage());
        }
    }
}
