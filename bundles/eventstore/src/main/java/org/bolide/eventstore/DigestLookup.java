package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The queries of {@link KnownDigests}, prepared once for a connection. */
final class DigestLookup {

    /** Prefixes looked up by one statement. */
    private static final int MANY = 64;

    private final PreparedStatement one;
    private final PreparedStatement many;
    private final PreparedStatement whole;

    DigestLookup(Connection connection) throws SQLException {
        String select = "select prefix, sequence from digest_index where prefix in (?";
        one = connection.prepareStatement(select + ")");
        many = connection.prepareStatement(select + ", ?".repeat(MANY - 1) + ")");
        whole = connection.prepareStatement("select digest from digests where sequence = ?");
    }

    /** The sequences that the index has for these prefixes. */
    Map<Long, List<Long>> indexed(long[] prefixes) throws SQLException {
        Map<Long, List<Long>> found = new HashMap<>();
        for (int from = 0; from < prefixes.length; from += MANY) {
            int last = Math.min(prefixes.length, from + MANY) - 1;
            int parameters = last == from ? 1 : MANY;
            PreparedStatement select = parameters == 1 ? one : many;
            for (int i = 0; i < parameters; i++) {
                select.setLong(i + 1, prefixes[Math.min(from + i, last)]);
            }
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.merge(rows.getLong(1), List.of(rows.getLong(2)), KnownDigests::join);
                }
            }
        }
        return found;
    }

    /** The sequence among the candidates that has this digest, or 0; a digest that has expired is none. */
    long verify(byte[] digest, List<Long> candidates) throws SQLException {
        for (long sequence : candidates) {
            whole.setLong(1, sequence);
            try (ResultSet row = whole.executeQuery()) {
                if (row.next() && Arrays.equals(digest, row.getBytes(1))) {
                    return sequence;
                }
            }
        }
        return 0;
    }
}
