package org.bolide.watch;

import java.util.List;
import java.util.SortedMap;

import org.bolide.api.management.Counters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Streams;

/** The services of this bundle, as one object. */
record Shown(Streams book, HealthCheck health, Counters tally) implements Streams, HealthCheck, Counters {

    @Override
    public List<StreamStatus> streams() {
        return book.streams();
    }

    @Override
    public boolean forget(Kind kind, String name) {
        return book.forget(kind, name);
    }

    @Override
    public List<Problem> problems() {
        return health.problems();
    }

    @Override
    public SortedMap<String, Long> counters() {
        return tally.counters();
    }
}
