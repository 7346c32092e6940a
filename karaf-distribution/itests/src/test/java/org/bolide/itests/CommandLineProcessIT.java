package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What somebody sees who types {@code bolide} and {@code sendvo}. */
class CommandLineProcessIT {

    @TempDir
    Path directory;

    private Product.Result bolide(String... options) throws Exception {
        String[] all = Stream.concat(Stream.of("--base=" + directory.resolve("base")), Arrays.stream(options))
                .toArray(String[]::new);
        return Product.run(directory, "bolide", all);
    }

    private static void assertSays(Product.Result result, int exit, String... words) {
        assertEquals(exit, result.exit(), result.toString());
        for (String word : words) {
            assertTrue(result.err().contains(word), "\"" + word + "\" in\n" + result.err());
        }
    }

    @Test
    void shouldSayHowToBeginWhenThereIsNothingToDo() throws Exception {
        assertSays(bolide(), 64, "--receive", "--broadcast", "--remote");
    }

    @Test
    void shouldSuggestTheNearestOption() throws Exception {
        assertSays(bolide("--recieve"), 64, "--recieve", "--receive");
    }

    @Test
    void shouldNameTheRuleThatAnIvoidBreaks() throws Exception {
        assertSays(bolide("--receive"), 64, "--local-ivo");
        assertSays(bolide("--receive", "--local-ivo=ivo://x/y"), 64, "ivo://x/y", "3");
    }

    @Test
    void shouldNameThePortThatIsInUseAndItsSetting() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertSays(bolide("--receive", "--receive-port=" + taken.getLocalPort(), "--local-ivo=ivo://test.bolide/b"),
                    1, String.valueOf(taken.getLocalPort()), "--receive-port", "in use");
        }
    }

    @Test
    void shouldRefuseAnEventLogThatIsAFileOrInUse() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        Product.Result result = bolide("--remote=localhost:" + Product.freePort(), "--eventdb=" + file);
        assertEquals(1, result.exit(), result.toString());
        assertTrue(result.err().contains(file.toString()), result.err());

        Path shared = directory.resolve("shared");
        try (Broker first = new Broker(directory.resolve("first")).startBoth("--eventdb=" + shared)) {
            Product.Result second = bolide("--remote=localhost:" + Product.freePort(), "--eventdb=" + shared);
            assertEquals(1, second.exit(), second.toString());
            String last = second.err().lines().reduce("", (before, line) -> line);
            assertTrue(last.startsWith("bolide: the broker cannot start: ") && last.contains("in use"), second.err());
            assertTrue(first.isAlive());
        }
    }

    @Test
    void shouldRefuseASecondBrokerInTheSameBase() throws Exception {
        try (Broker first = new Broker(directory).startBoth()) {
            Product.Result second = bolide("--remote=localhost:" + Product.freePort());
            assertSays(second, 1, "process " + first.pid(), first.base.toString(), "--base");
            assertTrue(first.isAlive());
            assertEquals(0, first.terminate());
        }
    }

    @Test
    void shouldNameFileKeyAndAllowedValuesOfABadConfiguration() throws Exception {
        Path etc = Files.createDirectories(directory.resolve("base/etc"));
        Files.writeString(etc.resolve("org.bolide.transport.receiver~public.cfg.json"), "{\"prot\": 8098}");
        assertSays(bolide("--local-ivo=ivo://test.bolide/b"), 78,
                "org.bolide.transport.receiver~public.cfg.json", "prot", "port");
        Files.writeString(etc.resolve("org.bolide.transport.receiver~public.cfg.json"), "{\"port\": \"many\"}");
        assertSays(bolide("--local-ivo=ivo://test.bolide/b"), 78, "port", "many");
    }

    @Test
    void shouldPrintHelpAndVersion() throws Exception {
        Product.Result help = bolide("--help");
        assertEquals(0, help.exit());
        for (String option : new String[] {"--receive", "--broadcast", "--remote", "--local-ivo", "--save-event-directory",
            "--exec-command", "--print-event", "--cmd"}) {
            assertTrue(help.out().contains(option), option + " in\n" + help.out());
        }
        assertTrue(help.out().lines().allMatch(line -> line.length() <= 100), help.out());
        assertTrue(bolide("--version").out().contains("1.0.0"));
    }

    @Test
    void shouldStopCleanlyOnASignalAndRemoveThePidfile() throws Exception {
        Path pidfile = directory.resolve("my pid file");
        Path logfile = directory.resolve("my log file");
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth("--pidfile=" + pidfile, "--logfile=" + logfile, "--nodaemon");
            assertEquals(String.valueOf(broker.pid()), Files.readString(pidfile).strip());
            assertEquals(0, broker.terminate());
            assertFalse(Files.exists(pidfile));
            assertTrue(Files.readString(logfile).contains(String.valueOf(broker.receivePort)));
        }
    }

    @Test
    void shouldTakeCommandsInTheTerminal() throws Exception {
        Product.Result console = Product.run(directory, new ByteArrayInputStream("bolide:filters\n".getBytes(StandardCharsets.UTF_8)),
                "bolide", "--base=" + directory.resolve("base"), "--console", "--remote=localhost:" + Product.freePort());
        if (!Archive.SHELL_RUNS) {
            assertSays(console, 64, "--console", "Java 17 to 22");
            return;
        }
        assertEquals(0, console.exit(), console.toString());
        assertTrue(console.out().contains("No filter is in use."), console.out());
        assertFalse(console.err().contains(" INFO "), console.err());
        assertTrue(Files.readString(directory.resolve("base/log/bolide.log")).contains("Bolide runs in"));
        assertTrue(Files.exists(directory.resolve("base/data/console.history")));
    }

    @Test
    void shouldLetAnOptionWinOverAFileForThisRunAndSaySo() throws Exception {
        Broker broker = new Broker(directory);
        Path etc = Files.createDirectories(broker.base.resolve("etc"));
        Files.writeString(etc.resolve("org.bolide.transport.cfg"), "localIvoid = ivo://file.bolide/broker\n");
        try (broker) {
            broker.startBoth();
            broker.awaitLog("--local-ivo.*" + Broker.IVOID + ".*org.bolide.transport.cfg");
            try (VtpPeer subscriber = VtpPeer.connect(broker.broadcastPort)) {
                assertTrue(subscriber.readText().contains(Broker.IVOID));
            }
            assertTrue(Files.readString(etc.resolve("org.bolide.transport.cfg")).contains("file.bolide"));
        }
    }

    @Test
    void shouldSendWhatIsInFilesFoldersArchivesAndOnStandardInput() throws Exception {
        byte[] good = SampleEvents.event("ivo://test.author/sendvo#1").bytes();
        Path folder = Files.createDirectories(directory.resolve("some events"));
        Files.write(folder.resolve("one.xml"), good);
        Files.write(folder.resolve("two.xml"), SampleEvents.event("ivo://test.author/sendvo#2").bytes());
        Files.write(directory.resolve("bad.xml"), SampleEvents.event("not an IVOID").bytes());
        assertEquals(0, new ProcessBuilder("tar", "-cjf", "events.tar.bz2", "some events")
                .directory(directory.toFile()).inheritIO().start().waitFor());
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth();
            String port = String.valueOf(broker.receivePort);
            Product.Result stdin = Product.run(directory, new ByteArrayInputStream(good), "sendvo", "-p", port);
            assertEquals(0, stdin.exit(), stdin.toString());
            assertTrue(stdin.out().contains("ack") && stdin.out().contains("ivo://test.author/sendvo#1"), stdin.out());
            assertEquals(0, Product.run(directory, "sendvo", "-p", port, "some events").exit());
            assertEquals(0, Product.run(directory, "sendvo", "-p", port, "events.tar.bz2").exit());
            Product.Result copies = Product.run(directory, "sendvo", "-p", port, "--new-id", "events.tar.bz2");
            assertEquals(0, copies.exit(), copies.toString());
            assertFalse(copies.out().contains("duplicate"), copies.out());
            Product.Result refused = Product.run(directory, "sendvo", "--port=" + port, "-f", "bad.xml");
            assertEquals(1, refused.exit(), refused.toString());
            assertTrue(refused.out().contains("nak") && refused.out().contains("not an IVOID"), refused.out());
        }
        Product.Result nobody = Product.run(directory, new ByteArrayInputStream(good), "sendvo", "-p",
                String.valueOf(broker.receivePort));
        assertEquals(2, nobody.exit(), nobody.toString());
    }

    @Test
    void shouldHandleEventsAsCometDoes() throws Exception {
        byte[] event = SampleEvents.event("ivo://test.author/comet#1/a:b").bytes();
        Path copy = directory.resolve("copy by a command");
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth("--print-event", "--save-event", "--cmd=sh -c 'cat > \"" + copy + "\"'", "-v");
            RelayProcessIT.submit(broker.receivePort, event);
            await().until(() -> Files.exists(copy) && Arrays.equals(event, Files.readAllBytes(copy)));
            await().until(() -> broker.output().contains("ivo://test.author/comet#1/a:b"));
            await().until(() -> savedHere().length == 1);
            assertArrayEquals(event, Files.readAllBytes(savedHere()[0]));
        }
    }

    /** By default events are saved in the caller's directory. */
    private Path[] savedHere() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("ivo_test.author")).toArray(Path[]::new);
        }
    }
}
