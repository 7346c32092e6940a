package org.bolide.eventstore;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictTrainer;
import com.github.luben.zstd.ZstdException;
import org.bolide.api.store.StoredEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns a dictionary for {@link Bodies} from the newest events: soon in a new log, and again when the log has grown, in case
 * its streams have changed. A dictionary that is not clearly better than the one in use is forgotten at once.
 */
final class DictionaryTrainer {

    /** Events that the first dictionary is learned from. */
    static final int FIRST_AT = 200;

    private static final Logger LOG = LoggerFactory.getLogger(DictionaryTrainer.class);
    private static final int GROWTH = 4;
    private static final long STEP = 100_000;
    private static final int SAMPLES = 1000;

    /** The samples are spread over so many of the newest events. */
    private static final long SPREAD = 20_000;
    private static final int MAX_SAMPLE_BYTES = 64 << 10;
    private static final int MAX_SAMPLES_BYTES = 8 << 20;
    private static final int DICTIONARY_BYTES = 64 << 10;

    /** Every so many samples one is not learned from, but tried on. */
    private static final int TRIAL = 8;
    private static final double CLEARLY_BETTER = 0.9;

    private final LogWriter writer;
    private final LogReader reader;
    private final Bodies bodies;
    private long knownAt;

    DictionaryTrainer(LogWriter writer, LogReader reader, Bodies bodies) {
        this.writer = writer;
        this.reader = reader;
        this.bodies = bodies;
    }

    /** Takes the newest dictionary that the log has into use. Before the first append. */
    static void useNewest(WriteSession session, Bodies bodies) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery("select id, content from dictionaries order by id desc limit 1")) {
            if (row.next()) {
                bodies.use(row.getInt(1), row.getBytes(2));
            }
        }
    }

    /** Learns a dictionary if it is time; takes about a second then. */
    void run() throws IOException {
        long latest = writer.latest();
        if (!Bodies.AVAILABLE || latest < FIRST_AT || latest < knownAt + Math.min(STEP, (GROWTH - 1) * knownAt)) {
            return;
        }
        if (knownAt == 0) {
            knownAt = reader.newestDictionaryKnownAt();
            if (knownAt > 0) {
                return;
            }
        }
        knownAt = latest;
        Optional<byte[]> learned = learn(latest);
        if (learned.isPresent()) {
            byte[] dictionary = learned.get();
            int number = writer.write(session -> insert(session, dictionary, latest));
            writer.use(number, dictionary);
            LOG.info("The event log stores bodies with its dictionary {} from the event {} on.", number, writer.latest() + 1);
        }
    }

    private Optional<byte[]> learn(long latest) throws IOException {
        List<byte[]> samples = samples(latest);
        List<byte[]> trials = new ArrayList<>();
        ZstdDictTrainer trainer = new ZstdDictTrainer(MAX_SAMPLES_BYTES, DICTIONARY_BYTES, Bodies.LEVEL);
        for (int i = 0; i < samples.size(); i++) {
            if (i % TRIAL == 0) {
                trials.add(samples.get(i));
            } else {
                trainer.addSample(samples.get(i));
            }
        }
        try {
            byte[] dictionary = trainer.trainSamples();
            long now = size(trials, reader.dictionary(bodies.number()));
            long then = size(trials, Optional.of(dictionary));
            LOG.debug("A dictionary learned from {} events stores {} others in {} bytes, so far {}.", samples.size() - trials.size(),
                    trials.size(), then, now);
            return then < now * CLEARLY_BETTER ? Optional.of(dictionary) : Optional.empty();
        } catch (ZstdException e) {
            LOG.debug("Nothing can be learned from the newest {} events: {}", samples.size(), e.getMessage());
            return Optional.empty();
        }
    }

    private List<byte[]> samples(long latest) throws IOException {
        List<byte[]> samples = new ArrayList<>();
        long spread = Math.min(SPREAD, latest);
        long step = Math.max(1, spread / SAMPLES);
        int bytes = 0;
        for (long after = latest - spread; after < latest; after += step) {
            for (StoredEvent event : reader.read(after, latest, 1, Integer.MAX_VALUE)) {
                byte[] body = EventRow.bytes(event.content());
                if (body.length <= MAX_SAMPLE_BYTES && bytes + body.length < MAX_SAMPLES_BYTES) {
                    samples.add(body);
                    bytes += body.length;
                }
            }
        }
        return samples;
    }

    private static long size(List<byte[]> samples, Optional<byte[]> dictionary) {
        try (ZstdCompressCtx context = new ZstdCompressCtx().setLevel(Bodies.LEVEL);
                ZstdDictCompress prepared =
                        dictionary.map(content -> new ZstdDictCompress(content, Bodies.LEVEL)).orElse(null)) {
            if (prepared != null) {
                context.loadDict(prepared);
            }
            return samples.stream().mapToLong(sample -> context.compress(sample).length).sum();
        }
    }

    private static int insert(WriteSession session, byte[] dictionary, long knownAt) throws SQLException {
        try (Statement statement = session.connection().createStatement();
                PreparedStatement insert = session.connection().prepareStatement(
                        "insert into dictionaries (id, known_at, content) values (?, ?, ?)")) {
            int number;
            try (ResultSet row = statement.executeQuery("select coalesce(max(id), 0) + 1 from dictionaries")) {
                row.next();
                number = row.getInt(1);
            }
            insert.setInt(1, number);
            insert.setLong(2, knownAt);
            insert.setBytes(3, dictionary);
            insert.executeUpdate();
            return number;
        }
    }
}
