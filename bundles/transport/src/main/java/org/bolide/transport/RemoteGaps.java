package org.bolide.transport;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import org.bolide.api.KeptState;
import org.bolide.api.management.Gaps;
import org.bolide.api.xml.IsoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The times in which a remote broker could bring nothing, the newest hundred. When it was last heard of is kept once a minute, so
 * that a restart knows since when. Its monitor guards its state and is never held while the disk is waited for; {@link #write}
 * waits for it. Safe for any number of threads.
 *
 * <p>Kept under {@value #KIND} are {@code NAME heard} = {@code TIME ADDRESS} and, for each gap, {@code NAME FROM} = {@code UNTIL MISSED},
 * with {@code -} where that is not known. A gap that lasts is no more than what was heard last.
 */
final class RemoteGaps implements Gaps {

    static final String KIND = "gap";

    private static final Logger LOG = LoggerFactory.getLogger(RemoteGaps.class);
    private static final int MOST = 100;
    private static final Duration LEAST = Duration.ofSeconds(2);
    private static final String HEARD = "heard";
    private static final String UNKNOWN = "-";

    private final String name;
    private final KeptState state;
    private final InstantSource clock;
    private final Object writing = new Object();
    private final Deque<Gap> ended = new ArrayDeque<>();
    private final Map<String, Optional<String>> unwritten = new HashMap<>();

    private String address;
    /** Since when nothing can come; null while the connection stands, and before the first one. */
    private Instant downSince;
    /** The gap before this connection, listed or not; null before the first one. */
    private Gap latest;
    private boolean warned;

    /**
     * Reads what is kept, from disk.
     *
     * @param name the subscription's
     * @param address the remote broker's: what was heard of another one does not count
     */
    RemoteGaps(String name, String address, KeptState state, InstantSource clock) {
        this.name = name;
        this.address = address;
        this.state = state;
        this.clock = clock;
        try {
            List<Gap> kept = new ArrayList<>();
            state.read(KIND).forEach((key, value) -> restore(key, value).ifPresent(kept::add));
            kept.sort(Comparator.comparing(Gap::from));
            ended.addAll(kept);
        } catch (UncheckedIOException e) {
            LOG.warn("{}: its gaps before now are not known, because the log cannot be read now; see to its disk or database", name, e);
        }
        while (ended.size() > MOST) {
            forgetOldest();
        }
    }

    private Optional<Gap> restore(String key, String value) {
        int space = key.lastIndexOf(' ');
        if (!key.substring(0, Math.max(0, space)).equals(name)) {
            return Optional.empty();
        }
        String what = key.substring(space + 1);
        String[] words = value.split(" ", 2);
        if (what.equals(HEARD)) {
            downSince = words.length == 2 && words[1].equals(address) ? IsoTime.parse(words[0]).orElse(null) : null;
            return Optional.empty();
        }
        Optional<Instant> from = IsoTime.parse(what);
        Optional<Instant> until = IsoTime.parse(words[0]);
        if (from.isPresent() && until.isPresent() && words.length == 2 && words[1].matches("-|\\d{1,18}")) {
            OptionalLong missed = words[1].equals(UNKNOWN) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(words[1]));
            return Optional.of(new Gap(name, from.get(), until, missed));
        }
        LOG.warn("{}: a gap that was kept cannot be read and is left out: {} = {}", name, key, value);
        return Optional.empty();
    }

    /** There is another remote broker, of which nothing was heard yet. */
    synchronized void moved(String newAddress) {
        address = newAddress;
        downSince = null;
        latest = null;
        unwritten.put(name + " " + HEARD, Optional.empty());
    }

    /** The remote broker has said something over a connection that stands since then. */
    synchronized void heard(Instant since) {
        if (downSince != null) {
            latest = new Gap(name, downSince, Optional.of(since), OptionalLong.empty());
            downSince = null;
            if (!Duration.between(latest.from(), since).minus(LEAST).isNegative()) {
                list();
            }
        }
        stillHeard(since);
    }

    private void list() {
        ended.addLast(latest);
        keep(latest);
        if (ended.size() > MOST) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        unwritten.put(name + " " + ended.removeFirst().from(), Optional.empty());
    }

    /** The connection stands, and so long something has come. */
    synchronized void stillHeard(Instant at) {
        unwritten.put(name + " " + HEARD, Optional.of(at + " " + address));
    }

    /** The connection is gone; something was heard of the remote broker until then. */
    synchronized void lost(Instant lastHeard) {
        downSince = lastHeard;
        stillHeard(lastHeard);
    }

    /**
     * The remote broker remembers this one, and says how many events of the gap cannot come any more.
     *
     * @param more none when all of them come, or more than it has said before
     */
    synchronized void missed(long more) {
        if (latest == null) {
            return;
        }
        Gap before = latest;
        latest = new Gap(name, before.from(), before.until(), OptionalLong.of(before.missed().orElse(0) + more));
        if (ended.removeIf(before::equals)) {
            ended.addLast(latest);
            keep(latest);
        } else if (more > 0) { // short, but not without harm
            list();
        }
    }

    private void keep(Gap gap) {
        String missed = gap.missed().isPresent() ? Long.toString(gap.missed().getAsLong()) : UNKNOWN;
        unwritten.put(name + " " + gap.from(), Optional.of(gap.until().orElseThrow() + " " + missed));
    }

    @Override
    public synchronized List<Gap> gaps() {
        List<Gap> all = new ArrayList<>(ended);
        if (downSince != null && !Duration.between(downSince, clock.instant()).minus(LEAST).isNegative()) {
            all.add(new Gap(name, downSince, Optional.empty(), OptionalLong.empty()));
        }
        return all;
    }

    /** Has everything that has changed on disk. What cannot be written now is written the next time. */
    void write() {
        synchronized (writing) {
            Map<String, Optional<String>> changes;
            synchronized (this) {
                changes = new HashMap<>(unwritten);
                unwritten.clear();
            }
            if (changes.isEmpty()) {
                return;
            }
            try {
                state.write(KIND, changes);
                warned = false;
            } catch (UncheckedIOException e) {
                synchronized (this) {
                    changes.forEach(unwritten::putIfAbsent);
                }
                if (!warned) {
                    warned = true;
                    LOG.warn("{}: gaps cannot be kept now, because the log cannot be written; see to its disk or database", name, e);
                }
            }
        }
    }
}
