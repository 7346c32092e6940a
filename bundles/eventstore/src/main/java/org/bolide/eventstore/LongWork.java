package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.zaxxer.hikari.HikariConfig;
import org.sqlite.ProgressHandler;

/** What the works that take as long as the log is large have in common. */
final class LongWork {

    /** How many steps of SQLite's machine pass between two looks at the clock and the thread: about a millisecond. */
    static final int STEPS = 20_000;

    private LongWork() {
    }

    /** What is done while the thread may be interrupted. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws SQLException, IOException;
    }

    /** A connection apart from the readers' few, which a long work would keep from them; with autocommit off. */
    static Connection connect(Dialect dialect) throws SQLException {
        HikariConfig config = dialect.readers();
        Connection connection = config.getDataSource().getConnection();
        try {
            connection.setAutoCommit(false);
            if (config.getTransactionIsolation() != null) {
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /**
     * Runs a single statement of SQLite that takes long, and ends it when the thread is interrupted.
     *
     * @param look called again and again meanwhile
     */
    static <T> T interruptible(Connection sqlite, Runnable look, Step<T> work)
            throws SQLException, IOException, InterruptedException {
        ProgressHandler.setHandler(sqlite, STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                look.run();
                return Thread.currentThread().isInterrupted() ? 1 : 0;
            }
        });
        try {
            return work.run();
        } catch (SQLException e) {
            checkInterrupt();
            throw e;
        } finally {
            ProgressHandler.clearHandler(sqlite);
        }
    }

    /** The number that a query gives; 0 where it gives null. */
    static long number(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setObject(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
