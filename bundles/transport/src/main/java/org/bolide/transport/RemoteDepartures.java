package org.bolide.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.bolide.api.management.Connections.Departure;

/** The connections to a remote broker that have ended: the newest hundred. Safe for any number of threads. */
final class RemoteDepartures {

    private static final int MOST = 100;

    private final Deque<Departure> newestFirst = new ArrayDeque<>();

    synchronized void add(Departure departure) {
        newestFirst.addFirst(departure);
        if (newestFirst.size() > MOST) {
            newestFirst.removeLast();
        }
    }

    synchronized List<Departure> newestFirst() {
        return List.copyOf(newestFirst);
    }
}
