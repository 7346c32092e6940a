package org.bolide.rules;

import java.net.InetAddress;
import java.util.List;

import org.bolide.api.Networks;

/**
 * Who subscribes where.
 *
 * @param listeners empty for any; a name is that of the listener's file, or the one by which the listener is counted
 */
record Subscribers(List<String> listeners, List<String> networkTexts, Networks networks) {

    static Subscribers of(RuleFile file, String[] listeners, String key, String... networks) {
        return new Subscribers(Rule.entries(listeners), Rule.entries(networks), file.networks(key, networks));
    }

    boolean contain(String listener, InetAddress address) {
        return (listeners.isEmpty() || listeners.stream().anyMatch(name -> isName(name, listener))) && networks.contains(address);
    }

    /** {@code public} is {@code broadcaster.public}, too. */
    private static boolean isName(String name, String listener) {
        return listener.equals(name) || listener.endsWith("." + name);
    }

    String listenersText() {
        return String.join(" or ", listeners);
    }

    String networksText() {
        return String.join(", ", networkTexts);
    }
}
