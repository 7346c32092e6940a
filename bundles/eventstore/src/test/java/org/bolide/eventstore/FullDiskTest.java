package org.bolide.eventstore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;
import org.bolide.testkit.EventStoreContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a small file system. */
class FullDiskTest {

    @TempDir
    Path mountPoint;

    /** Fills the disk, makes room, and goes on. */
    static final class Filler {

        private static final Random RANDOM = new Random(1);

        private Filler() {
        }

        public static void main(String[] arguments) throws IOException {
            try {
                fill(Path.of(arguments[0]));
            } catch (IOException | RuntimeException | AssertionError e) {
                e.printStackTrace();
                System.exit(1); // the log's threads would go on
            }
        }

        private static void fill(Path base) throws IOException {
            Path ballast = Files.write(base.resolve("ballast"), new byte[32 << 20]);
            JdbcEventStore store = new JdbcEventStore(base, Configs.in(Path.of("log")));
            int appended = 0;
            NewEvent event = event();
            String first = "";
            String latest = "";
            // now and then one more has room, where the write-ahead log has been carried over and is begun anew
            for (int failures = 0; failures < 20; ) {
                String failure = failure(store, event);
                if (failure.isEmpty()) {
                    failures = 0;
                    appended++;
                    event = event();
                } else {
                    failures++;
                    latest = failure;
                    first = first.isEmpty() ? failure : first;
                }
            }
            System.out.println(first);
            System.out.println(latest);
            check(appended == store.latest() && appended == read(store).size(), "half a transaction is there");

            JdbcEventStore full = store;
            String problem = problem(full);
            check(problem.equals("No event can be taken in: " + latest), problem);

            Files.delete(ballast);
            // by itself, for nobody sends anything to a broker that is not ready
            await().until(() -> problem(full).isEmpty());

            List<Appended> done = store.append(List.of(event, event()), Map.of());
            check(done.equals(List.of(new Appended(appended + 1, false), new Appended(appended + 2, false))), done);
            store.close();
            store = new JdbcEventStore(base, Configs.in(Path.of("log")));
            check(read(store).size() == appended + 2, "an acknowledged event is lost");
            check(store.append(List.of(event), Map.of()).get(0).duplicate(), "an event was forgotten");
            store.close();
            System.out.println("appended " + appended);
        }

        /** Why the broker is not ready. */
        private static String problem(JdbcEventStore store) {
            return store.problems().stream().filter(problem -> problem.weight() == Weight.NOT_READY).map(Problem::text).findFirst().orElse("");
        }

        private static String failure(JdbcEventStore store, NewEvent event) {
            try {
                store.append(List.of(event), Map.of());
                return "";
            } catch (IOException e) {
                return e.getMessage();
            }
        }

        private static List<StoredEvent> read(JdbcEventStore store) throws IOException {
            return store.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE);
        }

        private static NewEvent event() {
            byte[] content = new byte[50_000];
            RANDOM.nextBytes(content);
            return EventStoreContract.event(content, Instant.now(), Optional.empty());
        }

        private static void check(boolean condition, Object otherwise) {
            if (!condition) {
                throw new AssertionError(otherwise);
            }
        }
    }

    /** Tries to open a log. */
    static final class Opener {

        private Opener() {
        }

        public static void main(String[] arguments) throws IOException {
            try {
                new JdbcEventStore(Path.of(arguments[0]), Configs.in(Path.of("log"))).close();
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsRoomAgain() throws Exception {
        try (Child filler = Child.startWithFileSystem(mountPoint, "size=64m", Filler.class, mountPoint)) {
            for (int i = 0; i < 2; i++) {
                String message = String.valueOf(filler.line());
                assertTrue(message.startsWith("The event log in " + mountPoint.resolve("log") + " has no room: free some"),
                        message);
            }
            List<String> rest = filler.rest();
            assertEquals(0, filler.exitStatus());
            assertTrue(rest.get(0).matches("appended \\d\\d+"), rest.toString());
        }
    }

    @Test
    void shouldSayThatADirectoryIsNotWritable() throws Exception {
        try (Child opener = Child.startWithFileSystem(mountPoint, "ro", Opener.class, mountPoint)) {
            assertEquals("The event log cannot be in " + mountPoint.resolve("log") + ": " + mountPoint.resolve("log")
                    + ": Read-only file system. Make it writable for the user " + System.getProperty("user.name")
                    + ", or give another directory (org.bolide.eventstore: directory).", opener.line());
            assertFalse(opener.exitStatus() != 0);
        }
    }
}
