package org.bolide.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Role;

/**
 * Who has gone, or was not let in: the newest hundred. What happens to one peer again and again is one of them, which says how
 * often; and those who were not let in, however many, leave room for fifty others. Safe for any number of threads.
 */
final class Departures {

    private static final int MOST = 100;
    private static final int MOST_REFUSED = 50;

    private final Role role;
    private final String component;
    private final Map<Key, Entry> gone = oldestFirst();
    private final Map<Key, Entry> refused = oldestFirst();

    private record Key(ByteBuffer peer, Optional<String> name, String kind) {}

    /** No more than is needed is made of it until somebody looks: each author that brings one event leaves one. */
    private static final class Entry {

        private final Instant first;
        private long times;
        private InetSocketAddress peer;
        private Optional<String> name;
        private Instant at;
        private Leaving why;

        private Entry(Instant first) {
            this.first = first;
        }

        private void happens(InetSocketAddress peer, Optional<String> name, Instant at, Leaving why) {
            times++;
            this.peer = peer;
            this.name = name;
            this.at = at;
            this.why = why;
        }

        private Departure shown(Role role, String component) {
            return new Departure(role, component, Addresses.text(peer), name, at, why.wanted(),
                    why.reason() + (times == 1 ? "" : " (" + times + " times since " + first.truncatedTo(ChronoUnit.SECONDS) + ")"));
        }
    }

    /** In the order in which they were last looked up. */
    private static Map<Key, Entry> oldestFirst() {
        return new LinkedHashMap<>(16, 0.75f, true);
    }

    /**
     * @param role what the peers are
     * @param component whose peers they are
     */
    Departures(Role role, String component) {
        this.role = role;
        this.component = component;
    }

    /**
     * A connection has ended.
     *
     * @param name a subscriber's
     */
    void gone(InetSocketAddress peer, Optional<String> name, Leaving why) {
        add(gone, peer, name, why);
    }

    /** A connection was not let in. */
    void refused(InetSocketAddress peer, Leaving why) {
        add(refused, peer, Optional.empty(), why);
    }

    private synchronized void add(Map<Key, Entry> to, InetSocketAddress peer, Optional<String> name, Leaving why) {
        Instant now = Instant.now();
        to.computeIfAbsent(new Key(Peers.key(peer.getAddress()), name, why.kind()), key -> new Entry(now)).happens(peer, name, now, why);
        if (gone.size() + refused.size() > MOST) {
            Iterator<Entry> oldest = (refused.size() > MOST_REFUSED ? refused : gone).values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** All, the newest first. */
    synchronized List<Departure> newest() {
        List<Entry> all = new ArrayList<>(gone.values());
        all.addAll(refused.values());
        return all.stream().map(entry -> entry.shown(role, component)).sorted(Comparator.comparing(Departure::at).reversed()).toList();
    }
}
