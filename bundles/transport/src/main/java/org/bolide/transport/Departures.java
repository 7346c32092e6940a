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
    /** The oldest first. */
    private final Map<Key, Entry> gone = new LinkedHashMap<>();
    private final Map<Key, Entry> refused = new LinkedHashMap<>();

    private record Key(ByteBuffer peer, Optional<String> name, String kind) {}

    private record Entry(Departure latest, long times, Instant first) {

        Departure shown() {
            return times == 1 ? latest
                    : new Departure(latest.role(), latest.component(), latest.address(), latest.name(), latest.at(), latest.wanted(),
                            latest.reason() + " (" + times + " times since " + first.truncatedTo(ChronoUnit.SECONDS) + ")");
        }
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
        Key key = new Key(Peers.key(peer.getAddress()), name, why.kind());
        Entry before = to.remove(key); // it becomes the newest
        Departure latest = new Departure(role, component, Addresses.text(peer), name, now, why.wanted(), why.reason());
        to.put(key, before == null ? new Entry(latest, 1, now) : new Entry(latest, before.times + 1, before.first));
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
        return all.stream().map(Entry::shown).sorted(Comparator.comparing(Departure::at).reversed()).toList();
    }
}
