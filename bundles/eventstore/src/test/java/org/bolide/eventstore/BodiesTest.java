package org.bolide.eventstore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.bolide.testkit.EventStoreContract;
import org.bolide.testkit.Tools;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How bodies stand in the log, and that they come out as they went in. */
class BodiesTest {

    /** Different in each event, as names and numbers are in real ones. */
    private static final int WORDS = 12;

    @TempDir
    Path base;

    private final Random random = new Random(1);
    private final List<String> appended = new ArrayList<>();
    private JdbcEventStore store;

    @BeforeEach
    void open() throws IOException {
        store = new JdbcEventStore(base, Configs.in(Path.of("log")));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void shouldLearnADictionaryFromTheLogsEventsAndUseItAfterARestart() throws Exception {
        append(DictionaryTrainer.FIRST_AT);
        await().until(() -> number("select count(*) from dictionaries") == 1);
        int first = appended.size();
        // the dictionary is in use a moment after it is in the table
        await().until(() -> {
            append(1);
            return number("select max(dictionary) from events") == 1;
        });
        close();
        open();
        append(20);

        assertEquals(1, number("select dictionary from events order by sequence desc limit 1"));
        long with = number("select avg(length(content)) from events where dictionary = 1");
        long without = number("select avg(length(content)) from events where sequence <= " + first);
        assertTrue(with < without / 2, with + " bytes with the dictionary, " + without + " without");
        assertEquals(appended, texts());
    }

    @Test
    void shouldGiveBodiesToAnybodyWithTheProgramsThatTheReadmeNames() throws Exception {
        String sqlite = Tools.find("sqlite3").toString();
        String zstd = Tools.find("zstd").toString();
        append(DictionaryTrainer.FIRST_AT);
        await().until(() -> {
            append(1);
            return number("select max(dictionary) from events") == 1;
        });
        for (int sequence : List.of(1, appended.size())) {
            run(sqlite, "-readonly", base.resolve("log/events.sqlite").toString(), "select writefile('body.zst', content), "
                    + "writefile('dictionary', (select content from dictionaries where id = dictionary)) "
                    + "from events where sequence = " + sequence);
            run(zstd, "-dqf", "-D", "dictionary", "body.zst", "-o", "event.xml");

            assertEquals(appended.get(sequence - 1), Files.readString(base.resolve("event.xml")));
        }
    }

    @Test
    void shouldReadWhatIsStoredAsItIs() throws Exception {
        append(3);
        close();
        sql("update events set content = 'as it is', dictionary = null, bytes = 8 where sequence = 2");
        open();

        assertEquals(List.of(appended.get(0), "as it is", appended.get(2)), texts());
    }

    @Test
    void shouldSayThatABodyIsDamaged() throws Exception {
        append(1);
        sql("update events set content = substr(content, 1, length(content) - 1) || x'00'");

        IOException e = assertThrows(IOException.class, () -> store.read(0, 1, 1));
        assertTrue(e.getMessage().contains("body is damaged"), e.getMessage());
    }

    @Test
    void shouldKeepWhateverItIsGiven() throws SQLException {
        byte[] noise = new byte[100_000];
        random.nextBytes(noise);
        try (Bodies bodies = new Bodies(); Bodies.Unpacker unpacker = bodies.unpacker(null)) {
            for (byte[] body : List.of(new byte[0], new byte[] {7}, noise, new byte[2_000_000])) {
                Bodies.Stored stored = bodies.pack(ByteBuffer.wrap(body));
                assertEquals(Bodies.NO_DICTIONARY, stored.dictionary());
                assertTrue(stored.bytes().length < body.length + 50);
                assertArrayEquals(body, unpacker.unpack(stored.bytes(), stored.dictionary(), body.length));
                assertThrows(SQLException.class, () -> unpacker.unpack(stored.bytes(), stored.dictionary(), body.length + 1));
            }
        }
    }

    private void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).directory(base.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
    }

    private void append(int count) throws IOException {
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = 0; word < WORDS; word++) {
                text.append("<Param name=\"number_").append(word).append("\" ucd=\"meta.id;src;obs.param").append(word * 7919)
                        .append("\" value=\"").append(random.nextInt(100_000)).append("\"/>\n");
            }
            appended.add(text.toString());
            events.add(EventStoreContract.event(text.toString(), Instant.now()));
        }
        store.append(events, Map.of());
    }

    private List<String> texts() throws IOException {
        return store.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE).stream().map(StoredEvent::content)
                .map(content -> StandardCharsets.UTF_8.decode(content.duplicate()).toString()).toList();
    }

    private long number(String query) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void sql(String command) throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(command);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + base.resolve("log").resolve(SqliteDialect.FILE));
    }
}
