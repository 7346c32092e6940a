package org.bolide.broker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the log's writer back when the readers that set the pace do not keep up, so that no event waits without bound for
 * them: authors wait instead. What counts, of the readers that have once been at the end and have moved since not long ago, is the one that
 * a tenth of a crowd, or half of a few, is behind, so that some that are slow change nothing. By how fast it moves it is
 * known how long the newest event will wait for it; the writer may be ahead by as many events as it reads in the longest
 * lag, and in any case writes {@link #FLOOR} events a second. All times are {@link System#nanoTime}: the machine's clock may be set.
 */
final class Pace {

    private static final Logger LOG = LoggerFactory.getLogger(Pace.class);
    /** Events in a second that are always written. */
    private static final int FLOOR = 100;
    private static final long FLOOR_NANOS = TimeUnit.SECONDS.toNanos(1) / FLOOR;
    private static final int FLOOR_MOST = 10;
    /** Parts of the longest lag: the time from one look at the readers to the next, and the time that a speed is taken from. */
    private static final int LOOKS = 20;
    private static final int SPEED_LOOKS = 10;
    private static final int LEAST_LOOKS = 5;
    /** Of so many readers a tenth may be slow of its own fault; of fewer, half of them. */
    private static final int CROWD = 20;
    private static final long TELL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private record Look(long at, long pacemaker) {
    }

    private final long maxLag;
    private final Set<LogReader> setters = ConcurrentHashMap.newKeySet();
    private final LongAdder times = new LongAdder();
    private final LongAdder nanosHeld = new LongAdder();
    private volatile boolean holding;

    // Of whoever holds the pen.
    private final Deque<Look> looks = new ArrayDeque<>();
    private long lookedAt = System.nanoTime();
    private long floorFrom;
    private long pacemaker;
    private double eventsInLag;
    private long toldAt = System.nanoTime() - TELL_NANOS;
    private boolean told;
    private long heldSince;

    /** @param maxLag zero: nobody is ever held back */
    Pace(Duration maxLag) {
        this.maxLag = maxLag.toNanos();
    }

    void join(LogReader reader) {
        setters.add(reader);
    }

    void leave(LogReader reader) {
        setters.remove(reader);
    }

    /** Whether the writer is held back. */
    boolean isHolding() {
        return holding;
    }

    long timesHeld() {
        return times.sum();
    }

    long millisHeld() {
        return TimeUnit.NANOSECONDS.toMillis(nanosHeld.sum());
    }

    /** With the pen in hand: how many events may be written now. */
    int mayWrite(long latest) {
        if (maxLag == 0 || setters.isEmpty() && !holding) {
            return Integer.MAX_VALUE;
        }
        long now = System.nanoTime();
        if (now - lookedAt >= maxLag / LOOKS) {
            lookedAt = now;
            look(now, latest);
        }
        if (!holding) {
            return Integer.MAX_VALUE;
        }
        long room = (long) eventsInLag - (latest - pacemaker);
        long floor = Math.min(FLOOR_MOST, (now - floorFrom) / FLOOR_NANOS);
        if (room > 0 || floor > 0) {
            floorFrom = now;
        }
        return (int) Math.max(0, Math.max(room, floor));
    }

    private void look(long now, long latest) {
        long[] positions = setters.stream().filter(reader -> reader.setsPace(latest, now - 5 * maxLag / 2))
                .mapToLong(LogReader::polled).toArray();
        Arrays.sort(positions);
        pacemaker = positions.length == 0 ? latest : positions[positions.length / (positions.length < CROWD ? 2 : 10)];
        if (pacemaker >= latest) {
            looks.clear();
            hold(false, now, positions.length);
            return;
        }
        if (!looks.isEmpty() && now - looks.getLast().at > maxLag) {
            looks.clear(); // nothing was written meanwhile
        }
        looks.add(new Look(now, pacemaker));
        if (looks.size() > SPEED_LOOKS) {
            looks.remove();
        }
        if (looks.size() >= LEAST_LOOKS) {
            Look first = looks.peek();
            eventsInLag = Math.max(0.0, pacemaker - first.pacemaker) / (now - first.at) * maxLag;
            // Once held back it stays so until there is some room, or it would be on and off with each batch.
            hold(latest - pacemaker > eventsInLag / (holding ? 2 : 1), now, positions.length);
        }
    }

    private void hold(boolean hold, long now, int readers) {
        if (holding) {
            nanosHeld.add(now - heldSince);
            heldSince = now;
        }
        if (hold == holding) {
            return;
        }
        holding = hold;
        heldSince = now;
        if (hold) {
            times.increment();
            floorFrom = now;
            told = now - toldAt >= TELL_NANOS;
            if (told) {
                toldAt = now;
                LOG.warn("the intake is slowed: {} of {} subscribers get events more than {} s late. See what slows them: the network,"
                        + " costly filters, or this machine; maxLagSeconds sets the bound", readers < CROWD ? "most" : "a tenth or more", readers, TimeUnit.NANOSECONDS.toSeconds(maxLag));
            }
        } else if (told) {
            told = false;
            LOG.info("the intake is not slowed any more: most subscribers keep up");
        }
    }
}
