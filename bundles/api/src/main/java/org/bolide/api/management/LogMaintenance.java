package org.bolide.api.management;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

import static java.util.Objects.requireNonNull;

/**
 * Care of the event log while the broker runs. Registered by the event store.
 *
 * <p>All methods read or write the disk, some for as long as the whole log takes, and may be called by any thread; none
 * holds the intake up for longer than one of its own transactions takes. The long ones end early, with an
 * {@link InterruptedException}, when the thread is interrupted. The message of an {@link IOException} says what an operator
 * can do.
 */
@ProviderType
public interface LogMaintenance {

    /** Hears how far a long work has got, on the thread that does it; must not block. */
    @FunctionalInterface
    interface Progress {

        /** @param total may still change a little, because the broker goes on */
        void at(long done, long total);
    }

    /** What the log is and holds. May count all events. */
    LogState state() throws IOException;

    /**
     * Reads the whole log and looks whether it is what was written: the database's own structure, and each event. Changes
     * nothing. What comes in meanwhile is not looked at.
     *
     * @param progress in events
     */
    LogFindings check(Progress progress) throws IOException, InterruptedException;

    /**
     * Writes a copy of the log as it is when this is called, as an SQLite database in one file, whatever database the log
     * is in. The file appears under its name when it is complete and on disk.
     *
     * @param file absolute, and not there yet
     * @param progress in bytes or rows
     * @return the copy's size in bytes
     */
    long backup(Path file, Progress progress) throws IOException, InterruptedException;

    /**
     * Gives the room on disk back that deleted events left, in small steps.
     *
     * @param progress in steps
     * @return how many bytes the log takes less than before; 0 or less if others wrote more meanwhile
     */
    long compact(Progress progress) throws IOException, InterruptedException;

    /**
     * Copies this log into a PostgreSQL database: events with their sequences, digests, citations, places, dead letters. May
     * be called again after it ended early or after more events have come: then it copies only what is new. A broker that is
     * started on the database afterwards goes on where the copy ends.
     *
     * @param target the database; it must be empty, or hold a part of this very log
     * @param progress in rows
     * @throws IOException also if this log is in PostgreSQL already, or the database holds another log
     */
    LogCopy migrate(Database target, Progress progress) throws IOException, InterruptedException;

    /**
     * A database on a server.
     *
     * @param url begins with {@code jdbc:postgresql:}
     * @param user empty for what the URL says
     * @param password empty for what the URL or the server's own rules say
     */
    record Database(String url, String user, String password) {

        public Database {
            requireNonNull(url);
            requireNonNull(user);
            requireNonNull(password);
        }

        /** Without the password, and without the URL, which may hold one. */
        @Override
        public String toString() {
            return "Database[user=" + user + "]";
        }
    }

    /**
     * What the log is and holds.
     *
     * @param kind the database, for people: {@code SQLite}, {@code PostgreSQL}
     * @param place where it is, for people
     * @param newest the newest sequence ever given; 0 if none
     * @param newestAt when the newest event that is still there was received
     * @param oldest the sequence of the oldest event that is still there
     * @param oldestAt when that one was received
     * @param events how many are there
     * @param contentBytes of all of them, as received
     * @param diskBytes that the log takes on disk, with all that belongs to it
     * @param freeBytes how many of those {@link #compact} could give back
     * @param stoppedCleanly whether the broker that wrote to the log before this one ended in good order
     */
    record LogState(
            String kind,
            String place,
            long newest,
            Optional<Instant> newestAt,
            Optional<Long> oldest,
            Optional<Instant> oldestAt,
            long events,
            long contentBytes,
            long diskBytes,
            long freeBytes,
            boolean stoppedCleanly) {}

    /**
     * What a check has found.
     *
     * @param events how many were looked at
     * @param damaged how many faults there are
     * @param faults the first of them, one sentence each; empty if the log is in order
     */
    record LogFindings(long events, long damaged, List<String> faults) {

        public LogFindings {
            faults = List.copyOf(faults);
        }
    }

    /**
     * What a migration has done.
     *
     * @param events copied now
     * @param digests copied now
     * @param total events that the target holds, the same number as the source up to that sequence
     * @param newest the newest sequence that the target holds
     * @param behind events that came while it was copied and are in the source only
     */
    record LogCopy(long events, long digests, long total, long newest, long behind) {}
}
