package org.bolide.transport;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * How much text the filters of all subscribers have: ready filters take far more memory than their text, and
 * strangers may ask for as many as they like. Safe for any number of threads.
 */
final class FilterRoom {

    private final long most;
    private final long mostOfOne;
    private final Map<ByteBuffer, Long> taken = new HashMap<>();
    private long takenByAll;

    /**
     * @param most characters that all may have together
     * @param mostOfOne characters that one address may have
     */
    FilterRoom(long most, long mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Takes room for so many characters, if there is. */
    synchronized boolean take(InetAddress address, long chars) {
        long now = taken.getOrDefault(Peers.key(address), 0L) + chars;
        if (now > mostOfOne || takenByAll + chars > most) {
            return false;
        }
        takenByAll += chars;
        taken.put(Peers.key(address), now);
        return true;
    }

    /** Gives back what was taken. */
    synchronized void give(InetAddress address, long chars) {
        takenByAll -= chars;
        taken.computeIfPresent(Peers.key(address), (key, now) -> now == chars ? null : now - chars);
    }
}
