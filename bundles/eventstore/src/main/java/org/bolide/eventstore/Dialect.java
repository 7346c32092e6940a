package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

import com.zaxxer.hikari.HikariConfig;

/** All that differs between the databases. Safe for use by any number of threads. */
sealed interface Dialect permits SqliteDialect, PostgresDialect {

    /** The place of the log, for messages; without a password. */
    String describe();

    /** A script of {@link Schema} in this database's words. */
    String translate(String script);

    /** How identifiers are found. */
    Identifiers identifiers();

    /** From now on what this connection reads fails when it takes too long, if possible also when the thread is interrupted. */
    void bound(Connection reader) throws SQLException;

    /** Ends what {@link #bound} began; called in the same transaction. */
    void unbound(Connection reader) throws SQLException;

    /** What is bounded may take so long. */
    int SEARCH_SECONDS = 30;

    /** What is said of a search that was ended. */
    String TOO_LONG = " was searched for longer than " + SEARCH_SECONDS + " s, or the search was interrupted: narrow it by a stream, "
            + "a circle on the sky or a shorter time";

    /**
     * How identifiers are found: an index has their first characters in the order of the bytes of UTF-8.
     *
     * @param keyOfColumn the index's expression of a column, which stands for {@code %s}
     * @param characters so many
     * @param lowerOfColumn a column with its ASCII letters in lower case
     * @param position the function that gives the place of its second argument in its first, 0 for none
     * @param order sorts a column by the index and then exactly; {@code %s} is the direction
     */
    record Identifiers(String keyOfColumn, int characters, String lowerOfColumn, String position, String order) {

        String key(String column) {
            return keyOfColumn.formatted(column);
        }

        String lower(String column) {
            return lowerOfColumn.formatted(column);
        }

        String position(String text, String part) {
            return position + "(" + text + ", " + part + ")";
        }

        /** What to order by. */
        String order(boolean descending) {
            return order.replace("%s", descending ? "desc" : "asc");
        }

        /** The key of this identifier. */
        String keyOf(String identifier) {
            return identifier.codePointCount(0, identifier.length()) <= characters
                    ? identifier
                    : identifier.substring(0, identifier.offsetByCodePoints(0, characters));
        }
    }

    /**
     * Opens the one connection that writes, with autocommit off; a commit returns when it is on disk.
     *
     * @throws IOException if another broker writes to this log
     */
    Connection openWriter() throws SQLException, IOException;

    /** By the writer before each transaction: what it has to do between two of them. */
    void betweenTransactions(Connection writer) throws SQLException;

    /** Before the writer's connection is closed for good: what keeps other brokers out goes at once. */
    void unlock(Connection writer) throws SQLException;

    /** How often work has failed that this does by itself. */
    long failures();

    /** Where readers get their connections from: they see what is committed and never hold up the writer. */
    HikariConfig readers();

    /** What failed and what an operator can do about it. */
    String explain(SQLException failure);

    /** The directory of the database's files; empty if they are a server's. */
    Optional<Path> directory();

    /** How many bytes the log takes on disk. */
    long diskBytes(Connection connection) throws SQLException;

    /** Gives some room on the disk back, in a small step on the writing connection. Returns 0 if there is no more to give. */
    int tidy(Connection writer) throws SQLException;

    /** Gives free whatever keeps other brokers out, after all connections were closed. */
    void release() throws IOException;
}
