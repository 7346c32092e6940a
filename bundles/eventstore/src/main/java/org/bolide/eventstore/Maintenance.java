package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.bolide.api.management.LogMaintenance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteException;

/** What an operator does with a log that is open. On connections of its own; it writes through the one writer. */
final class Maintenance implements LogMaintenance {

    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    /** Pages of SQLite that are given back in one transaction. */
    private static final int COMPACT_PAGES = 500;
    private static final int CHECKPOINT_SECONDS = 5;
    private static final int CHECKPOINT_MILLIS = 50;

    private final Dialect dialect;
    private final LogWriter writer;
    private final Bodies bodies;

    Maintenance(Dialect dialect, LogWriter writer, Bodies bodies) {
        this.dialect = dialect;
        this.writer = writer;
        this.bodies = bodies;
    }

    /** A work on a connection of its own. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException, IOException, InterruptedException;
    }

    private record Edge(long sequence, Instant receivedAt) {}

    @Override
    public LogState state() throws IOException {
        try (Connection connection = LongWork.connect(dialect)) {
            Optional<Edge> newest = edge(connection, "desc");
            Optional<Edge> oldest = edge(connection, "asc");
            boolean isFile = isFile();
            long free = isFile
                    ? LongWork.number(connection, "pragma freelist_count") * LongWork.number(connection, "pragma page_size")
                    : 0;
            return new LogState(isFile ? "SQLite" : "PostgreSQL", dialect.describe(), writer.latest(),
                    newest.map(Edge::receivedAt), oldest.map(Edge::sequence), oldest.map(Edge::receivedAt),
                    LongWork.number(connection, "select count(*) from events"),
                    LongWork.number(connection, "select content_bytes + (select coalesce(sum(bytes), 0) from events "
                            + "where sequence > latest_sequence) from log_state"),
                    dialect.diskBytes(connection), free, !writer.unclean());
        } catch (SQLException e) {
            throw new IOException(dialect.explain(e), e);
        }
    }

    @Override
    public LogFindings check(Progress progress) throws IOException, InterruptedException {
        return explained(() -> {
            try (Connection connection = LongWork.connect(dialect)) {
                return new FullCheck(connection, isFile(), bodies, progress).run(writer.latest());
            }
        });
    }

    @Override
    public long backup(Path file, Progress progress) throws IOException, InterruptedException {
        return explained(() -> new Backup(dialect, file, progress).run());
    }

    @Override
    public long compact(Progress progress) throws IOException, InterruptedException {
        return explained(() -> {
            try (Connection connection = LongWork.connect(dialect)) {
                long before = dialect.diskBytes(connection);
                connection.rollback();
                if (isFile()) {
                    shrink(progress);
                    checkpoint(connection);
                } else {
                    connection.setAutoCommit(true);
                    LongWork.execute(connection, "vacuum");
                }
                return before - dialect.diskBytes(connection);
            }
        });
    }

    /** Each step is a transaction of its own; authors come in between, because the writer's lock is fair. */
    private void shrink(Progress progress) throws IOException, InterruptedException {
        long total = 0;
        long left = Long.MAX_VALUE;
        for (long before = 0; left > 0 && left != before; ) {
            LongWork.checkInterrupt();
            before = left;
            left = writer.write(session -> {
                try (Statement vacuum = session.connection().createStatement()) {
                    vacuum.executeUpdate("pragma incremental_vacuum(" + COMPACT_PAGES + ")");
                }
                return LongWork.number(session.connection(), "pragma freelist_count");
            });
            total = Math.max(total, left + COMPACT_PAGES);
            progress.at(total - left, total);
        }
    }

    /** Only a checkpoint makes the file shorter. Readers that are in the middle keep it from that; a later one does it then. */
    private static void checkpoint(Connection connection) throws SQLException, InterruptedException {
        connection.setAutoCommit(true);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CHECKPOINT_SECONDS);
        // its first column is not 0 if it was not done; for a checkpoint that is under way it does not wait
        while (LongWork.number(connection, "pragma wal_checkpoint(truncate)") != 0 && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(CHECKPOINT_MILLIS);
        }
    }

    @Override
    public LogCopy migrate(Database database, Progress progress) throws IOException, InterruptedException {
        if (!isFile()) {
            throw new IOException("This log is in a PostgreSQL database already. To move it to another one use pg_dump and psql.");
        }
        PostgresDialect to;
        try {
            if (!database.url().startsWith(PostgresDialect.URL_PREFIX)) {
                throw PostgresDialect.refused("it does not begin with " + PostgresDialect.URL_PREFIX);
            }
            to = new PostgresDialect(database.url(), database.user(), database.password());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
        try (Connection target = to.openWriter(); Connection source = LongWork.connect(dialect)) {
            Schema.migrate(target, to, Schema.SCRIPTS);
            LOG.info("The event log is being copied to {}.", to.describe());
            LogCopy copy = new Migration(source, target, to.describe(), progress).run();
            LOG.info("{} holds {} events of this log, up to the number {}.", to.describe(), copy.total(), copy.newest());
            // The server would notice the end of the session a moment later than a broker that is started at once.
            LongWork.execute(target, "select pg_advisory_unlock_all()");
            return copy;
        } catch (SQLException e) {
            throw new IOException(e instanceof SQLiteException ? dialect.explain(e) : to.explain(e), e);
        }
    }

    private <T> T explained(Work<T> work) throws IOException, InterruptedException {
        try {
            return work.run();
        } catch (SQLException e) {
            throw new IOException(dialect.explain(e), e);
        }
    }

    private boolean isFile() {
        return dialect instanceof SqliteDialect;
    }

    private static Optional<Edge> edge(Connection connection, String order) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sequence, received_at from events order by sequence " + order + " limit 1")) {
            return row.next() ? Optional.of(new Edge(row.getLong(1), Times.parse(row.getString(2)))) : Optional.empty();
        }
    }
}
