package org.bolide.shell.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.LogMaintenance;
import org.bolide.shell.command.TestServices;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ControlSocketTest {

    @TempDir
    Path folder;

    private final MemoryBroker broker = new MemoryBroker();
    private final TestServices services = new TestServices().with(broker);
    private ControlSocket control;

    private record Run(String version, OptionalLong command) implements BrokerRun {
        @Override
        public Instant since() {
            return Instant.EPOCH;
        }
    }

    /** What a command printed, and how it ended. */
    private record Result(int status, String out, String err) {}

    @BeforeEach
    void start() {
        start(OptionalLong.empty());
    }

    private void start(OptionalLong command) {
        control = new ControlSocket(services, folder, folder);
        control.bindRun(new Run("1.0.0", command));
    }

    @AfterEach
    void stop() throws Exception {
        control.close();
        broker.close();
    }

    private Path socket() {
        return folder.resolve("data/control/socket");
    }

    private static void send(SocketChannel channel, char type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Frame.write(channel, type, bytes, 0, bytes.length);
    }

    private SocketChannel request(Path socket, String... arguments) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        send(channel, 'H', Frame.PROTOCOL);
        send(channel, 'P', "4711");
        send(channel, 'D', folder.toString());
        send(channel, 'T', "");
        for (String argument : arguments) {
            send(channel, 'A', argument);
        }
        send(channel, 'R', "");
        return channel;
    }

    private Result run(byte[] input, String... arguments) throws IOException {
        return run(socket(), input, arguments);
    }

    private Result run(Path socket, byte[] input, String... arguments) throws IOException {
        try (SocketChannel channel = request(socket, arguments)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int given = 0;
            while (true) {
                Frame frame = Frame.read(channel);
                switch (frame.type()) {
                    case '1' -> out.write(frame.content());
                    case '2' -> err.write(frame.content());
                    case 'i' -> {
                        int length = Math.min(1000, input.length - given);
                        Frame.write(channel, '0', input, given, length);
                        given += length;
                    }
                    case 'x' -> {
                        return new Result(frame.content()[0], out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
                    }
                    default -> throw new AssertionError(frame);
                }
            }
        }
    }

    @Test
    void shouldCarryOutCommandsWithTheCallersStreams() throws Exception {
        Result result = run(SampleEvents.swift(), "import", "--quiet", "-");
        assertEquals(0, result.status(), result::toString);
        assertTrue(result.out().startsWith("1 event: 1 accepted"), result::toString);
        assertTrue(broker.submissions().get(0).quiet());
        Files.write(folder.resolve("one.xml"), SampleEvents.fermi());
        assertEquals(0, run(new byte[0], "import", "one.xml").status());
        assertEquals(2, broker.events().size());
    }

    @Test
    void shouldNameTheMachinesUserInTheAudit() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            run(SampleEvents.swift(), "import", "-");
            String user = ProcessHandle.current().info().user().orElseThrow();
            assertTrue(log.text().contains(user + " (bin/bolide): import -: 1 event: 1 accepted"), log.text());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithACommand() throws Exception {
        assertEquals(new Result(64, "", "bolide: \"lgo\" is no command; bolide --help lists them\n"), run(new byte[0], "lgo"));
        assertEquals(new Result(64, "", "bolide: import: unknown option --loud; see bolide import --help\n"),
                run(new byte[0], "import", "--loud", "x"));
        assertEquals(new Result(64, "", "bolide: import: a file, a directory, or - for standard input is missing; see bolide import --help\n"),
                run(new byte[0], "import"));
        assertEquals(new Result(64, "", "bolide: export: one word too many: x; see bolide export --help\n"), run(new byte[0], "export", "x"));
        assertEquals(new Result(1, "", "bolide: Not now: the event log does not run. The log file says why.\n"), run(new byte[0], "log"));
    }

    @Test
    void shouldHelpWithEachCommandWithin100Columns() throws Exception {
        for (String command : List.of("log", "import", "export", "filters", "filter-test", "filter-explain")) {
            Result result = run(new byte[0], command, "--help");
            assertTrue(result.out().startsWith("Usage: bolide " + command), result::toString);
            assertTrue(result.out().lines().allMatch(line -> line.length() <= 100), result::toString);
        }
        assertTrue(run(new byte[0], "export", "--help").out().contains("--until=TIME"));
    }

    @Test
    void shouldInterruptACommandWhoseClientHasGone() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        services.with(new Endless(begun, interrupted));
        try (SocketChannel channel = request(socket(), "log", "check")) {
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            assertTrue(channel.isConnected());
        }
        assertTrue(interrupted.await(10, TimeUnit.SECONDS));
    }

    @Test
    void shouldBeItsOwnersAlone() throws IOException {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket().getParent())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
    }

    @Test
    void shouldReplaceASocketThatWasLeftBehind() throws Exception {
        control.close();
        assertFalse(Files.exists(socket()));
        ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        killed.bind(UnixDomainSocketAddress.of(socket()));
        killed.close();
        assertTrue(Files.exists(socket()));
        start();
        assertEquals(64, run(new byte[0], "nothing").status());
    }

    @Test
    void shouldLeaveTheSocketToABrokerThatListens() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            new ControlSocket(services, folder, folder).close();
            assertTrue(log.text().contains("does not reach this broker: a broker listens at "), log.text());
        }
        assertEquals(64, run(new byte[0], "nothing").status());
    }

    @Test
    void shouldPutTheSocketOfALongPathElsewhere() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("a".repeat(60)).resolve("b".repeat(60)));
        Path temporary = Files.createTempDirectory(Path.of("/tmp"), "t");
        ControlSocket other = new ControlSocket(services, deep, temporary);
        try {
            other.bindRun(new Run("1.0.0", OptionalLong.empty()));
            Path socket = Path.of(Files.readString(deep.resolve("data/control/place")));
            assertTrue(socket.startsWith(temporary), socket::toString);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
            assertEquals(64, run(socket, new byte[0], "nothing").status());
        } finally {
            other.close();
            Files.delete(temporary); // it is empty again
        }
    }

    @Test
    void shouldServeOnlyTheCommandForWhichTheBrokerWasStarted() throws Exception {
        control.close();
        start(OptionalLong.of(4712));
        Result result = run(new byte[0], "export");
        assertEquals(1, result.status());
        assertTrue(result.err().contains("another command (process 4712) works on the event log just now"), result.err());
        control.close();
        start(OptionalLong.of(4711));
        assertEquals(64, run(new byte[0], "nothing").status());
    }

    @Test
    void shouldEndCommandsWhenTheBrokerStops() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        services.with(new Endless(begun, interrupted));
        try (SocketChannel channel = request(socket(), "log", "check")) {
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            control.close();
            Frame frame = Frame.read(channel);
            assertEquals("bolide: interrupted\n", frame.text());
            assertEquals((byte) 130, Frame.read(channel).content()[0]);
        }
    }

    /** Checks until it is interrupted. */
    private record Endless(CountDownLatch begun, CountDownLatch interrupted) implements LogMaintenance {

        @Override
        public LogFindings check(Progress progress) throws InterruptedException {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            throw new AssertionError("never");
        }

        @Override
        public LogState state() {
            throw new AssertionError("not asked for");
        }

        @Override
        public long backup(Path file, Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public long compact(Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public LogCopy migrate(Database target, Progress progress) {
            throw new AssertionError("not asked for");
        }
    }
}
