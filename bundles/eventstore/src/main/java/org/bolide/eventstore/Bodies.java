package org.bolide.eventstore;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictDecompress;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the bytes of events stand in the log: each as a Zstandard frame of its own with a checksum (RFC 8878), made with a
 * dictionary that was learned from the log's own events, because events repeat one another much more than themselves.
 * Where there is no Zstandard for the machine, as they are.
 */
final class Bodies implements AutoCloseable {

    /** What stands in the column {@code dictionary} of a frame that was made without one. */
    static final int NO_DICTIONARY = 0;

    /** With a dictionary, higher levels cost several times as much and save a tenth (docs/decisions/06). */
    static final int LEVEL = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Bodies.class);
    static final boolean AVAILABLE = available();

    private final Map<Integer, ZstdDictDecompress> known = new ConcurrentHashMap<>();
    private ZstdCompressCtx compressor;
    private ZstdDictCompress dictionary;
    private int number = NO_DICTIONARY;
    private byte[] frame = new byte[0];

    /** The bytes of a frame, or of the event itself where {@code dictionary} is null. */
    record Stored(byte[] bytes, Integer dictionary) {}

    /** From now on frames are made with this dictionary. Like {@link #pack}, for one thread at a time. */
    void use(int dictionaryNumber, byte[] content) {
        if (AVAILABLE) {
            closeCompressor();
            number = dictionaryNumber;
            dictionary = new ZstdDictCompress(content, LEVEL);
        }
    }

    /** The dictionary that frames are made with. */
    int number() {
        return number;
    }

    Stored pack(ByteBuffer content) {
        byte[] bytes = EventRow.bytes(content);
        if (!AVAILABLE) {
            return new Stored(bytes, null);
        }
        if (compressor == null) {
            compressor = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);
            if (dictionary != null) {
                compressor.loadDict(dictionary);
            }
        }
        int bound = (int) Zstd.compressBound(bytes.length);
        if (frame.length < bound) {
            frame = new byte[bound];
        }
        int length = compressor.compressByteArray(frame, 0, frame.length, bytes, 0, bytes.length);
        byte[] packed = new byte[length];
        System.arraycopy(frame, 0, packed, 0, length);
        if (frame.length > 1 << 20) {
            frame = new byte[0];
        }
        return new Stored(packed, number);
    }

    /** Unpacks what one query finds. For one thread, to be closed by it. */
    Unpacker unpacker(Connection connection) {
        return new Unpacker(connection);
    }

    private void closeCompressor() {
        if (compressor != null) {
            compressor.close();
            compressor = null;
        }
        if (dictionary != null) {
            dictionary.close();
            dictionary = null;
        }
    }

    /** After all reading and writing. */
    @Override
    public void close() {
        closeCompressor();
        known.values().forEach(ZstdDictDecompress::close);
        known.clear();
    }

    private static boolean available() {
        try {
            Native.load();
            return true;
        } catch (LinkageError e) {
            LOG.warn("Events are stored as they are, because Zstandard cannot be loaded on this machine: {}. "
                    + "See that the directory java.io.tmpdir may hold programs.", e.getMessage());
            return false;
        }
    }

    /** See {@link #unpacker}. */
    final class Unpacker implements AutoCloseable {

        private final Connection connection;
        private ZstdDecompressCtx context;
        private int loaded = NO_DICTIONARY;

        private Unpacker(Connection connection) {
            this.connection = connection;
        }

        /**
         * The event's bytes.
         *
         * @param dictionaryNumber null for bytes that are stored as they are
         * @param length of the event
         * @throws SQLException if the frame is damaged
         */
        byte[] unpack(byte[] stored, Integer dictionaryNumber, int length) throws SQLException {
            if (dictionaryNumber == null) {
                return stored;
            }
            if (!AVAILABLE) {
                throw new SQLException("it is compressed, and Zstandard cannot be loaded on this machine");
            }
            try {
                prepare(dictionaryNumber);
                byte[] bytes = new byte[length];
                int unpacked = context.decompressByteArray(bytes, 0, length, stored, 0, stored.length);
                if (unpacked != length) {
                    throw new SQLException("its body has " + unpacked + " bytes instead of " + length);
                }
                return bytes;
            } catch (ZstdException e) {
                throw new SQLException("its body is damaged: " + e.getMessage(), e);
            }
        }

        private void prepare(int dictionaryNumber) throws SQLException {
            if (context == null || loaded != NO_DICTIONARY && dictionaryNumber == NO_DICTIONARY) {
                close();
                context = new ZstdDecompressCtx();
                loaded = NO_DICTIONARY;
            }
            if (loaded != dictionaryNumber) {
                ZstdDictDecompress prepared = known.get(dictionaryNumber);
                if (prepared == null) {
                    prepared = known.computeIfAbsent(dictionaryNumber, byNumber(find(dictionaryNumber)));
                }
                context.loadDict(prepared);
                loaded = dictionaryNumber;
            }
        }

        private static java.util.function.Function<Integer, ZstdDictDecompress> byNumber(byte[] content) {
            return key -> new ZstdDictDecompress(content);
        }

        private byte[] find(int dictionaryNumber) throws SQLException {
            try (PreparedStatement select = connection.prepareStatement("select content from dictionaries where id = ?")) {
                select.setInt(1, dictionaryNumber);
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        throw new SQLException("its dictionary, number " + dictionaryNumber + ", is gone");
                    }
                    return row.getBytes(1);
                }
            }
        }

        @Override
        public void close() {
            if (context != null) {
                context.close();
                context = null;
            }
        }
    }
}
