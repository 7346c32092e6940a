package org.bolide.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What each peer address has in use. An IPv6 peer is its network of 64 bits: that is what one customer is given. On this
 * machine, where tunnels and proxies end, an address says nothing of who is behind it, and bounds per address count nobody.
 * Safe for any number of threads.
 */
final class Peers {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long DAY = TimeUnit.DAYS.toNanos(1);

    private final Map<ByteBuffer, Peer> peers = new ConcurrentHashMap<>();
    private final Predicate<InetAddress> anybody;

    Peers() {
        this(InetAddress::isLoopbackAddress);
    }

    /** @param anybody which addresses may be anybody's, so that they have no bounds */
    Peers(Predicate<InetAddress> anybody) {
        this.anybody = anybody;
    }

    /** Counts a connection; empty if the peer has as many as it may. */
    Optional<Peer> enter(InetAddress address, int maxConnections) {
        Peer[] entered = new Peer[1];
        peers.compute(key(address), (key, known) -> {
            Peer peer = known == null ? new Peer(key, anybody.test(address)) : known;
            if (maxConnections <= 0 || peer.anybody || peer.connections < maxConnections) {
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
        private final boolean anybody;
        private final Rate events = new Rate(SECOND);
        private final Rate bytes = new Rate(SECOND);
        private final Rate filters = new Rate(SECOND);
        private final Rate quota = new Rate(DAY);
        private final AtomicLong filterNanos = new AtomicLong();
        private int connections;

        private Peer(ByteBuffer key, boolean anybody) {
            this.key = key;
            this.anybody = anybody;
        }

        /**
         * The filters of one of its connections cost so much more, or less, on an event; returns what those of all cost together,
         * 0 if they may be anybody's.
         */
        long filtersCost(long moreNanos) {
            return anybody ? 0 : filterNanos.addAndGet(moreNanos);
        }

        /** Books filters of so many characters; returns for how many nanoseconds they must wait. */
        long bookFilters(long chars, long maxCharsPerSecond) {
            return filters.book(chars, maxCharsPerSecond, System.nanoTime());
        }

        private boolean forgettable() {
            return connections == 0 && events.atRest() && bytes.atRest() && filters.atRest() && quota.atRest();
        }

        /** Books one event of this size; returns for how many nanoseconds it must wait. Limits of 0 are none. */
        long book(int size, int maxEventsPerSecond, long maxBytesPerSecond) {
            long now = System.nanoTime();
            return Math.max(events.book(1, maxEventsPerSecond, now), bytes.book(size, maxBytesPerSecond, now));
        }

        /** One event of this size has been taken: it counts for the quota, 0 for none. */
        void charge(int size, long maxBytesPerDay) {
            if (!anybody) {
                quota.book(size, maxBytesPerDay, System.nanoTime());
            }
        }

        /** For how many nanoseconds its quota is used up; 0 if it is not. */
        long quotaWait(long maxBytesPerDay) {
            return maxBytesPerDay <= 0 ? 0 : quota.ahead(System.nanoTime());
        }
    }

    /** A rate as a time up to which everything is booked; one window's worth may come at once. */
    private static final class Rate {

        private final long window;
        private long bookedUntil;

        private Rate(long window) {
            this.window = window;
            this.bookedUntil = System.nanoTime() - window;
        }

        synchronized long book(long amount, long perWindow, long now) {
            if (perWindow <= 0) {
                return 0;
            }
            bookedUntil = Math.max(bookedUntil, now - window) + (long) (amount * (double) window / perWindow);
            return ahead(now);
        }

        synchronized long ahead(long now) {
            return Math.max(0, bookedUntil - now);
        }

        synchronized boolean atRest() {
            return bookedUntil - System.nanoTime() <= -window;
        }
    }
}
