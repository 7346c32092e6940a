package org.bolide.transport;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.bolide.api.EventLog;
import org.bolide.api.EventReader;
import org.bolide.api.ReaderPlace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds which of the names under which subscribers are remembered, at whichever listener. A name has one holder: a
 * newer connection takes it over, as soon as the one before has left its place. Safe for any number of threads.
 */
final class Names implements AutoCloseable {

    /** How the names of all readers begin that belong to subscribers. */
    static final String PREFIX = "subscriber/";

    private static final Logger LOG = LoggerFactory.getLogger(Names.class);
    /** A place is on disk when its reader is closed: several are closed at a time to share that. */
    private static final int CLOSERS = 8;
    private static final int CLOSERS_REST_SECONDS = 10;
    private static final int CLOSE_SECONDS = 5;

    /** The latest claim to each name; {@link Claim#next} leads there from the one that holds it. */
    private final TreeMap<String, Claim> claims = new TreeMap<>();
    /** How many names a network has, at most; counted anew when that is too many. */
    private final Map<String, Integer> counts = new HashMap<>();
    private final ThreadPoolExecutor closers;

    Names(ThreadFactory threads) {
        closers = new ThreadPoolExecutor(CLOSERS, CLOSERS, CLOSERS_REST_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        closers.allowCoreThreadTimeOut(true);
        closers.setRejectedExecutionHandler((task, pool) -> task.run()); // late, after close: then on the thread that is late
    }

    /** What a connection has to do with its name. Called on any thread; must not block. */
    interface Holder {

        /** The name is free: its reader can be opened. */
        void mayOpen();

        /** Another connection has claimed the name: this one shall end. */
        void takenOver();

        /** A day has passed: the place shall be known to be in use. Called again and again. */
        void stillUsed();
    }

    /** One connection's claim to a name. */
    static final class Claim {

        private final String name;
        private final Holder holder;
        private Claim next;
        private boolean granted;
        private boolean released;

        private Claim(String name, Holder holder) {
            this.name = name;
            this.holder = holder;
        }

        /** The name of the reader. */
        String name() {
            return name;
        }
    }

    /**
     * The name of a reader.
     *
     * @param network with its bits, as {@code 192.0.2.0/24}
     * @param uri what the peer calls itself
     * @param name has no slash
     */
    static String reader(String network, String uri, String name) {
        return PREFIX + network + '/' + uri + '/' + name;
    }

    /**
     * Claims a name, and ends the connection that has it. Does not block.
     *
     * @param most how many names the network may have
     * @return empty if the network has as many
     */
    Optional<Claim> claim(EventLog log, String network, String name, int most, Holder holder) {
        Claim claim = new Claim(name, holder);
        Claim before;
        synchronized (this) {
            if (!claims.containsKey(name) && !log.places(name).containsKey(name) && !counts(log, network, most)) {
                return Optional.empty();
            }
            before = claims.put(name, claim);
            if (before != null) {
                before.next = claim;
            }
            claim.granted = before == null;
        }
        if (before != null) {
            before.holder.takenOver();
        } else {
            holder.mayOpen();
        }
        return Optional.of(claim);
    }

    private boolean counts(EventLog log, String network, int most) {
        String prefix = PREFIX + network + '/';
        int known = counts.getOrDefault(network, most);
        if (known >= most) {
            Set<String> names = new HashSet<>(log.places(prefix).keySet());
            names.addAll(claims.subMap(prefix, prefix + Character.MAX_VALUE).keySet());
            known = names.size();
        }
        counts.put(network, known < most ? known + 1 : known);
        return known < most;
    }

    /** Ends a claim. Its reader, null if there is none, is closed first, on a thread for that. */
    void release(Claim claim, EventReader reader) {
        if (reader == null) {
            ended(claim);
            return;
        }
        closers.execute(() -> {
            try {
                reader.close();
            } finally {
                ended(claim);
            }
        });
    }

    private void ended(Claim claim) {
        Claim next;
        synchronized (this) {
            claim.released = true;
            if (!claim.granted) {
                return; // who has the name passes it over
            }
            next = claim.next;
            while (next != null && next.released) {
                next = next.next;
            }
            if (next == null) {
                claims.remove(claim.name);
                return;
            }
            next.granted = true;
        }
        next.holder.mayOpen();
    }

    /**
     * Forgets the names that nobody has used for so long. Waits for the disk.
     *
     * @return how many
     */
    int forgetUnused(EventLog log, Duration keep) {
        List<Claim> used;
        synchronized (this) {
            used = List.copyOf(claims.values());
        }
        used.forEach(claim -> claim.holder.stillUsed());
        Instant before = Instant.now().minus(keep);
        int forgotten = 0;
        for (Map.Entry<String, ReaderPlace> place : log.places(PREFIX).entrySet()) {
            if (place.getValue().usedAt().isBefore(before) && forget(log, place.getKey())) {
                forgotten++;
            }
        }
        synchronized (this) {
            counts.clear();
        }
        return forgotten;
    }

    private boolean forget(EventLog log, String name) {
        synchronized (this) {
            if (claims.containsKey(name)) {
                return false;
            }
        }
        try {
            log.forget(name);
            return true;
        } catch (IllegalStateException e) { // claimed and opened meanwhile
            LOG.debug("{} is in use again", name, e);
        } catch (UncheckedIOException e) {
            LOG.warn("the place of {}, which nobody uses any more, could not be forgotten, trying again tomorrow: {}", name, e.getMessage());
        }
        return false;
    }

    @Override
    public void close() {
        closers.shutdown();
        try {
            if (!closers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the places of {} subscribers were not on disk within {} s; the log writes them when it closes", closers.getQueue().size(), CLOSE_SECONDS);
                closers.shutdownNow();
            }
        } catch (InterruptedException e) {
            closers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
