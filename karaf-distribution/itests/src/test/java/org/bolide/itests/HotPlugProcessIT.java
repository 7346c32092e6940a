package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.bolide.benchmarks.faults.Lines;
import org.bolide.testkit.ComponentJar;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Handlers come, are replaced and go while events flow. */
class HotPlugProcessIT {
    private static final String PID = "test.lines";
    private static final int AUTHORS = 3;
    private static final int REPLACEMENTS = 5;
    private static final int EVENTS_OF_EACH_VERSION = 30;
    private static final Duration SECONDS = Duration.ofSeconds(15);

    @TempDir
    Path directory;

    private Broker broker;
    private Path jar;
    private Path written;

    /** One line that the handler wrote. */
    private record Line(int version, long sequence, String ivoid) {}

    @BeforeEach
    void prepare() throws IOException {
        broker = new Broker(directory);
        jar = Files.createDirectories(broker.base.resolve("deploy")).resolve("lines.jar");
        written = directory.resolve("written");
        Files.writeString(Files.createDirectories(broker.base.resolve("etc")).resolve(PID + "~one.cfg.json"),
                "{ \"handler.name\": \"lines\", \"handler.start\": \"earliest\", \"file\": \"" + written + "\" }");
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldReplaceAHandlerWithoutLosingOrRepeatingAnEvent() throws Exception {
        broker.startBoth();
        List<Author> authors = IntStream.range(0, AUTHORS).mapToObj(Author::new).toList();
        authors.forEach(Author::start);
        for (int version = 1; version <= 1 + REPLACEMENTS; version++) {
            long begunAt = System.nanoTime();
            put(version);
            awaitLines(version, 1);
            System.out.printf("version %d of the handler took its first event after %d ms%n", version,
                    (System.nanoTime() - begunAt) / 1_000_000);
            awaitLines(version, EVENTS_OF_EACH_VERSION);
        }
        TreeSet<String> acknowledged = new TreeSet<>();
        for (Author author : authors) {
            acknowledged.addAll(author.finish());
        }
        await("all events").atMost(SECONDS).until(() -> lines().size() >= acknowledged.size());
        List<Line> lines = lines();
        System.out.printf("%d events, %d replacements%n", lines.size(), REPLACEMENTS);
        assertEquals(acknowledged, new TreeSet<>(lines.stream().map(Line::ivoid).toList()));
        assertRising("sequences, hence no event twice", lines.stream().map(Line::sequence).toList());
        assertRising("one version after the other", lines.stream().map(line -> line.version * 1_000_000L + line.sequence).toList());
        Map<String, List<Long>> byAuthor = new HashMap<>();
        lines.forEach(line -> byAuthor.computeIfAbsent(line.ivoid.replaceAll("-.*", ""), key -> new ArrayList<>())
                .add(Long.valueOf(line.ivoid.replaceAll(".*-", ""))));
        assertEquals(AUTHORS, byAuthor.size());
        byAuthor.forEach((author, numbers) -> assertRising(author, numbers));
    }

    @Test
    void shouldKeepThePlaceOfAHandlerThatIsAway() throws Exception {
        broker.startBoth();
        put(1);
        submit("1");
        awaitLines(1, 1);
        Files.delete(jar);
        broker.awaitLog("handler lines is gone; its place is kept");
        submit("2");
        submit("3");
        put(2);
        awaitLines(2, 2);
        assertEquals(0, broker.terminate());

        Files.delete(jar);
        broker.startBoth();
        submit("4");
        put(3);
        awaitLines(3, 1);
        assertEquals(List.of("1 1", "2 2", "2 3", "3 4"),
                lines().stream().map(line -> line.version + " " + line.ivoid.replaceAll(".*#", "")).toList());
        assertEquals(1, broker.log("handler lines .*reads on").size(), "no lane before the jar was back");
    }

    private void put(int version) throws IOException {
        ComponentJar.write(jar, Lines.class, PID, version + ".0.0");
    }

    private void submit(String number) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, SampleEvents.event("ivo://test.author/hotplug#" + number).bytes());
        assertTrue(answer.contains("role=\"ack\""), answer);
    }

    private void awaitLines(int version, int count) {
        await(count + " lines of version " + version).atMost(SECONDS)
                .until(() -> lines().stream().filter(line -> line.version == version).count() >= count);
    }

    /** The whole lines that were written. */
    private List<Line> lines() throws IOException {
        String text = Files.exists(written) ? Files.readString(written) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(line -> line.split(" "))
                .map(words -> new Line(Integer.parseInt(words[0].replaceAll("\\..*", "")), Long.parseLong(words[1]), words[2])).toList();
    }

    private static void assertRising(String what, List<Long> numbers) {
        for (int i = 1; i < numbers.size(); i++) {
            assertTrue(numbers.get(i - 1) < numbers.get(i), what + ": after " + numbers.get(i - 1) + " came " + numbers.get(i));
        }
    }

    /** Submits one event after the other until it is told to finish. */
    private final class Author {
        private final List<String> acknowledged = new ArrayList<>();
        private final List<Throwable> failures = new ArrayList<>();
        private final Thread thread;
        private volatile boolean finishing;

        private Author(int name) {
            thread = new Thread(() -> {
                try {
                    for (int number = 1; !finishing; number++) {
                        submit(name + "-" + number);
                        acknowledged.add("ivo://test.author/hotplug#" + name + "-" + number);
                    }
                } catch (IOException | AssertionError e) {
                    failures.add(e);
                }
            }, "author-" + name);
        }

        private void start() {
            thread.start();
        }

        private List<String> finish() throws InterruptedException {
            finishing = true;
            thread.join();
            assertEquals(List.of(), failures, "no author notices");
            return acknowledged;
        }
    }
}
