package org.bolide.eventstore;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one way to write. One transaction at a time, on one connection that is kept; whatever fails is rolled back and
 * the connection closed, and the next call opens another. The lock is fair, so that the many small transactions of
 * expiry never hold an append up for longer than one of them takes.
 *
 * <p>A commit whose answer was lost is settled when the connection is opened again: the transaction is undone if it took
 * place after all, so that an {@link IOException} always means that nothing was written. Until then nobody has seen its
 * events, because readers go no further than {@link #latest}.
 */
final class LogWriter implements AutoCloseable {

    /** What is done in one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(WriteSession session) throws SQLException;
    }

    /** Nothing can be written. */
    record Failing(Instant since, String reason) {}

    private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);
    private static final int CLOSE_SECONDS = 10;

    private final Dialect dialect;
    private final String name = UUID.randomUUID().toString();
    private final ReentrantLock lock = new ReentrantLock(true);
    private final KnownDigests known = new KnownDigests();
    private final Bodies bodies;
    private final boolean unclean;
    private volatile long latest;
    private volatile long contentBytes;
    private volatile Optional<Failing> failing = Optional.empty();
    private WriteSession session;
    private volatile boolean closed;

    /** Opens the log, and makes or migrates its tables. Writes nothing to a log that is up to date: the disk may be full. */
    LogWriter(Dialect dialect, Bodies bodies) throws IOException {
        this.dialect = dialect;
        this.bodies = bodies;
        try {
            session = open();
            latest = session.latest();
            contentBytes = session.contentBytes();
            unclean = session.unclean();
            DictionaryTrainer.useNewest(session, bodies);
            session.connection().commit();
        } catch (SQLException e) {
            discard();
            throw new IOException(dialect.explain(e), e);
        }
    }

    private WriteSession open() throws SQLException, IOException {
        return WriteSession.open(dialect, name, known, bodies);
    }

    /** Whether the broker that had this log before was killed, or lost its machine. */
    boolean unclean() {
        return unclean;
    }

    /** To be used within {@link #write}, except for a glance at its size. */
    KnownDigests known() {
        return known;
    }

    /** See {@link KnownDigests#moved}. */
    void moved(long upTo) {
        lock.lock();
        try {
            known.moved(upTo);
        } finally {
            lock.unlock();
        }
    }

    /** From the next append on; see {@link Bodies#use}. */
    void use(int dictionary, byte[] content) {
        lock.lock();
        try {
            bodies.use(dictionary, content);
        } finally {
            lock.unlock();
        }
    }

    /** The newest sequence that is on disk for certain. */
    long latest() {
        return latest;
    }

    /**
     * Runs the work and commits. When it returns, what the work wrote is on disk.
     *
     * @throws IOException if nothing was written, saying what an operator can do
     */
    <T> T write(Work<T> work) throws IOException {
        lock.lock();
        boolean committed = false;
        try {
            if (closed) {
                throw new IOException("The event log is closed.");
            }
            if (session == null) {
                session = open();
            }
            dialect.betweenTransactions(session.connection());
            session.settle(latest);
            T result = work.run(session);
            session.connection().commit();
            committed = true;
            session.committed();
            latest = session.latest();
            contentBytes = session.contentBytes();
            failing = Optional.empty();
            return result;
        } catch (SQLException e) {
            throw failed(new IOException(dialect.explain(e), e));
        } catch (IOException e) {
            throw failed(e);
        } finally {
            if (!committed || closed) {
                discard();
            }
            lock.unlock();
        }
    }

    private IOException failed(IOException e) {
        if (!closed) {
            failing = Optional.of(new Failing(failing.map(Failing::since).orElseGet(Instant::now), e.getMessage()));
        }
        return e;
    }

    /** Since when nothing can be written, and why; ends with the next transaction that succeeds. Does not block. */
    Optional<Failing> failing() {
        return failing;
    }

    /** The bytes of all events' contents. Does not block. */
    long contentBytes() {
        return contentBytes;
    }

    private void discard() {
        WriteSession broken = session;
        session = null;
        if (broken != null) {
            broken.close();
        }
    }

    /** So that the next start knows that nothing has to be checked. */
    private void sayClosed() {
        if (session == null) {
            return;
        }
        try {
            if (session.written()) {
                session.settle(latest);
                session.sayClosed();
            }
            session.connection().commit();
            dialect.unlock(session.connection());
        } catch (SQLException e) {
            LOG.info("The event log in {} could not be marked as closed; it is checked at the next start ({}).",
                    dialect.describe(), e.getMessage());
        }
    }

    /** Waits for the transaction that is under way, for some seconds at most. */
    @Override
    public void close() {
        closed = true;
        try {
            if (lock.tryLock(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                try {
                    sayClosed();
                } finally {
                    discard();
                    lock.unlock();
                }
            } else {
                LOG.warn("The event log in {} is stopped in the middle of a transaction that does not end: "
                        + "see what holds up the disk or the server.", dialect.describe());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
