package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

import com.zaxxer.hikari.HikariConfig;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server, version 12 or newer. A commit returns when the server has synced its write-ahead log
 * ({@code fsync} and {@code synchronous_commit}, PostgreSQL documentation, "Reliability and the Write-Ahead Log"); the
 * session turns {@code synchronous_commit} on where it is off, and warns where {@code fsync} is.
 *
 * <p>A second broker is kept out by an advisory lock of the writing session, one for each schema.
 */
final class PostgresDialect implements Dialect {

    static final String URL_PREFIX = "jdbc:postgresql:";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDialect.class);

    /** The first half of the advisory lock's key: "Boli" in ASCII. The second half is the schema's hash. */
    private static final int LOCK = 0x426f6c69;
    private static final int CONNECT_TIMEOUT_SECONDS = 10;
    private static final int SOCKET_TIMEOUT_SECONDS = 60;

    private static final String SESSION = "select set_config(name, setting, false) from (values "
            // an idle writer must not lose its lock
            + "('idle_session_timeout', '0'), "
            // a session whose broker vanished from the network must lose it soon
            + "('tcp_keepalives_idle', '20'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3')) "
            + "as wanted (name, setting) where name in (select name from pg_settings) "
            + "union all select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

    /** Each search is another one, small, and looks up what is in memory or on a disk without heads. */
    private static final String SEARCH = "; set local plan_cache_mode = force_custom_plan; set local jit = off; set local random_page_cost = 1.1";

    private static final String TABLES_BYTES = "select coalesce(sum(pg_total_relation_size(quote_ident(tablename)::regclass)), 0) "
            + "from pg_tables where schemaname = current_schema() and tablename in "
            + "('log_state', 'events', 'citations', 'dictionaries', 'digests', 'digest_index', 'places', 'dead_letters', "
            + "'schema_version', 'state', 'sky_index', 'event_facts')";

    private static final String HOLDER = "select format('server process %s, \"%s\" from %s', activity.pid, application_name, "
            + "coalesce(host(client_addr), 'an unknown address')) from pg_locks join pg_stat_activity activity using (pid) "
            + "where locktype = 'advisory' and granted and classid = ? "
            + "and objid = (hashtext(current_schema())::bigint & 4294967295)::text::oid "
            + "and database = (select oid from pg_database where datname = current_database())";

    private final PGSimpleDataSource source = new PGSimpleDataSource();

    /** Only takes note; {@link #openWriter} connects. */
    PostgresDialect(String url, String user, String password) {
        source.setApplicationName("bolide");
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        // what is set before the URL wins over it
        if (!url.contains("connectTimeout=")) {
            source.setConnectTimeout(CONNECT_TIMEOUT_SECONDS);
        }
        if (!url.contains("socketTimeout=")) {
            source.setSocketTimeout(SOCKET_TIMEOUT_SECONDS);
        }
        if (!user.isEmpty()) {
            source.setUser(user);
        }
        if (!password.isEmpty()) {
            source.setPassword(password);
        }
        try {
            source.setUrl(url);
        } catch (IllegalArgumentException e) {
            throw refused("it is not understood");
        }
    }

    /** Why a database URL is not used; the URL itself may hold a password and is not shown. */
    static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(JdbcEventStore.PID + ": databaseUrl is not allowed, " + why
                + "; give " + URL_PREFIX + "//host[:port]/database, or nothing for SQLite.");
    }

    @Override
    public String describe() {
        return "PostgreSQL database " + source.getDatabaseName() + " at " + String.join(", ", source.getServerNames());
    }

    @Override
    public String translate(String script) {
        return script.replace("${key}", "bigint").replace("${bytes}", "bytea").replace("${time}", "text collate \"C\"")
                // a text of any length, which the default kind of index does not take
                .replace("${equality}", "using hash").replace("${clustered}", "").replace("${postgresql}", "")
                .replace("${beginning}", identifiers().key("identifier"));
    }

    @Override
    public Identifiers identifiers() {
        return new Identifiers("(left(%s, 500) collate \"C\")", 500, "lower(%s collate \"C\")", "strpos",
                "(left(identifier, 500) collate \"C\") %s, identifier collate \"C\" %s");
    }

    @Override
    public Connection openWriter() throws SQLException, IOException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute(SESSION);
            try (ResultSet row = statement.executeQuery("show fsync")) {
                if (row.next() && row.getString(1).equals("off")) {
                    LOG.warn("{}: fsync is off there, so that acknowledged events are lost when its machine fails. "
                            + "Set fsync = on in its postgresql.conf.", describe());
                }
            }
            lock(connection);
            connection.setAutoCommit(false);
            return connection;
        } catch (SQLException | IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void betweenTransactions(Connection writer) {
        // the server makes its checkpoints by itself
    }

    @Override
    public void unlock(Connection writer) throws SQLException {
        // the server notices the end of a session a moment later than a broker that is started at once
        try (Statement statement = writer.createStatement()) {
            statement.execute("select pg_advisory_unlock_all()");
        }
    }

    @Override
    public long failures() {
        return 0;
    }

    private void lock(Connection connection) throws SQLException, IOException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_try_advisory_lock(?, hashtext(current_schema()))")) {
            lock.setInt(1, LOCK);
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                if (row.getBoolean(1)) {
                    return;
                }
            }
        }
        try (PreparedStatement query = connection.prepareStatement(HOLDER)) {
            query.setInt(1, LOCK);
            try (ResultSet row = query.executeQuery()) {
                throw new IOException("The event log in " + describe() + " is in use by another broker ("
                        + (row.next() ? row.getString(1) : "which has just gone")
                        + "). Stop that one, or give this one another database or schema (" + JdbcEventStore.PID
                        + ": databaseUrl).");
            }
        }
    }

    @Override
    public HikariConfig readers() {
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(source);
        pool.setReadOnly(true);
        // events and their citations come by two queries that must see the same
        pool.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        return pool;
    }

    @Override
    public void bound(Connection reader) throws SQLException {
        // until the end of the transaction
        LongWork.execute(reader, "set local statement_timeout = " + SEARCH_SECONDS * 1000 + SEARCH);
    }

    @Override
    public void unbound(Connection reader) {
        // the transaction ends
    }

    @Override
    public String explain(SQLException failure) {
        String place = "The event log in " + describe();
        String reason = " (" + failure.getMessage() + ")";
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        if (state.equals("57014")) {
            return place + TOO_LONG + reason + ".";
        } else if (state.startsWith("08") || state.startsWith("57P")) {
            return place + " cannot be reached: see that the server runs; the broker connects again by itself" + reason + ".";
        } else if (state.equals("53100")) {
            return place + " has no room: free some space on the server's disk" + reason + ".";
        } else if (state.startsWith("53")) {
            return place + " is short of connections or memory: see the server's settings" + reason + ".";
        } else if (state.startsWith("28") || state.startsWith("3D") || state.startsWith("42501")) {
            return place + " does not let the broker in: check databaseUrl, databaseUser and databasePassword of "
                    + JdbcEventStore.PID + " and the user's rights" + reason + ".";
        }
        return place + " cannot be used" + reason + ".";
    }

    @Override
    public Optional<Path> directory() {
        return Optional.empty();
    }

    @Override
    public long diskBytes(Connection connection) throws SQLException {
        return LongWork.number(connection, TABLES_BYTES);
    }

    @Override
    public int tidy(Connection writer) {
        return 0; // autovacuum does that
    }

    @Override
    public void release() {
        // the lock goes with the writer's session
    }
}
