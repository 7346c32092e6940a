package org.bolide.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Role;

/** What the remote brokers have brought, by their own counts, and how long each could be heard. Not thread-safe. */
final class Remotes {

    private final Map<String, Remote> remotes = new HashMap<>();

    private static final class Remote {

        private final Hearing hearing;
        private long count;

        private Remote(Hearing hearing, long count) {
            this.hearing = hearing;
            this.count = count;
        }
    }

    /**
     * Events that a remote broker has brought since the last look.
     *
     * @param hearing what its hearing shows
     */
    record Brought(String name, long events, long hearing) {}

    /** How long it could be heard before this start. */
    void restore(String name, long hearing, Instant now) {
        remotes.put(name, new Remote(new Hearing(hearing, now), Long.MAX_VALUE));
    }

    /** Whether events could come: from one of the remote brokers, or from authors where there are none. */
    static boolean hear(List<Connection> connections) {
        List<Connection> all = connections.stream().filter(each -> each.role() == Role.REMOTE_BROKER).toList();
        return all.isEmpty() || all.stream().anyMatch(Connection::connected);
    }

    /** To be called every few seconds. What had come before the first look does not count. */
    List<Brought> look(List<Connection> connections, Instant now) {
        List<Brought> brought = new ArrayList<>();
        for (Connection connection : connections) {
            if (connection.role() == Role.REMOTE_BROKER) {
                long count = connection.events() + connection.duplicates();
                Remote remote = remotes.computeIfAbsent(connection.component(), name -> new Remote(new Hearing(0, now), Long.MAX_VALUE));
                remote.hearing.tick(now, connection.connected());
                if (count > remote.count) {
                    brought.add(new Brought(connection.component(), count - remote.count, remote.hearing.millis()));
                }
                remote.count = count; // less than before if it was configured anew
            }
        }
        return brought;
    }

    /** What the hearing of each shows. */
    Map<String, Long> hearing() {
        Map<String, Long> shown = new HashMap<>();
        remotes.forEach((name, remote) -> shown.put(name, remote.hearing.millis()));
        return shown;
    }

    /** It is not known any more. */
    void forget(String name) {
        remotes.remove(name);
    }
}
