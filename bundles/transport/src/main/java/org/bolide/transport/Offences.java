package org.bolide.transport;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.bolide.transport.TransportMessage.Filter;

/**
 * Who has sent filters that cost too much, for an hour: such a filter is refused to that address, and its next requests
 * wait. Bounded: of an address, and of all, what was touched longest ago is forgotten. Safe for any number of threads.
 */
final class Offences {

    static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final int MAX_ADDRESSES = 2048;
    private static final int MAX_FILTERS = 32;
    private static final long LONGEST_WAIT_SECONDS = 60;
    /** More make no longer wait. */
    private static final int MAX_COUNTED = 7;

    private final LongSupplier nanoTime;
    private final Map<ByteBuffer, Offender> offenders = new Bounded<>(MAX_ADDRESSES);

    /** @param nanoTime as {@link System#nanoTime} */
    Offences(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A filter of this address had to be ended. However many of its connections use that filter, it counts once. */
    synchronized void overran(InetAddress address, Filter filter) {
        Offender offender = offenders.computeIfAbsent(Peers.key(address), key -> new Offender());
        long now = nanoTime.getAsLong();
        ByteBuffer digest = digest(filter);
        if (offender.refuses(digest, now)) {
            return;
        }
        offender.filters.put(digest, now);
        offender.times.add(now);
        if (offender.times.size() > MAX_COUNTED) {
            offender.times.remove();
        }
    }

    /** Whether this address must not use that filter again yet. */
    synchronized boolean refuses(InetAddress address, Filter filter) {
        Offender offender = offenders.get(Peers.key(address));
        return offender != null && offender.refuses(digest(filter), nanoTime.getAsLong());
    }

    /**
     * For how long a request that this address made at that time must still wait: a second after one filter that cost too
     * much, twice as long after each further one, at most a minute.
     *
     * @param askedNanos by the clock given to the constructor
     */
    synchronized long waitNanos(InetAddress address, long askedNanos) {
        Offender offender = offenders.get(Peers.key(address));
        if (offender == null) {
            return 0;
        }
        long now = nanoTime.getAsLong();
        while (!offender.times.isEmpty() && now - offender.times.peek() > REMEMBERED_NANOS) {
            offender.times.remove();
        }
        if (offender.times.isEmpty()) {
            offenders.remove(Peers.key(address)); // its filters are as old
            return 0;
        }
        long seconds = Math.min(LONGEST_WAIT_SECONDS, 1L << offender.times.size() - 1);
        return Math.max(0, askedNanos + TimeUnit.SECONDS.toNanos(seconds) - now);
    }

    /** The text itself may have kilobytes. */
    private static ByteBuffer digest(Filter filter) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                    .digest((filter.language() + ' ' + filter.text()).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static final class Offender {

        private final Map<ByteBuffer, Long> filters = new Bounded<>(MAX_FILTERS);
        private final Deque<Long> times = new ArrayDeque<>();

        boolean refuses(ByteBuffer digest, long now) {
            Long since = filters.get(digest);
            return since != null && now - since <= REMEMBERED_NANOS;
        }
    }

    /** Forgets what was touched longest ago. */
    private static final class Bounded<K, V> extends LinkedHashMap<K, V> {

        private static final long serialVersionUID = 1L;

        private final int most;

        Bounded(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
