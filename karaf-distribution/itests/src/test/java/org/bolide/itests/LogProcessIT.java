package org.bolide.itests;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.bolide.testkit.PostgresServer;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The commands that take care of the event log, as an operator gives them, with a broker running and without. */
class LogProcessIT {

    private static final int COMMAND_SECONDS = 120;

    @TempDir
    Path directory;

    private static byte[] event(int number) {
        return SampleEvents.event("ivo://test.author/log#" + number).bytes();
    }

    private static void submit(Broker broker, int number, String expected) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, event(number));
        assertTrue(answer.contains(expected), answer);
    }

    private Process start(Broker broker, Map<String, String> environment, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(Product.HOME.resolve("bin/bolide").toString(), "--base=" + broker.base));
        line.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs a command to its end; nothing is piped into it. */
    private Product.Result bolide(Broker broker, Map<String, String> environment, String... arguments) throws Exception {
        Path out = Files.createTempFile(directory, "command", ".out");
        Path err = Files.createTempFile(directory, "command", ".err");
        List<String> line = new ArrayList<>(List.of(Product.HOME.resolve("bin/bolide").toString(), "--base=" + broker.base));
        line.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(line + " does not end: " + Files.readString(out) + Files.readString(err));
        }
        return new Product.Result(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1), Files.readString(err));
    }

    private String done(Broker broker, String... arguments) throws Exception {
        Product.Result result = bolide(broker, Map.of(), arguments);
        assertEquals(0, result.exit(), result.toString());
        return result.out();
    }

    private void tar(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("tar"));
        line.addAll(Arrays.asList(arguments));
        assertEquals(0, new ProcessBuilder(line).directory(directory.toFile()).inheritIO().start().waitFor());
    }

    private static List<Path> below(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".xml")).sorted().toList();
        }
    }

    private static long number(Path sqlite, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + sqlite);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void shouldTakeAnArchiveInQuietlyAndGiveItBackByteForByte() throws Exception {
        Path folder = Files.createDirectories(directory.resolve("an archive"));
        for (int i = 100; i < 160; i++) {
            Files.write(folder.resolve(i + ".xml"), event(i));
        }
        tar("--sort=name", "-cjf", "archive.tar.bz2", "an archive");
        Path saved = directory.resolve("saved");
        try (Broker broker = new Broker(directory).startBoth("--save-event", "--save-event-directory=" + saved);
                VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            String taken = done(broker, "import", "--quiet", "archive.tar.bz2");
            assertTrue(taken.startsWith("60 events: 60 accepted, 0 duplicate, 0 refused, in "), taken);
            submit(broker, 160, "role=\"ack\"");
            assertArrayEquals(event(160), subscriber.takeEvent(), "the archive is no news");
            await().until(() -> below(saved).size() == 1);
            assertArrayEquals(event(160), Files.readAllBytes(below(saved).get(0)));

            Files.write(directory.resolve("bad.xml"), SampleEvents.event("not an IVOID").bytes());
            Product.Result refused = bolide(broker, Map.of(), "import", "bad.xml", "an archive");
            assertEquals(1, refused.exit(), refused.toString());
            assertTrue(refused.out().contains("61 events: 0 accepted, 60 duplicate, 1 refused")
                    && refused.out().contains("not an IVOID"), refused.toString());

            done(broker, "export", "--output=back.tar.gz");
            tar("-xzf", "back.tar.gz");
            List<Path> back = below(directory.resolve("events"));
            assertEquals(61, back.size());
            for (int i = 0; i < back.size(); i++) {
                assertArrayEquals(event(100 + i), Files.readAllBytes(back.get(i)));
            }
            String piped = done(broker, "export", "--since=2020-01-01");
            assertTrue(piped.startsWith("events/000000000001"), "an archive: " + piped.substring(0, 100));
            assertTrue(piped.contains(new String(event(130), StandardCharsets.UTF_8)));

            assertTrue(done(broker, "log").contains("61 of 61 ever received"));
            assertTrue(done(broker, "filter-test", "/*[@role=\"test\"]").startsWith("61 of 61 events"));
            assertTrue(done(broker, "filters").contains("No filter is in use."));
            Path socket = broker.base.resolve("data/control/socket");
            Path place = broker.base.resolve("data/control/place");
            socket = Files.exists(place) ? Path.of(Files.readString(place)) : socket;
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
            assertEquals(0, broker.terminate());
            assertTrue(!Files.exists(socket), "the socket is gone with the broker");
        }
    }

    @Test
    void shouldBackUpUnderLoadAndFindDamage() throws Exception {
        Path copy = directory.resolve("copy.sqlite");
        Broker broker = new Broker(directory);
        try (broker) {
            broker.startBoth();
            AtomicInteger next = new AtomicInteger();
            AtomicInteger acknowledged = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            List<Thread> authors = IntStream.range(0, 2).mapToObj(i -> new Thread(() -> {
                try {
                    while (!enough.get()) {
                        submit(broker, next.incrementAndGet(), "role=\"ack\"");
                        acknowledged.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            })).toList();
            authors.forEach(Thread::start);
            await().atMost(30, TimeUnit.SECONDS).until(() -> acknowledged.get() > 100);
            int before = acknowledged.get();
            String said = done(broker, "log", "backup", "copy.sqlite");
            enough.set(true);
            for (Thread author : authors) {
                author.join();
            }
            assertTrue(said.startsWith("The log is in " + copy), said);
            long events = number(copy, "select count(*) from events");
            assertTrue(events >= before && events <= acknowledged.get(), before + " " + events + " " + acknowledged);
            assertEquals(events, number(copy, "select max(sequence) from events"), "a prefix");
            assertEquals(0, broker.terminate());
        }
        Path log = broker.base.resolve("eventlog/events.sqlite");
        number(log, "update events set content = zeroblob(length(content)) where sequence = 3 returning sequence");
        Product.Result damaged = bolide(broker, Map.of(), "log", "check");
        assertEquals(1, damaged.exit(), damaged.toString());
        assertTrue(damaged.out().contains("Event 3 "), damaged.toString());
        assertTrue(damaged.err().contains("no broker runs in " + broker.base), damaged.toString());
        Files.delete(log);
        Files.move(copy, log);
        assertTrue(done(broker, "log", "check").startsWith("The log is in order: "));
    }

    @Test
    void shouldMoveToAPostgresServerAndGoOnThere() throws Exception {
        Path saved = directory.resolve("saved");
        String[] options = {"--save-event", "--save-event-directory=" + saved};
        try (PostgresServer server = new PostgresServer(); Broker broker = new Broker(directory)) {
            Map<String, String> password = Map.of("BOLIDE_DATABASE_PASSWORD", server.password());
            String[] migrate = {"log", "migrate", "--to=" + server.url("postgres"), "--user=" + PostgresServer.USER};
            broker.startBoth(options);
            for (int i = 1; i <= 20; i++) {
                submit(broker, i, "role=\"ack\"");
            }
            await().until(() -> below(saved).size() == 20);
            Product.Result first = bolide(broker, password, migrate);
            assertEquals(0, first.exit(), first.toString());
            assertTrue(first.out().startsWith("Copied 20 events."), first.toString());
            submit(broker, 21, "role=\"ack\"");
            await().until(() -> below(saved).size() == 21);
            assertEquals(0, broker.terminate());

            Product.Result second = bolide(broker, password, migrate);
            assertEquals(0, second.exit(), second.toString());
            assertTrue(second.out().startsWith("Copied 1 event. The database holds 21 events, up to the number 21."), second.toString());

            Files.writeString(broker.base.resolve("etc/org.bolide.eventstore.cfg"), """
                    databaseUrl = %s
                    databaseUser = %s
                    databasePassword = %s
                    """.formatted(server.url("postgres"), PostgresServer.USER, server.password()));
            for (Path file : below(saved)) {
                Files.delete(file);
            }
            broker.startBoth(options);
            submit(broker, 5, "duplicate");
            submit(broker, 22, "role=\"ack\"");
            await().until(() -> below(saved).size() == 1);
            assertArrayEquals(event(22), Files.readAllBytes(below(saved).get(0)), "the handler's place was kept");
            assertTrue(done(broker, "log").contains("PostgreSQL"));
            assertEquals(0, broker.terminate());
        }
    }

    @Test
    void shouldLetOneCommandWorkOnALogAtATimeAndLeaveNoBrokerBehind() throws Exception {
        Broker broker = new Broker(directory);
        Process first = start(broker, Map.of(), "import", "-");
        try (OutputStream open = first.getOutputStream()) {
            Path socket = broker.base.resolve("data/control");
            await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(socket.resolve("socket")) || Files.exists(socket.resolve("place")));
            open.write('<');
            open.flush();
            Product.Result second = bolide(broker, Map.of(), "log");
            assertEquals(1, second.exit(), second.toString());
            assertTrue(second.err().contains("another command (process " + first.pid() + ") works on the event log just now"), second.err());
            Set<Long> brokers = first.descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
            assertEquals(1, brokers.size());
            first.destroyForcibly().waitFor();
            await().atMost(60, TimeUnit.SECONDS).until(
                    () -> brokers.stream().noneMatch(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()));
        }
        assertTrue(done(broker, "log", "status").contains("0 of 0 ever received"));
    }
}
