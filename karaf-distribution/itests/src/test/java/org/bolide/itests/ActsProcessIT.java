package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The commands that change something, given as an operator gives them, with restarts in between. */
class ActsProcessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PASSWORD = "correct horse";

    @TempDir
    Path directory;

    private Product.Result bolide(Broker broker, String input, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of("--base=" + broker.base));
        line.addAll(Arrays.asList(words));
        return Product.run(directory, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), "bolide", line.toArray(String[]::new));
    }

    private String done(Broker broker, String... words) throws Exception {
        Product.Result result = bolide(broker, "", words);
        assertEquals(0, result.exit(), result.toString());
        return result.out();
    }

    private String refused(Broker broker, String... words) throws Exception {
        Product.Result result = bolide(broker, "", words);
        assertEquals(1, result.exit(), result.toString());
        return result.out() + result.err();
    }

    private JsonObject handler(Broker broker) throws Exception {
        JsonArray handlers = JsonParser.parseString(done(broker, "handlers", "--json")).getAsJsonArray();
        assertEquals(1, handlers.size(), handlers.toString());
        return handlers.get(0).getAsJsonObject();
    }

    private void awaitState(Broker broker, String state) {
        await(state).atMost(PATIENCE).until(() -> handler(broker).get("state").getAsString().equals(state));
    }

    private static void submit(Broker broker, int number) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, SampleEvents.event("ivo://test.author/acts#" + number).bytes());
        assertTrue(answer.contains("role=\"ack\""), answer);
    }

    /** The numbers of the events that the program has taken. */
    private static List<Integer> taken(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("taken"))) {
            return List.of();
        }
        return Files.readAllLines(folder.resolve("taken")).stream().map(line -> Integer.valueOf(line.replaceAll(".*#(\\d+).*", "$1"))).toList();
    }

    private static void awaitTaken(Path folder, Integer... numbers) {
        await(Arrays.toString(numbers)).atMost(PATIENCE).untilAsserted(() -> assertEquals(List.of(numbers), taken(folder)));
    }

    @Test
    void shouldPauseMoveSkipAndRetryAHandlerThatFails() throws Exception {
        Path program = Files.writeString(directory.resolve("program"), """
                #!/bin/sh
                event=$(cat)
                if [ ! -e %1$s/well ]; then echo "no route to the telescope" >&2; exit 3; fi
                echo "$event" | grep -o 'acts#[0-9]*' | head -n 1 >> %1$s/taken
                """.formatted(directory));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String[] options = {"--exec", "--exec-command=" + program, "--exec-on-failure=retry"};
        try (Broker broker = new Broker(directory).startBoth(options)) {
            submit(broker, 1);
            awaitState(broker, "retrying");
            String screen = done(broker, "handlers");
            System.out.println(screen);
            assertTrue(screen.contains("exec: holds an event and tries it again: "), screen);
            assertTrue(done(broker, "handlers", "skip", "exec").startsWith("exec gives up the event 1"));
            await().atMost(PATIENCE).until(() -> done(broker, "dead-letters").contains("ivo://test.author/acts#1"));
            assertTrue(refused(broker, "dead-letters", "retry", "--all").contains("Handled 0 dead letters; 1 stays."));

            done(broker, "handlers", "pause", "exec");
            submit(broker, 2);
            Files.writeString(directory.resolve("well"), "");
            assertEquals(0, broker.terminate());
            broker.startBoth(options);
            awaitState(broker, "paused");
            assertEquals(1, handler(broker).get("lag").getAsInt(), "it has stood still");
            assertEquals(List.of(), taken(directory));
            done(broker, "handlers", "resume", "exec");
            awaitTaken(directory, 2);
            assertEquals("Handled 1 dead letter.\n", done(broker, "dead-letters", "retry", "--all"));
            assertEquals("There is no dead letter.\n", done(broker, "dead-letters"));
            awaitTaken(directory, 2, 1);

            assertEquals("exec goes on after the sequence 0.\n", done(broker, "handlers", "rewind", "--to=1", "exec"));
            awaitTaken(directory, 2, 1, 1, 2);
            assertTrue(refused(broker, "handlers", "pause", "nobody").contains("nobody"));
            assertTrue(broker.log("audit: .* \\(bin/bolide\\): handlers rewind --to=1 exec: exec goes on after the sequence 0\\.").size() == 1);
        }
    }

    @Test
    void shouldKeepABannedNetworkOutUntilItIsLifted() throws Exception {
        try (Broker broker = new Broker(directory).startBoth(); VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            String said = done(broker, "clients", "ban", "--for=1d", "--reason=a flood", "127.0.0.0/8");
            assertTrue(said.startsWith("127.0.0.0/8 is kept out until ") && said.endsWith("; 1 connection closed.\n"), said);
            assertTrue(subscriber.closes(), "who was connected");
            assertTurnedAway(broker);
            assertEquals(0, broker.terminate());
            broker.startBoth();
            assertTurnedAway(broker);
            String bans = done(broker, "clients", "bans");
            assertTrue(bans.contains("127.0.0.0/8") && bans.contains("a flood"), bans);
            done(broker, "clients", "unban", "127.0.0.0/8");
            assertEquals("Nobody is banned.\n", done(broker, "clients", "bans"));
            try (VtpPeer back = VtpPeer.subscribe(broker.broadcastPort)) {
                assertTrue(done(broker, "clients", "close", "127.0.0.1:" + back.localPort()).startsWith("Closed 1 connection"));
                assertTrue(back.closes());
            }
            assertTrue(refused(broker, "clients", "close", "192.0.2.9").contains("Nobody is connected from 192.0.2.9"));
        }
    }

    private static void assertTurnedAway(Broker broker) throws IOException {
        for (int port : List.of(broker.receivePort, broker.broadcastPort)) {
            try (VtpPeer peer = VtpPeer.connect(port)) {
                assertTrue(peer.closes(), "port " + port);
            }
        }
    }

    @Test
    void shouldTellHowFarATestEventComes() throws Exception {
        Path saved = directory.resolve("saved");
        try (Broker broker = new Broker(directory).startBoth("--save-event", "--save-event-directory=" + saved);
                VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort); VtpPeer picky = VtpPeer.subscribe(broker.broadcastPort)) {
            picky.filters("/*[@role=\"observation\"]");
            await().atMost(PATIENCE).until(() -> done(broker, "clients").contains("@role=\"observation\""));
            CompletableFuture<byte[]> event = CompletableFuture.supplyAsync(() -> acknowledged(subscriber));
            String said = done(broker, "test-event", "--wait=20");
            System.out.println(said);
            assertTrue(said.startsWith(Broker.IVOID + "#TestEvent-"), said);
            assertTrue(said.contains("2 connected, 1 acknowledged it. 1 was not sent it"), said);
            assertTrue(said.endsWith("Handlers: 1 of 1 has done with it.\nAll went well.\n"), said);
            try (Stream<Path> files = Files.walk(saved)) {
                assertArrayEquals(event.get(), Files.readAllBytes(files.filter(file -> file.toString().endsWith(".xml")).findFirst().orElseThrow()));
            }
            String silent = refused(broker, "test-event", "--wait=1");
            assertTrue(silent.contains("! The subscriber 127.0.0.1:" + subscriber.localPort() + " has not acknowledged it."), silent);

            Files.writeString(broker.base.resolve("etc/org.bolide.rules.accept~no-tests.cfg.json"),
                    "{ \"action\": \"deny\", \"roles\": [\"test\"], \"reason\": \"no tests here\" }");
            broker.awaitLog("the accept rule \"no-tests\" is in force");
            assertTrue(refused(broker, "test-event").contains("The test event was refused: refused by rule \"no-tests\": no tests here."));

            Files.write(directory.resolve("an event.xml"), SampleEvents.swift());
            String sent = done(broker, "send", "an event.xml", "an event.xml");
            assertTrue(sent.contains("accepted as 3") && sent.endsWith("2 events: 1 accepted, 1 duplicate, 0 refused.\n"), sent);
            Product.Result piped = bolide(broker, "no event", "send", "-");
            assertEquals(1, piped.exit(), piped.toString());
        }
    }

    private static byte[] acknowledged(VtpPeer subscriber) {
        try {
            return subscriber.takeEvent();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldLetUsersInBySshAsFarAsTheirRolesGo() throws Exception {
        int port = Product.freePort();
        try (Broker broker = new Broker(directory); SshClient client = SshClient.setUpDefaultClient()) {
            Product.Result added = bolide(broker, PASSWORD + "\n", "user", "add", "--role=admin", "anna");
            assertEquals(0, added.exit(), added.toString());
            assertTrue(added.err().contains("no broker runs in "), added.toString());
            Path users = broker.base.resolve("etc/users.properties");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(users)));
            assertFalse(Files.readString(users).contains(PASSWORD));
            assertFalse(Files.exists(Product.HOME.resolve("etc/users.properties")), "the product brings no user");

            broker.startBoth("--ssh", "--ssh-port=" + port);
            broker.awaitListening(port);
            assertEquals(0, bolide(broker, PASSWORD, "user", "add", "carl").exit());
            client.setServerKeyVerifier((session, address, key) -> true);
            client.start();
            try (ClientSession anna = login(client, port, "anna", PASSWORD)) {
                assertTrue(run(anna, "status").contains(Broker.IVOID));
                assertTrue(run(anna, "test-event --wait=1").contains("All went well."));
                assertTrue(run(anna, "bolide:user list").contains("carl  viewer"));
            }
            try (ClientSession carl = login(client, port, "carl", PASSWORD)) {
                assertTrue(run(carl, "handlers list").contains("No handler runs."));
                assertTrue(run(carl, "test-event").contains("carl, you may look, and no more"));
            }
            assertThrows(SshException.class, () -> login(client, port, "anna", "wrong horse"));
            assertThrows(SshException.class, () -> login(client, port, "karaf", "karaf"));
            assertThrows(IOException.class, () -> new Socket().connect(new InetSocketAddress("127.0.0.2", port), 1000), "another address");
            done(broker, "user", "remove", "carl");
            assertThrows(SshException.class, () -> login(client, port, "carl", PASSWORD));
            Path key = broker.base.resolve("etc/ssh/host_key");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
            assertTrue(broker.log("audit: anna \\(ssh\\): test-event").size() == 1);
            assertTrue(broker.log(PASSWORD).isEmpty());
        }
    }

    private static ClientSession login(SshClient client, int port, String user, String password) throws IOException {
        ClientSession session = client.connect(user, "127.0.0.1", port).verify(PATIENCE).getSession();
        session.addPasswordIdentity(password);
        session.auth().verify(PATIENCE);
        return session;
    }

    /** What a command writes to both of its outputs. */
    private static String run(ClientSession session, String command) throws IOException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (ChannelExec channel = session.createExecChannel(command)) {
            channel.setIn(new ByteArrayInputStream(new byte[0]));
            channel.setOut(said);
            channel.setErr(said);
            channel.open().verify(PATIENCE);
            assertTrue(channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), PATIENCE).contains(ClientChannelEvent.CLOSED), command);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
