package org.bolide.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.Networks;
import org.bolide.api.management.Bans.Ban;

/** The bans in force, at all listeners, and for how long. Nothing blocks; safe for any number of threads. */
final class BanList {

    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private volatile List<Entry> entries = List.of();

    /** A banned network. */
    static final class Entry {

        private final Ban ban;
        private final Networks network;
        private final LongAdder refused = new LongAdder();

        Entry(String network, Instant since, Optional<Instant> until, String reason) {
            this.ban = new Ban(network, since, until, reason, 0);
            this.network = Networks.parse(network);
        }

        /** What it was made of. */
        Ban ban() {
            return ban;
        }

        Ban shown() {
            return new Ban(ban.network(), ban.since(), ban.until(), ban.reason(), refused.sum());
        }

        /** It has turned a connection away. */
        void refused() {
            refused.increment();
        }

        boolean isOver() {
            return ban.until().isPresent() && ban.until().get().toEpochMilli() <= System.currentTimeMillis();
        }

        boolean contains(InetAddress address) {
            return network.contains(address);
        }

        Leaving leaving() {
            return Leaving.because("refused.banned", "its network " + ban.network() + " is banned" + ban.until().map(end -> " until " + end).orElse("")
                    + (ban.reason().isEmpty() ? "" : ": " + ban.reason()));
        }
    }

    /**
     * The one way to write a network.
     *
     * @throws IllegalArgumentException if it is none; for people
     */
    static String canonical(String network) {
        String text = network.strip();
        if (text.isEmpty()) {
            throw new IllegalArgumentException("say which network, for example 192.0.2.7 or 2001:db8::/32");
        }
        Networks one = Networks.parse(text);
        try { // what it accepts is a literal, which is not looked up
            return one.networkOf(InetAddress.getByName(text.split("/", 2)[0])).orElseThrow();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("'" + text + "' is no network", e);
        }
    }

    /** The ban that keeps this address out; looked at for each connection. */
    Optional<Entry> of(InetAddress address) {
        for (Entry entry : entries) {
            if (entry.contains(address) && !entry.isOver()) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    /** All, the oldest first, also those that are over. */
    List<Entry> entries() {
        return entries;
    }

    /** These are in force from now on. */
    void set(List<Entry> now) {
        entries = List.copyOf(now);
    }

    /** Closes the connections that must not be; returns how many. */
    int close(Entry entry) {
        return listeners.stream().mapToInt(listener -> listener.close(entry)).sum();
    }

    /** A listener is about to open its port. */
    void enlist(Listener listener) {
        listeners.add(listener);
    }

    void strike(Listener listener) {
        listeners.remove(listener);
    }
}
