package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Kills a process that appends, again and again, and looks for everything that it had acknowledged. */
class CrashTest {

    private static final int CRASHES = 4;

    @TempDir
    Path directory;

    /** Appends until it is killed; prints text and sequence of each event when it is on disk. */
    static final class Appender {

        private Appender() {
        }

        public static void main(String[] arguments) throws IOException {
            JdbcEventStore store = new JdbcEventStore(Path.of(arguments[0]), Configs.in(Path.of("log")));
            Random random = new Random();
            for (int n = 0;; n++) {
                List<String> texts = new ArrayList<>();
                int count = random.nextInt(10) == 0 ? 200 : 1 + random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    texts.add(arguments[1] + "." + n + "." + i + "x".repeat(random.nextInt(6000)));
                }
                List<NewEvent> events =
                        texts.stream().map(text -> EventStoreContract.event(text, Instant.now())).toList();
                List<Appended> done = store.append(events, Map.of("reader", (long) n));
                StringBuilder output = new StringBuilder();
                for (int i = 0; i < count; i++) {
                    output.append(done.get(i).sequence()).append(' ').append(texts.get(i)).append('\n');
                }
                System.out.print(output.append("place ").append(n).append('\n'));
                System.out.flush();
            }
        }
    }

    @Test
    void shouldLoseNothingAcknowledgedWhenTheProcessIsKilled() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        Random random = new Random();
        for (int crash = 0; crash < CRASHES; crash++) {
            try (Child appender = Child.start(Appender.class, directory, "run" + crash)) {
                int lines = 20 + random.nextInt(1500);
                for (int i = 0; i < lines; i++) {
                    String line = appender.line();
                    assertTrue(line != null, "the process ended by itself");
                    acknowledged.add(line);
                }
                appender.kill();
                acknowledged.addAll(appender.rest());
            }
            check(acknowledged);
        }
        System.out.println("events acknowledged and found after " + CRASHES + " crashes: "
                + acknowledged.stream().filter(line -> !line.startsWith("place")).count());
    }

    private void check(List<String> acknowledged) throws IOException {
        JdbcEventStore store = new JdbcEventStore(directory, Configs.in(Path.of("log")));
        try {
            long place = -1;
            for (String line : acknowledged) {
                int blank = line.indexOf(' ');
                String text = line.substring(blank + 1);
                if (line.startsWith("place")) {
                    place = Long.parseLong(text);
                    continue;
                }
                long sequence = Long.parseLong(line.substring(0, blank));
                NewEvent event = EventStoreContract.event(text, Instant.now());
                assertEquals(event.content(), store.read(sequence - 1, 1, 1).get(0).content(), line);
                assertEquals(List.of(new Appended(sequence, true)), store.append(List.of(event), Map.of()));
            }
            assertTrue(store.places().get("reader").sequence() >= place, "place " + place + " was lost: " + store.places());
            assertEquals(0, store.expired(0, store.latest()), "half a transaction is there");
        } finally {
            store.close();
        }
    }
}
