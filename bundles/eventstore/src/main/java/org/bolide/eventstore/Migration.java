package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

import org.bolide.api.management.LogMaintenance.LogCopy;
import org.bolide.api.management.LogMaintenance.Progress;

/**
 * Brings a log into another database. The digests up to a sequence come first, then the events, each page a transaction, and
 * last, in one transaction, what makes a log of it: places, dead letters, what bundles remember and the state. Until then the target's state says
 * that it is unfinished, and no broker starts on it; whoever migrates again goes on behind its last event.
 */
final class Migration {

    /** Stands in the state of a target that is not complete, where the name of a writing broker is otherwise. */
    static final String UNFINISHED = "migration";

    /** As after a stop in good order. */
    private static final String FINISHED = "";

    /** While a copy is made events come in; what is left after so many rounds is for the next migration. */
    private static final int ROUNDS = 3;

    /** So many of the target's newest digests must be the source's. */
    private static final int SAMPLE = 1_000;
    private static final int PAGE = 10_000;

    private final Connection source;
    private final Connection target;
    private final String place;
    private final RowCopier rows;

    /** @param place of the target, for messages */
    Migration(Connection source, Connection target, String place, Progress progress) {
        this.source = source;
        this.target = target;
        this.place = place;
        rows = new RowCopier(source, target, false, progress);
    }

    LogCopy run() throws SQLException, IOException, InterruptedException {
        long complete = begin();
        long events = 0;
        long digests = 0;
        long upTo = complete;
        for (int round = 0; round < ROUNDS && (round == 0 || latest(source) > upTo); round++) {
            long after = upTo;
            upTo = latest(source);
            long lastEvent = LongWork.number(target, "select coalesce(max(sequence), 0) from events");
            // before the events that need it
            rows.missing("dictionaries", "id");
            rows.expect(count("digests", source, after, upTo) + count("events", source, lastEvent, upTo));
            source.commit();
            digests += rows.digests(after, upTo);
            events += rows.events(lastEvent, upTo);
        }
        long total = finish(upTo);
        return new LogCopy(events, digests, total, upTo, latest(source) - upTo);
    }

    /** Makes sure that the target holds nothing but a part of the source, and returns how much of it is complete. */
    private long begin() throws SQLException, IOException {
        long complete = latest(target);
        boolean isNew = complete == 0 && LongWork.number(target, "select count(*) from (select 1 from digests limit 1) as one") == 0;
        if (!isNew && (complete > latest(source) || !isSame())) {
            throw new IOException("The " + place + " holds another log, or this one after a broker has gone on with it there."
                    + " Give an empty database, or one to which nothing but this log was copied.");
        }
        LongWork.execute(target, "update log_state set writer = '" + UNFINISHED + "'");
        target.commit();
        return complete;
    }

    private boolean isSame() throws SQLException {
        int same = 0;
        try (PreparedStatement newest = target.prepareStatement(
                        "select digest, sequence from digests order by sequence desc limit " + SAMPLE);
                PreparedStatement find = source.prepareStatement("select digest from digests where sequence = ?");
                ResultSet row = newest.executeQuery()) {
            while (row.next()) {
                find.setLong(1, row.getLong(2));
                try (ResultSet found = find.executeQuery()) {
                    if (found.next()) {
                        if (!Arrays.equals(found.getBytes(1), row.getBytes(1))) {
                            return false;
                        }
                        same++;
                    }
                }
            }
        }
        return same > 0;
    }

    private long finish(long upTo) throws SQLException, IOException, InterruptedException {
        source.commit(); // what follows sees one state of the source
        latest(source);
        forget(upTo);
        long wanted = count("events", source, 0, upTo);
        long there = count("events", target, 0, upTo);
        long wantedDigests = count("digests", source, 0, upTo);
        long digests = count("digests", target, 0, upTo);
        if (there != wanted || digests < wantedDigests) {
            throw new IOException("The copy in the " + place + " is not complete: it holds %,d of %,d events and %,d of %,d digests."
                    .formatted(there, wanted, digests, wantedDigests)
                    + " Empty that database and migrate again; the log here is unharmed.");
        }
        rows.whole("places");
        // Whoever has read on in the source has not read what the target will have under these numbers.
        LongWork.execute(target, "update places set sequence = " + upTo + " where sequence > " + upTo);
        rows.whole("dead_letters");
        rows.whole("state");
        try (PreparedStatement state = target.prepareStatement("update log_state set latest_sequence = ?, latest_dead_letter = ?, "
                + "content_bytes = (select coalesce(sum(bytes), 0) from events), writer = ?")) {
            state.setLong(1, upTo);
            state.setLong(2, LongWork.number(source, "select latest_dead_letter from log_state"));
            state.setString(3, FINISHED);
            state.executeUpdate();
        }
        target.commit();
        source.commit();
        return there;
    }

    /** Takes out of the target what has expired in the source since it was copied. */
    private void forget(long upTo) throws SQLException, InterruptedException {
        try (PreparedStatement events = target.prepareStatement("delete from events where sequence = ?");
                PreparedStatement citations = target.prepareStatement("delete from citations where sequence = ?");
                PreparedStatement facts = target.prepareStatement("delete from event_facts where sequence = ?")) {
            for (long from = 0; from < upTo; from += PAGE) {
                LongWork.checkInterrupt();
                long to = Math.min(upTo, from + PAGE);
                if (count("events", source, from, to) == count("events", target, from, to)) {
                    continue;
                }
                Set<Long> gone = sequences(target, from, to);
                gone.removeAll(sequences(source, from, to));
                for (long sequence : gone) {
                    events.setLong(1, sequence);
                    events.addBatch();
                    citations.setLong(1, sequence);
                    citations.addBatch();
                    facts.setLong(1, sequence);
                    facts.addBatch();
                }
                events.executeBatch();
                citations.executeBatch();
                facts.executeBatch();
            }
        }
    }

    private static Set<Long> sequences(Connection connection, long after, long upTo) throws SQLException {
        Set<Long> sequences = new HashSet<>();
        try (PreparedStatement select =
                connection.prepareStatement("select sequence from events where sequence > ? and sequence <= ?")) {
            select.setLong(1, after);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sequences.add(row.getLong(1));
                }
            }
        }
        return sequences;
    }

    private static long count(String table, Connection connection, long after, long upTo) throws SQLException {
        return LongWork.number(connection,
                "select count(*) from " + table + " where sequence > ? and sequence <= ?", after, upTo);
    }

    private static long latest(Connection connection) throws SQLException {
        return WriteSession.latest(connection);
    }
}
