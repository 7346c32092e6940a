package org.bolide.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What each peer address has in use. An IPv6 peer is its network of 64 bits: that is what one customer is given. Safe for
 * any number of threads.
 */
final class Peers {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Map<ByteBuffer, Peer> peers = new ConcurrentHashMap<>();

    /** Counts a connection; empty if the peer has as many as it may. */
    Optional<Peer> enter(InetAddress address, int maxConnections) {
        Peer[] entered = new Peer[1];
        peers.compute(key(address), (key, known) -> {
            Peer peer = known == null ? new Peer(key) : known;
            if (maxConnections <= 0 || peer.connections < maxConnections) {
                peer.connections++;
                entered[0] = peer;
            }
            return peer;
        });
        return Optional.ofNullable(entered[0]);
    }

    /** The connection has ended. */
    void leave(Peer peer) {
        peers.computeIfPresent(peer.key, (key, known) -> {
            known.connections--;
            return known.forgettable() ? null : known;
        });
    }

    /** Forgets peers that have gone and whose rates are at rest. To be called now and then. */
    void sweep() {
        peers.keySet().forEach(key -> peers.computeIfPresent(key, (k, known) -> known.forgettable() ? null : known));
    }

    /** What makes a peer. */
    static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes, 0, address instanceof Inet6Address ? 8 : bytes.length);
    }

    /** One peer: all its connections share its rates, and what their filters cost. */
    static final class Peer {

        private final ByteBuffer key;
        private final Rate events = new Rate();
        private final Rate bytes = new Rate();
        private final Rate filters = new Rate();
        private final AtomicLong filterNanos = new AtomicLong();
        private int connections;

        private Peer(ByteBuffer key) {
            this.key = key;
        }

        /** The filters of one of its connections cost so much more, or less, on an event; returns what those of all cost together. */
        long filtersCost(long moreNanos) {
            return filterNanos.addAndGet(moreNanos);
        }

        /** Books filters of so many characters; returns for how many nanoseconds they must wait. */
        long bookFilters(long chars, long maxCharsPerSecond) {
            return filters.book(chars, maxCharsPerSecond, System.nanoTime());
        }

        private boolean forgettable() {
            return connections == 0 && events.atRest() && bytes.atRest() && filters.atRest();
        }

        /** Books one event of this size; returns for how many nanoseconds it must wait. Limits of 0 are none. */
        long book(int size, int maxEventsPerSecond, long maxBytesPerSecond) {
            long now = System.nanoTime();
            return Math.max(events.book(1, maxEventsPerSecond, now), bytes.book(size, maxBytesPerSecond, now));
        }
    }

    /** A rate as a time up to which everything is booked; one second's worth may come at once. */
    private static final class Rate {

        private long bookedUntil = System.nanoTime() - SECOND;

        synchronized long book(long amount, long perSecond, long now) {
            if (perSecond <= 0) {
                return 0;
            }
            bookedUntil = Math.max(bookedUntil, now - SECOND) + (long) (amount * (double) SECOND / perSecond);
            return Math.max(0, bookedUntil - now);
        }

        synchronized boolean atRest() {
            return bookedUntil - System.nanoTime() <= -SECOND;
        }
    }
}
