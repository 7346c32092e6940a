package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary.Order;

/**
 * One search in the log, in one transaction that reads. In the order of the log, candidates come in growing portions: from an index
 * where one serves the query (see {@link Candidates}), else from the log itself, between the first and the last event of the time
 * that is asked for. {@link Sieve} decides what SQL cannot.
 */
final class EventSearch {

    private static final int FIRST_PORTION = 64;
    private static final int GROWTH = 4;

    /** Candidates whose rows are asked for at once. */
    private static final int ROWS = 1024;

    /** Sequences that a server sends at once. */
    private static final int FETCH = 2000;

    /** All events up to a sequence; the plus leaves the choice to the smallest index. */
    static final String COUNT_ALL = "select count(*) from events where +sequence <= ?";

    /** Takes the sequences of a page out of what is found. */
    private static final class Page {

        private final LongStream.Builder sequences = LongStream.builder();
        private long skip;
        private long left;

        Page(long skip, long max) {
            this.skip = skip;
            left = max;
        }

        /** Returns whether it has room. */
        boolean add(long sequence) {
            if (skip > 0) {
                skip--;
            } else if (left > 0) {
                sequences.add(sequence);
                left--;
            }
            return left > 0;
        }
    }

    private final Connection connection;
    private final Dialect.Identifiers identifiers;
    private final EventCriteria criteria;
    private final Candidates candidates;
    private final Sieve sieve;
    private final long latest;

    /**
     * For one question, whose answer is a number or all that match; or, {@code isPage}, some of them in the order of the log.
     *
     * @param latest the newest sequence to be found
     */
    EventSearch(Connection connection, Dialect dialect, EventQuery query, long latest, boolean isPage) throws SQLException {
        this.connection = connection;
        this.latest = latest;
        identifiers = dialect.identifiers();
        criteria = new EventCriteria(query, identifiers);
        candidates = new Candidates(connection, criteria, identifiers, latest, isPage);
        sieve = new Sieve(connection, criteria.undecided());
    }

    /** How many match. */
    long count() throws SQLException {
        if (criteria.isImpossible()) {
            return 0;
        }
        boolean isIndexAlone = sieve.isOpen() && candidates.index().isPresent() && candidates.conditions().isEmpty();
        return count(isIndexAlone
                ? new SqlText(" from (").add(candidates.index().get()).add(") as found where sequence <= ?", latest)
                : candidates.rows());
    }

    private long count(SqlText rows) throws SQLException {
        if (sieve.isOpen()) {
            return number(new SqlText("select count(*)").add(rows));
        }
        long[] count = new long[1];
        sieve.pass(new SqlText("select " + Sieve.COLUMNS).add(rows), sequence -> ++count[0] > 0);
        return count[0];
    }

    /**
     * The rows that match, as {@code from events} and conditions; together they are each of them once.
     */
    List<SqlText> rows() throws SQLException {
        if (criteria.isImpossible()) {
            return List.of();
        } else if (sieve.isOpen()) {
            return List.of(candidates.rows());
        }
        LongStream.Builder found = LongStream.builder();
        sieve.pass(new SqlText("select " + Sieve.COLUMNS).add(candidates.rows()), sequence -> {
            found.add(sequence);
            return true;
        });
        long[] sequences = found.build().toArray();
        List<SqlText> rows = new ArrayList<>();
        for (int from = 0; from < sequences.length; from += ROWS) {
            rows.add(new SqlText(" from events where " + Citations.among(part(sequences, from))));
        }
        return rows;
    }

    /** The sequences of a page; see {@link org.bolide.api.EventLog#list}. */
    long[] page(Order order, boolean descending, long skip, long max) throws SQLException {
        if (criteria.isImpossible() || max <= 0) {
            return new long[0];
        }
        long skipped = Math.max(0, Math.min(skip, latest)); // there are no more
        return switch (order) {
            case SEQUENCE -> inOrderOfTheLog(descending, new Page(skipped, max));
            case AUTHORED -> byKey("authored_at", authoredOrder(descending ? " desc" : " asc"), facts().map(EventFacts::authored).orElse(candidates.rows()), skipped, max);
            case IDENTIFIER -> byKey("identifier", identifiers.order(descending), candidates.rows(), skipped, max);
        };
    }

    /** A year of more than four digits has a sign before it. */
    private String authoredOrder(String direction) {
        String year = "cast(substr(authored_at, 1, " + identifiers.position("authored_at", "'T'") + " - 7) as integer)";
        return "case when authored_at >= '0' then 0 else " + year + " end" + direction + ", rtrim(authored_at, 'Z')" + direction;
    }

    private long[] inOrderOfTheLog(boolean descending, Page page) throws SQLException {
        boolean isIndexed = candidates.index().isPresent();
        SqlText conditions = candidates.conditions();
        long[] ends = isIndexed ? new long[] {0, latest} : inTime();
        long from = ends[0];
        long to = ends[1];
        if (sieve.isOpen() && (!isIndexed || conditions.isEmpty())) {
            return sequences(candidates.portion(from, to, descending, page.left, page.skip));
        }
        long portion = Math.min(Integer.MAX_VALUE, Math.max(FIRST_PORTION, page.left + page.skip));
        while (from <= to) {
            long[] sequences = sequences(candidates.portion(from, to, descending, portion, 0));
            if (!take(sequences, conditions, descending, page) || sequences.length < portion) {
                break;
            }
            if (descending) {
                to = sequences[sequences.length - 1] - 1;
            } else {
                from = sequences[sequences.length - 1] + 1;
            }
            portion = Math.min(Integer.MAX_VALUE, GROWTH * portion);
        }
        return page.sequences.build().toArray();
    }

    /** Of these candidates what matches. Returns whether more is wanted. */
    private boolean take(long[] sequences, SqlText conditions, boolean descending, Page page) throws SQLException {
        for (int from = 0; from < sequences.length; from += ROWS) {
            SqlText rows = new SqlText("select " + Sieve.COLUMNS + " from events where " + Citations.among(part(sequences, from)))
                    .add(conditions).add(" order by sequence" + (descending ? " desc" : ""));
            sieve.pass(rows, page::add);
            if (page.left == 0) {
                return false;
            }
        }
        return true;
    }

    /** Where these tell all that is asked. */
    Optional<EventFacts> facts() throws SQLException {
        return criteria.isOfFacts() && !criteria.isImpossible()
                ? Optional.of(new EventFacts(connection, identifiers, criteria, latest))
                : Optional.empty();
    }

    /** Those that have the key in its order, then those that have none. */
    private long[] byKey(String key, String order, SqlText rows, long skip, long max) throws SQLException {
        SqlText has = new SqlText("").add(rows).add(" and " + key + " is not null");
        long[] with = page(has, order + ", sequence", skip, max);
        if (with.length == max) {
            return with;
        }
        long skipped = with.length > 0 || skip == 0 ? skip : Math.min(skip, count(has));
        long[] without = page(new SqlText("").add(rows).add(" and " + key + " is null"), "sequence", skip - skipped, max - with.length);
        return LongStream.concat(Arrays.stream(with), Arrays.stream(without)).toArray();
    }

    private long[] page(SqlText rows, String order, long skip, long max) throws SQLException {
        if (sieve.isOpen()) {
            return sequences(new SqlText("select sequence").add(rows).add(" order by " + order + " limit ? offset ?", max, skip));
        }
        Page page = new Page(skip, max);
        sieve.pass(new SqlText("select " + Sieve.COLUMNS).add(rows).add(" order by " + order), page::add);
        return page.sequences.build().toArray();
    }

    private static long[] part(long[] sequences, int from) {
        return Arrays.copyOfRange(sequences, from, Math.min(sequences.length, from + ROWS));
    }

    /** The first and the last event of the time that is asked for: the log's events are nearly in the order of time. */
    private long[] inTime() throws SQLException {
        SqlText times = criteria.times();
        if (times.isEmpty()) {
            return new long[] {0, latest};
        }
        SqlText ends = new SqlText("select coalesce(min(sequence + 0), 0), coalesce(max(sequence + 0), -1) from events where 1 = 1").add(times);
        try (PreparedStatement select = ends.prepare(connection); ResultSet row = select.executeQuery()) {
            row.next();
            return new long[] {row.getLong(1), Math.min(latest, row.getLong(2))};
        }
    }

    private long[] sequences(SqlText sql) throws SQLException {
        LongStream.Builder sequences = LongStream.builder();
        try (PreparedStatement select = sql.prepare(connection)) {
            select.setFetchSize(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    sequences.add(row.getLong(1));
                }
            }
        }
        return sequences.build().toArray();
    }

    private long number(SqlText sql) throws SQLException {
        try (PreparedStatement select = sql.prepare(connection); ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }
}
