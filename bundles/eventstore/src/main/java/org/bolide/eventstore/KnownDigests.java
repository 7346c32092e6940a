package org.bolide.eventstore;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an event's digest in the log: the newest ones, which are not yet in the table {@code digest_index}, in memory, and
 * the others there. Both know only the first eight bytes; what they find is compared with the whole digest.
 *
 * <p>A digest is a random number, and a table of ten million in that order is one page to read and to write for each event.
 * Written in bulk, sorted, a page takes several at once. Until then they are found after a start by reading the end of the
 * table {@code digests}, which is in the order of the log.
 *
 * <p>Used under the writer's lock.
 */
final class KnownDigests {

    /** So many are moved from memory to the index at once. */
    static final int BULK = 1 << 18;

    /** More are never read into memory at a start. */
    private static final int MOST = 4 * BULK;

    private static final Logger LOG = LoggerFactory.getLogger(KnownDigests.class);

    private Memory recent = new Memory();
    private Memory moving;
    private long indexed;

    /** Digests that are moved to the index, by rising prefix. */
    record Sorted(long[] prefixes, long[] sequences, long upTo) {}

    /**
     * Reads what is not in the index. Where that is much, as in a log that was copied or is of an older broker, it goes into the
     * index at once, and the transaction under way is committed.
     */
    void load(Connection connection) throws SQLException {
        recent = new Memory();
        moving = null;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select indexed_sequence from log_state")) {
            row.next();
            indexed = row.getLong(1);
        }
        try (PreparedStatement select = connection.prepareStatement(
                "select sequence, digest from digests where sequence > ? order by sequence")) {
            select.setFetchSize(BULK / 64);
            select.setLong(1, indexed);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next() && recent.size < MOST) {
                    recent.add(prefix(rows.getBytes(2)), rows.getLong(1));
                }
            }
        }
        if (recent.size >= MOST) {
            Sorted sorted = sorted();
            LOG.info("Making the index of {} digests, up to that of the event {}.", MOST, sorted.upTo());
            DigestMover.move(connection, sorted, 0, sorted.prefixes().length);
            DigestMover.indexed(connection, sorted.upTo());
            connection.commit();
            load(connection);
        }
    }

    /** To be called when a digest is on disk. */
    void add(byte[] digest, long sequence) {
        recent.add(prefix(digest), sequence);
    }

    /** How many are in memory and not being moved. */
    int recent() {
        return recent.size;
    }

    /** How many are in memory. */
    int inMemory() {
        Memory old = moving;
        return recent.size + (old == null ? 0 : old.size);
    }

    /** The sequence of each of the digests; 0 for those that the log does not know. */
    long[] find(List<byte[]> digests, DigestLookup lookup) throws SQLException {
        long[] prefixes = digests.stream().mapToLong(KnownDigests::prefix).toArray();
        long[] found = new long[prefixes.length];
        Map<Long, List<Long>> old = indexed > 0 || moving != null ? lookup.indexed(prefixes) : Map.of();
        for (int i = 0; i < found.length; i++) {
            List<Long> candidates = join(recent.find(prefixes[i]), old.getOrDefault(prefixes[i], List.of()));
            if (moving != null) {
                candidates = join(candidates, moving.find(prefixes[i]));
            }
            found[i] = candidates.isEmpty() ? 0 : lookup.verify(digests.get(i), candidates);
        }
        return found;
    }

    /** Begins a move to the index, or begins one again that failed: what is in memory now. */
    Sorted sorted() {
        if (moving == null) {
            moving = recent;
            recent = new Memory();
        }
        return moving.sorted();
    }

    /** What was to be moved is in the index, up to this sequence. */
    void moved(long upTo) {
        moving = null;
        indexed = Math.max(indexed, upTo);
    }

    static List<Long> join(List<Long> some, List<Long> others) {
        if (some.isEmpty() || others.isEmpty()) {
            return some.isEmpty() ? others : some;
        }
        List<Long> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    /** Whatever the digest's length is. */
    static long prefix(byte[] digest) {
        return ByteBuffer.wrap(digest.length >= Long.BYTES ? digest : Arrays.copyOf(digest, Long.BYTES)).getLong();
    }

    /** Pairs of a prefix and a sequence, found by the prefix: open addressing, 16 bytes each at a load of a half at most. */
    private static final class Memory {

        private long[] prefixes = new long[1 << 10];
        private long[] sequences = new long[1 << 10];
        private int size;

        void add(long prefix, long sequence) {
            if (2 * size >= prefixes.length) {
                grow();
            }
            int i = slot(prefix);
            while (sequences[i] != 0) {
                i = i + 1 & prefixes.length - 1;
            }
            prefixes[i] = prefix;
            sequences[i] = sequence;
            size++;
        }

        List<Long> find(long prefix) {
            List<Long> found = List.of();
            for (int i = slot(prefix); sequences[i] != 0; i = i + 1 & prefixes.length - 1) {
                if (prefixes[i] == prefix) {
                    found = join(found, List.of(sequences[i]));
                }
            }
            return found;
        }

        Sorted sorted() {
            List<long[]> pairs = new ArrayList<>(size);
            long upTo = 0;
            for (int i = 0; i < prefixes.length; i++) {
                if (sequences[i] != 0) {
                    pairs.add(new long[] {prefixes[i], sequences[i]});
                    upTo = Math.max(upTo, sequences[i]);
                }
            }
            pairs.sort((a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
            return new Sorted(pairs.stream().mapToLong(pair -> pair[0]).toArray(), pairs.stream().mapToLong(pair -> pair[1]).toArray(),
                    upTo);
        }

        private int slot(long prefix) {
            // an author can choose an event's digest only by trying; the mixing spreads other stores' keys
            return (int) ((prefix * 0x9e3779b97f4a7c15L) >>> 33) & prefixes.length - 1;
        }

        private void grow() {
            long[] oldPrefixes = prefixes;
            long[] oldSequences = sequences;
            prefixes = new long[2 * oldPrefixes.length];
            sequences = new long[2 * oldPrefixes.length];
            size = 0;
            for (int i = 0; i < oldPrefixes.length; i++) {
                if (oldSequences[i] != 0) {
                    add(oldPrefixes[i], oldSequences[i]);
                }
            }
        }
    }
}
