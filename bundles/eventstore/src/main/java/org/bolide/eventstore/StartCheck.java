package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The check of the newest events at a start after the broker before was killed, or its machine stopped. */
final class StartCheck {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcEventStore.class);

    /** So many events are checked. */
    private static final int CHECKED = 1000;
    private static final int SHOWN = 5;

    private final Dialect dialect;
    private final LogReader reader;
    private final Bodies bodies;

    StartCheck(Dialect dialect, LogReader reader, Bodies bodies) {
        this.dialect = dialect;
        this.reader = reader;
        this.bodies = bodies;
    }

    /** Says in the broker's log what it finds, and returns what is wrong as a sentence. */
    Optional<String> run(long upTo) {
        long begun = System.nanoTime();
        List<String> faults = new ArrayList<>();
        long after = Math.max(0, upTo - CHECKED);
        long events;
        try {
            events = reader.query(connection -> check(connection, after, upTo, faults));
        } catch (IOException e) {
            LOG.error("The broker that had the event log in {} before was not stopped in good order, and its newest events cannot be "
                    + "checked. {}", dialect.describe(), e.getMessage());
            return Optional.of("The broker that had the event log in " + dialect.describe() + " before was not stopped in good order, and the"
                    + " newest events could not be checked: check the whole log.");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        if (faults.isEmpty()) {
            LOG.info("The broker that had the event log in {} before was not stopped in good order: its newest {} events, up to the "
                    + "number {}, were checked in {} ms and are in order.", dialect.describe(), events, upTo, millis);
            return Optional.empty();
        }
        LOG.error("The broker that had the event log in {} before was not stopped in good order: of its newest {} events, up to "
                + "the number {}, checked in {} ms, some are damaged. Check the whole log and compare with a backup. {}",
                dialect.describe(), events, upTo, millis, String.join(" ", faults.subList(0, Math.min(faults.size(), SHOWN))));
        return Optional.of("Of the newest events of the event log in " + dialect.describe() + " some were found damaged at the start: check the"
                + " whole log and compare with a backup.");
    }

    private long check(Connection connection, long after, long upTo, List<String> faults) throws SQLException {
        try {
            return new LogCheck(connection, dialect instanceof SqliteDialect, bodies, faults::add).check(after, upTo, done -> { });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("the check was interrupted", e);
        }
    }
}
