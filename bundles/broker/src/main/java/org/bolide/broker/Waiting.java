package org.bolide.broker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The readers that wait for events, in the order in which they came to wait. To wait costs one exchange; who does not
 * wait costs nothing when something comes. Safe for use by any number of threads; nothing blocks.
 */
final class Waiting {

    private record Link(LogReader reader, Link before) {
    }

    private final AtomicReference<Link> newest = new AtomicReference<>();

    void add(LogReader reader) {
        Link before;
        do {
            before = newest.get();
        } while (!newest.compareAndSet(before, new Link(reader, before)));
    }

    /** Takes all who wait; the one who has waited longest first. */
    List<LogReader> takeAll() {
        Link link = newest.get() == null ? null : newest.getAndSet(null);
        if (link == null) {
            return List.of();
        }
        List<LogReader> readers = new ArrayList<>();
        for (; link != null; link = link.before) {
            readers.add(link.reader);
        }
        Collections.reverse(readers);
        return readers;
    }
}
