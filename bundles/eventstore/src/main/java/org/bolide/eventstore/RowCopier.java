package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import org.bolide.api.management.LogMaintenance.Progress;

/**
 * Copies rows from one log to another of the same schema version, whatever databases they are in: column by column, by
 * name. A page of rows is a transaction of the target, and, unless the source is to be seen as of one moment, of the source.
 */
final class RowCopier {

    private static final int PAGE = 500;
    private static final int PAGE_BYTES = 4 << 20;

    private final Connection source;
    private final Connection target;
    private final boolean snapshot;
    private final Progress progress;
    private long done;
    private long total;

    /** @param snapshot whether the source's transaction stays open */
    RowCopier(Connection source, Connection target, boolean snapshot, Progress progress) {
        this.source = source;
        this.target = target;
        this.snapshot = snapshot;
        this.progress = progress;
    }

    /** So many more rows will be copied. */
    void expect(long rows) {
        total += rows;
        progress.at(done, total);
    }

    /** Copies the events in (after, upTo] with their citations, in their order; returns how many. */
    long events(long after, long upTo) throws SQLException, InterruptedException {
        List<String> columns = columns("events");
        long copied = 0;
        try (PreparedStatement select = source.prepareStatement("select " + String.join(", ", columns)
                        + " from events where sequence > ? and sequence <= ? order by sequence limit " + PAGE);
                PreparedStatement insert = insert("events", columns, "")) {
            int sequence = columns.indexOf("sequence") + 1;
            for (long from = after, to; ; from = to) {
                LongWork.checkInterrupt();
                to = from;
                int rows = 0;
                select.setLong(1, from);
                select.setLong(2, upTo);
                try (ResultSet row = select.executeQuery()) {
                    for (long bytes = 0; bytes < PAGE_BYTES && row.next(); rows++) {
                        bytes += add(row, columns.size(), insert);
                        to = row.getLong(sequence);
                    }
                }
                if (rows == 0) {
                    return copied;
                }
                insert.executeBatch();
                range("citations", from, to);
                copied += commit(rows);
            }
        }
    }

    /** Copies the digests of sequences in (after, upTo], those of events that have expired too; returns how many. */
    long digests(long after, long upTo) throws SQLException, InterruptedException {
        List<String> columns = columns("digests");
        long copied = 0;
        try (PreparedStatement select = source.prepareStatement("select " + String.join(", ", columns)
                        + " from digests where sequence > ? and sequence <= ? order by sequence limit " + PAGE);
                PreparedStatement insert = insert("digests", columns, " on conflict do nothing")) {
            int sequence = columns.indexOf("sequence") + 1;
            for (long from = after; ; ) {
                LongWork.checkInterrupt();
                int rows = 0;
                select.setLong(1, from);
                select.setLong(2, upTo);
                try (ResultSet row = select.executeQuery()) {
                    for (; row.next(); rows++) {
                        add(row, columns.size(), insert);
                        from = row.getLong(sequence);
                    }
                }
                if (rows == 0) {
                    return copied;
                }
                insert.executeBatch();
                copied += commit(rows);
            }
        }
    }

    /** Makes a small table the same as the source's; does not commit. */
    void whole(String table) throws SQLException {
        LongWork.execute(target, "delete from " + table);
        List<String> columns = columns(table);
        try (PreparedStatement select = source.prepareStatement("select " + String.join(", ", columns) + " from " + table);
                PreparedStatement insert = insert(table, columns, "")) {
            try (ResultSet row = select.executeQuery()) {
                int rows = 0;
                long bytes = 0;
                while (row.next()) {
                    bytes += add(row, columns.size(), insert);
                    if (++rows % PAGE == 0 || bytes > PAGE_BYTES) {
                        insert.executeBatch();
                        bytes = 0;
                    }
                }
            }
            insert.executeBatch();
        }
    }

    /** Copies those rows of a small table, one that only grows, whose key is above all that are there. */
    void missing(String table, String key) throws SQLException {
        List<String> columns = columns(table);
        long last = LongWork.number(target, "select coalesce(max(" + key + "), 0) from " + table);
        try (PreparedStatement select = source.prepareStatement("select " + String.join(", ", columns) + " from " + table
                        + " where " + key + " > ? order by " + key);
                PreparedStatement insert = insert(table, columns, "")) {
            select.setLong(1, last);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    add(row, columns.size(), insert);
                }
            }
            insert.executeBatch();
        }
    }

    private void range(String table, long after, long upTo) throws SQLException {
        List<String> columns = columns(table);
        try (PreparedStatement select = source.prepareStatement(
                        "select " + String.join(", ", columns) + " from " + table + " where sequence > ? and sequence <= ?");
                PreparedStatement insert = insert(table, columns, "")) {
            select.setLong(1, after);
            select.setLong(2, upTo);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    add(row, columns.size(), insert);
                }
            }
            insert.executeBatch();
        }
    }

    private long commit(int rows) throws SQLException {
        target.commit();
        if (!snapshot) {
            source.commit();
        }
        done += rows;
        progress.at(done, Math.max(done, total));
        return rows;
    }

    private static long add(ResultSet row, int columns, PreparedStatement insert) throws SQLException {
        long bytes = 0;
        for (int i = 1; i <= columns; i++) {
            Object value = row.getObject(i);
            insert.setObject(i, value);
            bytes += value instanceof byte[] content ? content.length : 0;
        }
        insert.addBatch();
        return bytes;
    }

    private PreparedStatement insert(String table, List<String> columns, String onConflict) throws SQLException {
        return target.prepareStatement("insert into " + table + " (" + String.join(", ", columns) + ") values (?"
                + ", ?".repeat(columns.size() - 1) + ")" + onConflict);
    }

    private List<String> columns(String table) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = target.createStatement();
                ResultSet none = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            ResultSetMetaData columns = none.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                names.add(columns.getColumnName(i));
            }
        }
        return names;
    }
}
