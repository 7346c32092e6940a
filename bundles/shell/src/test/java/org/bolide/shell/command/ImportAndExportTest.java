package org.bolide.shell.command;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ImportAndExportTest {

    @TempDir
    Path directory;

    private final MemoryBroker broker = new MemoryBroker();
    private final TestServices services = new TestServices().with(broker);

    @AfterEach
    void stop() {
        broker.close();
    }

    private static byte[] event(int number) {
        return SampleEvents.event("ivo://test.author/stream#" + number).bytes();
    }

    private static void pack(OutputStream out, byte[]... events) throws IOException {
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (int i = 0; i < events.length; i++) {
                TarArchiveEntry entry = new TarArchiveEntry("events/" + i + ".xml");
                entry.setSize(events[i].length);
                tar.putArchiveEntry(entry);
                tar.write(events[i]);
                tar.closeArchiveEntry();
            }
        }
    }

    private static Map<String, byte[]> unpack(byte[] archive) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    private TestCaller taken(int status, String... operands) throws Exception {
        return taken(new TestCaller(directory), status, operands);
    }

    private TestCaller taken(TestCaller caller, int status, String... operands) throws Exception {
        List<String> line = new ArrayList<>(List.of("import", "--quiet"));
        line.addAll(List.of(operands));
        assertEquals(status, caller.type(services, line.toArray(String[]::new)), caller.said());
        return caller;
    }

    private List<byte[]> contents() {
        return broker.events().stream().map(event -> {
            byte[] bytes = new byte[event.content().remaining()];
            event.content().get(bytes);
            return bytes;
        }).toList();
    }

    private void assertContents(byte[]... expected) {
        List<byte[]> contents = contents();
        assertEquals(expected.length, contents.size());
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], contents.get(i));
        }
    }

    @Test
    void shouldTakeFilesDirectoriesAndArchivesInOrder() throws Exception {
        Files.write(directory.resolve("single.xml"), event(1));
        Files.createDirectories(directory.resolve("d/1"));
        Files.write(directory.resolve("d/2.xml"), event(3));
        Files.write(directory.resolve("d/1/1.xml"), event(2));
        Files.write(directory.resolve("d/.hidden"), new byte[] {1});
        pack(Files.newOutputStream(directory.resolve("t.tar")), event(4), event(5));
        pack(new GZIPOutputStream(Files.newOutputStream(directory.resolve("t.tgz"))), event(6));
        pack(new BZip2CompressorOutputStream(Files.newOutputStream(directory.resolve("named otherwise"))), event(7), event(1));
        TestCaller caller = taken(0, "single.xml", "d", directory.resolve("t.tar").toString(), "t.tgz", "named otherwise");
        assertContents(event(1), event(2), event(3), event(4), event(5), event(6), event(7));
        assertTrue(caller.said().matches("8 events: 7 accepted, 1 duplicate, 0 refused, in [0-9.]+ s, quietly\\.\n"), caller.said());
        assertTrue(broker.submissions().stream().allMatch(s -> s.quiet() && s.origin() == Submission.Origin.AUTHOR));
        assertEquals("", caller.remarked());
    }

    @Test
    void shouldTakeWhatIsPipedIn() throws Exception {
        TestCaller caller = new TestCaller(directory);
        caller.input = event(1);
        taken(caller, 0, "-");
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        pack(new GZIPOutputStream(archive), event(2), event(3));
        caller.input = archive.toByteArray();
        taken(caller, 0, "-");
        assertContents(event(1), event(2), event(3));
    }

    @Test
    void shouldGroupTheReasonsOfRefusals() throws Exception {
        broker.answer(submission -> {
            String text = new String(bytes(submission), StandardCharsets.UTF_8);
            String number = text.replaceAll("(?s).*stream#(\\d+).*", "$1");
            return number.endsWith("0") ? Optional.empty() : Optional.of(new Receipt(Receipt.Status.REFUSED, 0, Optional.empty(),
                    "line " + number + ", column 3: no \"" + number + "\" here"));
        });
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        byte[][] events = new byte[30][];
        Arrays.setAll(events, ImportAndExportTest::event);
        pack(archive, events);
        TestCaller caller = new TestCaller(directory);
        caller.input = archive.toByteArray();
        taken(caller, 1, "-");
        String[] lines = caller.said().split("\n");
        assertTrue(lines[0].startsWith("30 events: 3 accepted, 0 duplicate, 27 refused, in "), caller.said());
        assertEquals("Refused  Why, and the first of them", lines[1]);
        assertEquals("     27  line 1, column 3: no \"1\" here (standard input/events/1.xml)", lines[2]);
        assertEquals(3, lines.length);
    }

    private static byte[] bytes(Submission submission) {
        byte[] bytes = new byte[submission.content().remaining()];
        submission.content().duplicate().get(bytes);
        return bytes;
    }

    @Test
    void shouldOfferAgainWhatTheBrokerCannotTakeAndKeepTheOrder() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        broker.answer(submission -> calls.incrementAndGet() % 3 == 0
                ? Optional.of(new Receipt(Receipt.Status.UNAVAILABLE, 0, Optional.empty(), "busy"))
                : Optional.empty());
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        byte[][] events = new byte[20][];
        Arrays.setAll(events, ImportAndExportTest::event);
        pack(archive, events);
        TestCaller caller = new TestCaller(directory);
        caller.input = archive.toByteArray();
        taken(caller, 0, "-");
        assertEquals(20, broker.events().size());
        assertTrue(caller.said().startsWith("20 events: 20 accepted, 0 duplicate"), caller.said());
    }

    @Test
    void shouldSayWhatCannotBeRead() {
        Refusal refusal = assertThrows(Refusal.class, () -> taken(0, "nowhere.xml"));
        assertEquals("There is no file " + directory.resolve("nowhere.xml") + ".", refusal.getMessage());
    }

    @Test
    void shouldGiveBackWhatWasReceived() throws Exception {
        for (byte[] event : SampleEvents.all()) {
            broker.append(event);
        }
        TestCaller caller = new TestCaller(directory);
        assertEquals(0, caller.type(services, "export"));
        Map<String, byte[]> files = unpack(caller.outBytes.toByteArray());
        assertEquals(files.keySet().stream().sorted().toList(), List.copyOf(files.keySet()));
        assertTrue(files.keySet().stream().allMatch(name -> name.matches("events/\\d{12}[A-Za-z0-9.+_-]*\\.xml")), files::toString);
        List<byte[]> expected = SampleEvents.all();
        List<byte[]> actual = new ArrayList<>(files.values());
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
        assertEquals("7 events exported.\n", caller.remarked());
    }

    @Test
    void shouldWriteAFileThatCanBeImportedAndOverwriteNone() throws Exception {
        broker.append(event(1));
        broker.append(event(2));
        for (String name : List.of("a.tar", "a.tar.gz", "a.tar.bz2")) {
            TestCaller caller = new TestCaller(directory);
            caller.type(services, "export", "--output=" + name);
            assertFalse(Files.exists(directory.resolve(name + ".part")));
            assertEquals("", caller.said());
            assertTrue(taken(0, name).said().contains(" 2 duplicate"));
            Refusal refusal = assertThrows(Refusal.class,
                    () -> caller.type(services, "export", "--output=" + name));
            assertTrue(refusal.getMessage().contains("is there already"), refusal.getMessage());
        }
    }

    @Test
    void shouldChooseByTime() throws Exception {
        broker.append(event(1));
        TestCaller none = new TestCaller(directory);
        none.type(services, "export", "--since=" + Instant.now().plusSeconds(100));
        assertEquals(Map.of(), unpack(none.outBytes.toByteArray()));
        TestCaller before = new TestCaller(directory);
        before.type(services, "export", "--since=2026-01-01", "--until", "2026-01-02");
        assertEquals(Map.of(), unpack(before.outBytes.toByteArray()));
        assertEquals(Instant.parse("2026-03-20T12:00:00Z"), ExportCommand.time("--since", "2026-03-20T12:00"));
        assertEquals(Instant.parse("2026-03-20T11:00:00Z"), ExportCommand.time("--since", "2026-03-20T12:00:00+01:00"));
        Refusal refusal = assertThrows(Refusal.class, () -> ExportCommand.time("--since", "yesterday"));
        assertEquals(Refusal.USAGE, refusal.status());
    }

    @Test
    void shouldNotPrintAnArchiveOnATerminal() {
        TestCaller caller = new TestCaller(directory);
        caller.terminal = true;
        Refusal refusal = assertThrows(Refusal.class,
                () -> caller.type(services, "export"));
        assertTrue(refusal.getMessage().contains("--output"), refusal.getMessage());
    }

    @Test
    void shouldReadRealArchives() throws Exception {
        Path archive = SharedData.folder().map(data -> data.resolve("filters/public-events.tar.gz")).orElse(null);
        if (archive == null) {
            return; // SharedData has said so
        }
        int events = SharedData.events().size();
        AtomicInteger read = new AtomicInteger();
        EventFiles files = new EventFiles(new TestCaller(directory));
        files.read(List.of(archive.toString()), (name, event) -> read.incrementAndGet());
        System.out.println("events read from " + archive.getFileName() + ": " + read);
        assertEquals(events, read.get());
        assertEquals(Files.size(archive), files.consumed());
    }
}
