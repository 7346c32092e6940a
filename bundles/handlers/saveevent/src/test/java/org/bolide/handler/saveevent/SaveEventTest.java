package org.bolide.handler.saveevent;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Outcome;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SaveEventTest {

    @TempDir
    Path folder;

    @Test
    void shouldSaveTheBytesAsTheyAre() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        SaveEvent handler = new SaveEvent(folder.resolve("made/if/missing"));

        assertEquals(Outcome.DONE, handler.handle(event("ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_532871-729", bytes)));

        assertArrayEquals(bytes, Files.readAllBytes(
                folder.resolve("made/if/missing/ivo_nasa.gsfc.gcn_SWIFT_BAT_GRB_Pos_532871-729.xml")));
        assertEquals(1, files(folder.resolve("made/if/missing")).size(), "no temporary file is left");
    }

    @ParameterizedTest
    @CsvSource({
        "ivo://example.org/stream#1, ivo_example.org_stream_1",
        "../../etc/passwd, _etc_passwd",
        ".hidden, _hidden",
        "-rf, _rf",
        "con, _con",
        "LPT1.x, _LPT1.x",
        "console, console",
        "a b\u0000c:d*e?f\"g<h>i|j\\k~1, a_b_c_d_e_f_g_h_i_j_k_1",
        "ivo://example.org/Größe#彗星, ivo_example.org_Gr_e_",
        "'', event"})
    void shouldNameFilesSoThatEveryFileSystemTakesThem(String identifier, String name) {
        assertEquals(name, SaveEvent.nameFor(identifier));
    }

    @Test
    void shouldKeepNamesShortAndEventsApart() throws Exception {
        SaveEvent handler = new SaveEvent(folder);
        String identifier = "ivo://example.org/" + "long/".repeat(1000);

        handler.handle(event(identifier + "#1", "one"));
        handler.handle(event(identifier + "#2", "two"));

        assertEquals(Set.of("one", "two"), contents(folder));
        for (Path file : files(folder)) {
            assertTrue(file.getFileName().toString().length() <= 200, file.toString());
        }
    }

    @Test
    void shouldSaveAnEventThatComesAgainOnce() throws Exception {
        SaveEvent handler = new SaveEvent(folder);

        for (int i = 0; i < 3; i++) {
            assertEquals(Outcome.DONE, handler.handle(event("ivo://example.org/a#1", "one")));
            assertEquals(Outcome.DONE, handler.handle(event("ivo://example.org/a#1", "other rendering")));
        }

        assertEquals(2, files(folder).size());
        assertEquals(Set.of("one", "other rendering"), contents(folder));
    }

    @Test
    void shouldSaveEventsWithoutIdentifier() throws Exception {
        SaveEvent handler = new SaveEvent(folder);

        for (String content : List.of("one", "two", "three", "two")) {
            handler.handle(TestEvent.of(1, TestEvent.header(Optional.empty()), content.getBytes()));
        }

        assertEquals(3, files(folder).size());
        assertEquals(Set.of("one", "two", "three"), contents(folder));
    }

    @Test
    void shouldKeepEventsApartThatACaseInsensitiveFileSystemMixesUp() throws Exception {
        // What such a file system shows for the second name is the first one's file.
        Files.createLink(folder.resolve("ivo_example.org_A_1.xml"), Files.writeString(folder.resolve("a"), "lower case"));

        new SaveEvent(folder).handle(event("ivo://example.org/A#1", "upper case"));

        assertEquals("lower case", Files.readString(folder.resolve("ivo_example.org_A_1.xml")));
        assertEquals(Set.of("lower case", "upper case"), contents(folder));
    }

    @Test
    void shouldLeaveWhatStandsThereAlone() throws Exception {
        Files.createDirectory(folder.resolve("ivo_example.org_a_1.xml"));

        new SaveEvent(folder).handle(event("ivo://example.org/a#1", "one"));

        assertTrue(Files.isDirectory(folder.resolve("ivo_example.org_a_1.xml")));
        assertEquals(Set.of("one"), contents(folder));
    }

    @Test
    void shouldSaveEachDistinctEventOfTheRealStreamsOnce() throws Exception {
        List<BrokerEvent> events = new ArrayList<>();
        SampleEvents.all().forEach(content -> events.add(event("ivo://example.org/sample", content)));
        SharedData.events().forEach(real -> events.add(event(real.ivoid(), real.content())));
        SaveEvent handler = new SaveEvent(folder);

        for (BrokerEvent event : events) {
            assertEquals(Outcome.DONE, handler.handle(event));
        }

        Set<ByteBuffer> saved = new HashSet<>();
        for (Path file : files(folder)) {
            assertTrue(saved.add(ByteBuffer.wrap(Files.readAllBytes(file))), file + " is there twice");
        }
        assertEquals(events.stream().map(BrokerEvent::content).collect(Collectors.toSet()), saved);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSaveEachOfManyAtOnce(boolean hardLinks) throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(
                URI.create("jar:" + folder.resolve("no-hard-links.zip").toUri()), Map.of("create", "true"))) {
            Path target = hardLinks ? folder.resolve("events") : zip.getPath("events");
            SaveEvent handler = new SaveEvent(target);
            List<Callable<Outcome>> calls = new ArrayList<>();
            IntStream.range(0, 200).forEach(i -> calls.add(() -> handler.handle(event("ivo://example.org/a#1", "event " + i % 50))));

            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                for (Future<Outcome> call : threads.invokeAll(calls)) {
                    assertEquals(Outcome.DONE, call.get());
                }
            } finally {
                threads.shutdown();
            }

            assertEquals(50, files(target).size());
            assertEquals(50, contents(target).size());
        }
    }

    @Test
    void shouldFailSoThatTheLaneTriesAgainWhenTheDirectoryCannotBeUsed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        try (CapturedLog log = new CapturedLog()) {
            SaveEvent handler = new SaveEvent(file.resolve("events"));
            assertTrue(log.text().contains("WARN") && log.text().contains(file.resolve("events").toString()), log.text());

            IOException failure =
                    assertThrows(IOException.class, () -> handler.handle(event("ivo://example.org/a#1", "one")));
            assertTrue(failure.getMessage().contains("Cannot save to " + file.resolve("events")), failure.getMessage());

            Files.delete(file);
            assertEquals(Outcome.DONE, handler.handle(event("ivo://example.org/a#1", "one")));
        }
    }

    private static BrokerEvent event(String identifier, String content) {
        return TestEvent.of(1, identifier, content);
    }

    private static BrokerEvent event(String identifier, byte[] content) {
        return TestEvent.of(1, TestEvent.header(Optional.of(identifier)), content);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static Set<String> contents(Path folder) throws IOException {
        Set<String> contents = new HashSet<>();
        for (Path file : files(folder)) {
            contents.add(Files.readString(file));
        }
        return contents;
    }
}
