package org.bolide.broker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The readers that wait for events, in the order in which they came to wait. To wait costs one exchange; who does not
 * wait costs nothing when something comes. Safe for use by any number of threads; nothing blocks.
 */
final class Waiting {

    private record Link(LogReader reader, Link before) {
    }

    /** So many closed readers may be held in memory while nothing comes. */
    private static final int MOST_LEFT = 1000;

    private final AtomicInteger left = new AtomicInteger();
    private final AtomicReference<Link> newest = new AtomicReference<>();

    void add(LogReader reader) {
        Link before;
        do {
            before = newest.get();
        } while (!newest.compareAndSet(before, new Link(reader, before)));
    }

    /** One of them has been closed. Returns whether so many have that it is time to look for them. */
    boolean isLeft() {
        return left.incrementAndGet() > MOST_LEFT;
    }

    /** Takes all who wait; the one who has waited longest first. */
    List<LogReader> takeAll() {
        Link link = newest.get() == null ? null : newest.getAndSet(null);
        if (link == null) {
            return List.of();
        }
        left.set(0);
        List<LogReader> readers = new ArrayList<>();
        for (; link != null; link = link.before) {
            readers.add(link.reader);
        }
        Collections.reverse(readers);
        return readers;
    }
}
