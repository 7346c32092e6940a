package org.bolide.eventstore;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariConfig;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteException;

/**
 * SQLite, embedded: one file with its write-ahead log beside it. With {@code journal_mode=WAL} and
 * {@code synchronous=FULL} each commit appends to the write-ahead log and syncs it before it returns
 * (https://www.sqlite.org/pragma.html#pragma_synchronous); readers are not held up and do not hold up the writer.
 */
final class SqliteDialect implements Dialect {

    static final String FILE = "events.sqlite";

    static final int BUSY_TIMEOUT_MILLIS = 10_000;
    private static final int WRITER_CACHE_KIBIBYTES = 16_384;
    private static final int WAL_LIMIT_BYTES = 64 << 20;
    private static final int TIDY_PAGES = 500;

    /** The file shrinks when so many pages are free, and a quarter of all: free pages are used again soon in most logs. */
    private static final int TIDY_IF_FREE_PAGES = 4_000;

    private final Path directory;
    private final DirectoryLock lock;
    private final Checkpointer checkpointer;

    /** Makes the directory where there is none, and locks it. */
    SqliteDialect(Path directory) throws IOException {
        this.directory = directory;
        try {
            makeDirectories(directory);
            lock = DirectoryLock.take(directory);
        } catch (FileSystemException e) {
            throw new IOException(unusable(e), e);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setSynchronous(SynchronousMode.FULL);
        checkpointer = new Checkpointer(dataSource(config), directory.toString());
        checkpointer.start();
    }

    @Override
    public String describe() {
        return directory.toString();
    }

    Path file() {
        return directory.resolve(FILE);
    }

    private Path writeAheadLog() {
        return directory.resolve(FILE + "-wal");
    }

    @Override
    public String translate(String script) {
        return script.replace("${key}", "integer").replace("${bytes}", "blob").replace("${time}", "text")
                .replace("${equality}", "").replace("${clustered}", "without rowid")
                .replace("${postgresql}", "--").replace("${beginning}", "identifier");
    }

    @Override
    public Identifiers identifiers() {
        return new Identifiers("%s", Integer.MAX_VALUE, "lower(%s)", "instr", "identifier %s");
    }

    @Override
    public Connection openWriter() throws SQLException, IOException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        Path file = directory.resolve(FILE);
        if (!Files.exists(file) || Files.size(file) == 0) {
            // only an empty database can learn to give pages back
            try (Connection connection = dataSource(config).getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("pragma auto_vacuum = incremental");
                statement.execute("vacuum");
            }
        }
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setJournalSizeLimit(WAL_LIMIT_BYTES);
        config.setCacheSize(-WRITER_CACHE_KIBIBYTES);
        Connection connection = dataSource(config).getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma wal_autocheckpoint = 0"); // the checkpointer's
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void betweenTransactions(Connection writer) throws SQLException {
        checkpointer.betweenTransactions(writer);
    }

    @Override
    public void unlock(Connection writer) {
        // the lock is the directory's
    }

    @Override
    public long failures() {
        return checkpointer.failures();
    }

    @Override
    public HikariConfig readers() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(dataSource(config));
        pool.setConnectionInitSql("pragma query_only = on");
        return pool;
    }

    @Override
    public void bound(Connection reader) throws SQLException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SEARCH_SECONDS);
        ProgressHandler.setHandler(reader.unwrap(SQLiteConnection.class), LongWork.STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                return System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted() ? 1 : 0;
            }
        });
    }

    @Override
    public void unbound(Connection reader) throws SQLException {
        ProgressHandler.clearHandler(reader.unwrap(SQLiteConnection.class));
    }

    @Override
    public String explain(SQLException failure) {
        String place = "The event log in " + directory;
        String reason = " (" + failure.getMessage() + ")";
        if (!(failure instanceof SQLiteException e)) {
            return place + " cannot be used" + reason + ".";
        }
        String code = e.getResultCode().name();
        if (code.equals("SQLITE_INTERRUPT")) {
            return place + TOO_LONG + reason + ".";
        } else if (code.equals("SQLITE_FULL")) {
            return place + " has no room: free some space on that disk, or lower keepDays or maxBytes of "
                    + JdbcEventStore.PID + reason + ".";
        } else if (code.startsWith("SQLITE_IOERR")) {
            return place + " cannot be written or read: see that the disk is in order and has room" + reason + ".";
        } else if (code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_PERM")) {
            return place + " cannot be opened for writing: see that the file " + FILE + " and its directory belong to the user "
                    + System.getProperty("user.name") + " and are not on a read-only file system" + reason + ".";
        } else if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
            return place + " is held by another program: end the sqlite3 session that has a transaction open" + reason + ".";
        } else if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) {
            return place + " is damaged: stop the broker, move the directory away and restore a copy, or begin a new log; "
                    + "\"sqlite3 " + FILE + " .recover\" saves what can be read" + reason + ".";
        }
        return place + " cannot be used" + reason + ".";
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(directory);
    }

    @Override
    public long diskBytes(Connection connection) {
        // 0 where there is none
        return file().toFile().length() + writeAheadLog().toFile().length();
    }

    @Override
    public int tidy(Connection writer) throws SQLException {
        try (Statement statement = writer.createStatement()) {
            long free = number(statement, "pragma freelist_count");
            if (free < TIDY_IF_FREE_PAGES || free < number(statement, "pragma page_count") / 4) {
                return 0;
            }
            statement.executeUpdate("pragma incremental_vacuum(" + TIDY_PAGES + ")");
            return TIDY_PAGES;
        }
    }

    @Override
    public void release() throws IOException {
        checkpointer.close();
        lock.close();
    }

    private SQLiteDataSource dataSource(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + directory.resolve(FILE));
        return source;
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** As {@link Files#createDirectories}, and durable: SQLite syncs the directory of its files, not those above it. */
    private static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            makeDirectories(parent);
        }
        Files.createDirectory(directory);
        if (parent != null) {
            try (FileChannel channel = FileChannel.open(parent, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private String unusable(FileSystemException e) {
        String setting = " (" + JdbcEventStore.PID + ": directory).";
        if (e instanceof FileAlreadyExistsException) {
            return "The event log cannot be in " + directory + ": " + e.getFile()
                    + " is a file. Move it away, or give another directory" + setting;
        }
        String reason = e instanceof AccessDeniedException ? "permission denied"
                : e.getReason() != null ? e.getReason() : e.getClass().getSimpleName();
        return "The event log cannot be in " + directory + ": " + e.getFile() + ": " + reason
                + ". Make it writable for the user " + System.getProperty("user.name") + ", or give another directory" + setting;
    }
}
