package org.bolide.transport;

import java.util.ArrayDeque;
import java.util.Deque;

/** Events that were sent to a subscriber and not answered yet, in the order of sending. Safe for any number of threads. */
final class Unsettled {

    private final Deque<Sent> events = new ArrayDeque<>();

    private record Sent(String identifier, long atNanos) {}

    synchronized void sent(String identifier, long nowNanos) {
        events.add(new Sent(identifier, nowNanos));
    }

    /**
     * An ack or nak has come: it settles the first event of this identifier, and with it all that were sent before. One
     * that names no event settles the oldest, for clients are known that write a fixed identifier.
     */
    synchronized void settle(String identifier) {
        int upTo = 0;
        for (Sent event : events) {
            upTo++;
            if (event.identifier.equals(identifier)) {
                for (int i = 0; i < upTo; i++) {
                    events.remove();
                }
                return;
            }
        }
        events.poll();
    }

    synchronized int size() {
        return events.size();
    }

    /** For how long the oldest has been waiting, in nanoseconds; 0 if there is none. */
    synchronized long age(long nowNanos) {
        Sent oldest = events.peek();
        return oldest == null ? 0 : nowNanos - oldest.atNanos;
    }
}
