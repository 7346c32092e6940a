package org.bolide.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.BrokerEvent;

/**
 * The newest events of the log, in memory: what most readers are about to read. Bounded by number and by what
 * they cost with all that hangs on them, {@link LogEvent#cost}. The lock is
 * held only to copy references.
 */
final class Tail {

    private final LogEvent[] ring;
    private final long maxBytes;
    private int first;
    private int count;
    private long bytes;
    private long startsAfter;

    /** @param startsAfter the newest sequence on disk: the tail holds whatever comes after it */
    Tail(int maxEvents, long maxBytes, long startsAfter) {
        this.ring = new LogEvent[maxEvents];
        this.maxBytes = maxBytes;
        this.startsAfter = startsAfter;
    }

    synchronized void add(List<LogEvent> newest) {
        for (LogEvent event : newest) {
            while (count == ring.length || count > 0 && bytes + event.cost() > maxBytes) {
                dropOldest();
            }
            ring[(first + count) % ring.length] = event;
            count++;
            bytes += event.cost();
        }
    }

    /** The events after a sequence; empty if the tail no longer reaches back so far and the disk must be read. */
    synchronized Optional<List<BrokerEvent>> read(long after, int maxEvents, int maxSize) {
        if (after < startsAfter) {
            return Optional.empty();
        }
        List<BrokerEvent> wanted = new ArrayList<>();
        long size = 0;
        for (int i = firstAfter(after); i < count && wanted.size() < maxEvents; i++) {
            LogEvent event = at(i);
            size += event.size();
            if (size > maxSize && !wanted.isEmpty()) {
                break;
            }
            wanted.add(event);
        }
        return Optional.of(wanted);
    }

    private int firstAfter(long sequence) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).sequence() > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private LogEvent at(int index) {
        return ring[(first + index) % ring.length];
    }

    private void dropOldest() {
        LogEvent oldest = ring[first];
        ring[first] = null;
        first = (first + 1) % ring.length;
        count--;
        bytes -= oldest.cost();
        startsAfter = oldest.sequence();
    }
}
