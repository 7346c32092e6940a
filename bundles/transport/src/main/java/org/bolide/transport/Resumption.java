package org.bolide.transport;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where subscribers without a name go on that lost their connection and come back from the same address. Only where nobody
 * can be mistaken for another: an address that has had two connections at once is left alone for as long as a place would
 * be kept. Bounded: of addresses that have gone, those are forgotten first that went first. Safe for any number of threads.
 */
final class Resumption {

    private static final int MAX_GONE = 4096;

    /** In the order of going, those that have gone at the end. */
    private final Map<InetAddress, Visitor> visitors = new LinkedHashMap<>();
    private int gone;

    /**
     * What a connection has left open.
     *
     * @param done the sequence up to which it had answered
     * @param filtered whether it had filters
     */
    record Left(long done, boolean filtered) {}

    private static final class Visitor {

        private int connections;
        private Long severalAt;
        private Left left;
        private long leftAt;
    }

    /**
     * A connection begins.
     *
     * @param keepNanos how long a place is kept; 0 for not at all
     * @return where it goes on
     */
    synchronized Optional<Left> entered(InetAddress address, long nowNanos, long keepNanos) {
        Visitor visitor = visitors.remove(address);
        if (visitor == null) {
            visitor = new Visitor();
        } else if (visitor.connections == 0) {
            gone--;
        }
        visitors.put(address, visitor);
        Left left = visitor.left;
        visitor.left = null;
        if (++visitor.connections > 1) {
            visitor.severalAt = nowNanos;
            return Optional.empty();
        }
        return Optional.ofNullable(left).filter(place -> nowNanos - visitors.get(address).leftAt < keepNanos);
    }

    /**
     * A connection has ended.
     *
     * @param left what it has left open; empty if nothing is to be sent again
     */
    synchronized void left(InetAddress address, Optional<Left> left, long nowNanos, long keepNanos) {
        Visitor visitor = visitors.get(address);
        if (visitor.connections > 1) {
            visitor.severalAt = nowNanos;
        }
        if (--visitor.connections > 0) {
            return;
        }
        visitors.remove(address);
        boolean several = visitor.severalAt != null && nowNanos - visitor.severalAt < keepNanos;
        visitor.left = several ? null : left.orElse(null);
        visitor.leftAt = nowNanos;
        if (keepNanos > 0 && (several || visitor.left != null)) {
            visitors.put(address, visitor);
            gone++;
            forgetFirst();
        }
    }

    private void forgetFirst() {
        Iterator<Visitor> oldest = visitors.values().iterator();
        while (gone > MAX_GONE && oldest.hasNext()) {
            if (oldest.next().connections == 0) {
                oldest.remove();
                gone--;
            }
        }
    }

    /** How many addresses are remembered that have no connection. */
    synchronized int gone() {
        return gone;
    }
}
