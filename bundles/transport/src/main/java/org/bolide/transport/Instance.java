package org.bolide.transport;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

import org.bolide.api.Networks;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Counters;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configured component: its name, and how its settings are called when something is wrong with them. What is thrown for that has
 * no cause: who shows why a component does not run shows the innermost one.
 *
 * @param name for people and counters, for example {@code receiver.public}
 * @param file where its settings stand
 */
record Instance(String name, String file) {

    private static final Logger LOG = LoggerFactory.getLogger(Instance.class);

    /**
     * Names the component of a configuration.
     *
     * @param kind what it is, for example {@code receiver}
     * @param properties the component's properties
     */
    static Instance of(String kind, Map<String, ?> properties) {
        String pid = String.valueOf(properties.get("service.pid"));
        int tilde = pid.indexOf('~');
        return tilde < 0 ? new Instance(kind, "etc/" + pid + ".cfg")
                : new Instance(kind + "." + pid.substring(tilde + 1), "etc/" + pid + ".cfg.json");
    }

    /** Says what is wrong with a setting. */
    IllegalArgumentException wrong(String key, Object value, String why) {
        return new IllegalArgumentException(file + ", key " + key + ": " + value + " " + why);
    }

    /** Says that changed settings were not taken. The component runtime would only say that some method has thrown. */
    void refused(Exception why) {
        String text = String.valueOf(why.getMessage());
        LOG.error("{}{} (refused; what was in force stays in force)", text.contains(file) ? "" : file + ": ", text);
    }

    /** Checks a number. */
    int within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(key, value, "is out of range; allowed are " + least + " to " + most);
        }
        return value;
    }

    /** This broker's own identifier, for a component that cannot do without. */
    String localIvoid(Node node) {
        return node.localIvoid().map(Ivoid::text).orElseThrow(() -> new IllegalStateException(file + " needs this broker's own"
                + " identifier: set key localIvoid in etc/" + NodeComponent.PID + ".cfg, or start with the option --local-ivo;"
                + " an example is ivo://example.org/broker"));
    }

    /** Reads an allow-list. */
    Networks networks(String key, String[] entries) {
        try {
            return Networks.parse(entries);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", key " + key + ": " + e.getMessage());
        }
    }

    /** Reads which events are carried. */
    Roots roots(String[] entries) {
        try {
            return Roots.parse(entries);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", key roots: " + e.getMessage());
        }
    }

    /** Shows the component to the shell, the web page and the metrics. */
    ServiceRegistration<?> register(BundleContext context, CounterSet counters, Connections connections) {
        Dictionary<String, Object> properties = new Hashtable<>(Map.of("bolide.component", name));
        Shown shown = new Shown(counters, connections);
        return context.registerService(new String[] {Counters.class.getName(), Connections.class.getName()}, shown, properties);
    }

    /** Shows something else of the component. */
    ServiceRegistration<?> register(BundleContext context, Object service, Class<?>... as) {
        return context.registerService(Stream.of(as).map(Class::getName).toArray(String[]::new), service,
                new Hashtable<>(Map.of("bolide.component", name)));
    }

    private record Shown(CounterSet set, Connections peers) implements Counters, Connections {

        @Override
        public SortedMap<String, Long> counters() {
            return set.counters();
        }

        @Override
        public Endpoint endpoint() {
            return peers.endpoint();
        }

        @Override
        public List<Connection> connections() {
            return peers.connections();
        }

        @Override
        public List<Departure> departures() {
            return peers.departures();
        }

        @Override
        public int close(String peer, String reason) {
            return peers.close(peer, reason);
        }
    }
}
