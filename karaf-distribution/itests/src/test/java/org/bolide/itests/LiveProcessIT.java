package org.bolide.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * An operator edits the files in {@code etc} while the broker runs: good edits apply at once and touch nothing else, bad ones change nothing.
 * A subscriber of another listener is connected all the time and misses nothing.
 */
class LiveProcessIT {
    private static final String RECEIVER = "org.bolide.transport.receiver~";
    private static final String BROADCASTER = "org.bolide.transport.broadcaster~";
    private static final String IN_FORCE = "refused; what was in force stays in force";

    @TempDir
    static Path directory;
    private static Broker broker;
    private static Path etc;
    private static VtpPeer witness;
    private static int submitted;

    /** The edited listener. */
    private final int port = Product.freePort();
    private final List<byte[]> expected = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(directory);
        etc = Files.createDirectories(broker.base.resolve("etc"));
        write("org.bolide.transport.cfg", "localIvoid = " + Broker.IVOID + "\n");
        write(RECEIVER + "main.cfg.json", "{ \"port\": " + broker.receivePort + " }");
        write(BROADCASTER + "main.cfg.json", "{ \"port\": " + broker.broadcastPort + ", \"testIntervalSeconds\": 0 }");
        broker.start();
        broker.awaitListening(broker.receivePort);
        broker.awaitListening(broker.broadcastPort);
        witness = VtpPeer.subscribe(broker.broadcastPort);
    }

    @AfterAll
    static void stop() throws IOException {
        witness.close();
        broker.close();
    }

    @BeforeEach
    void submitBefore() throws IOException {
        submit();
    }

    @AfterEach
    void seeThatNothingElseWasTouched() throws IOException {
        submit();
        for (byte[] event : expected) {
            assertArrayEquals(event, witness.takeEvent(), "on a connection that has stood all the time");
        }
    }

    @Test
    void shouldDropThoseWhoAreNoLongerAllowedAndNobodyElse() throws IOException {
        String file = BROADCASTER + "allow.cfg.json";
        write(file, broadcaster(""));
        broker.awaitListening(port);
        try (VtpPeer stays = subscribe("127.0.0.1"); VtpPeer goes = subscribe("127.0.0.2")) {
            write(file, broadcaster(", \"allow\": [\"127.0.0.1\", \"192.0.2.0/24\"]"));
            assertTrue(goes.closes());
            byte[] event = submit();
            assertArrayEquals(event, stays.takeEvent());
            assertThrows(IOException.class, () -> subscribe("127.0.0.2"));
            // What has a mistake leaves all that as it is.
            write(file, broadcaster(", \"allow\": [\"127.0.0.1\", \"127.0.0.2/33\"]"));
            broker.awaitLog("ERROR.*" + file + ", key allow: '127.0.0.2/33' is no network.*" + IN_FORCE);
            byte[] next = submit();
            assertArrayEquals(next, stays.takeEvent());
            assertThrows(IOException.class, () -> subscribe("127.0.0.2"));
        }
    }

    @Test
    void shouldOpenAndCloseAListenerWithItsFile() throws IOException {
        write(RECEIVER + "second.cfg.json", "{ \"port\": " + port + ", \"timeoutSeconds\": 600 }");
        broker.awaitListening(port);
        try (VtpPeer author = VtpPeer.connect(port)) {
            Files.delete(etc.resolve(RECEIVER + "second.cfg.json"));
            awaitClosed(port);
            assertTrue(author.closes());
        }
        assertEquals(1, broker.log("receiver.second: authors may submit").size());
    }

    @Test
    void shouldMoveAListenerAndLeaveItsConnections() throws IOException {
        String file = BROADCASTER + "moving.cfg.json";
        write(file, broadcaster(""));
        broker.awaitListening(port);
        int other = Product.freePort();
        try (VtpPeer subscriber = subscribe("127.0.0.1")) {
            write(file, broadcaster("").replace("" + port, "" + other));
            broker.awaitListening(other);
            awaitClosed(port);
            byte[] event = submit();
            assertArrayEquals(event, subscriber.takeEvent());
            // To a port that is taken it does not move.
            write(file, broadcaster("").replace("" + port, "" + broker.receivePort));
            broker.awaitLog("ERROR.*Port " + broker.receivePort + " at all addresses cannot be opened.*" + file + ".*" + IN_FORCE);
            try (VtpPeer late = VtpPeer.subscribe(other)) {
                byte[] next = submit();
                assertArrayEquals(next, late.takeEvent());
                assertArrayEquals(next, subscriber.takeEvent());
            }
        }
    }

    @Test
    void shouldChangeHowLongEventsAreKept() throws IOException {
        write("org.bolide.eventstore.cfg", "keepDays = 7\n");
        broker.awaitLog("The event log in .* now keeps events and dead letters 7 days");
    }

    @Test
    void shouldRefuseABadEditAndSayWhatIsAllowed() throws IOException {
        String[] names = {"key", "value", "form", "name"};
        for (String name : names) {
            write(RECEIVER + name + ".cfg.json", "{ \"port\": 0, \"maxEventBytes\": 2048 }");
        }
        for (String name : names) {
            broker.awaitLog("receiver." + name + ": authors may submit");
        }
        write(RECEIVER + "key.cfg.json", "{ \"port\": 0, \"maxEventByte\": 4096 }");
        write(RECEIVER + "value.cfg.json", "{ \"port\": 70000, \"maxEventBytes\": 4096 }");
        write(RECEIVER + "form.cfg.json", "{ \"port\": 0, \"maxEventBytes\": ");
        write("org.bolide.transport.recever~name.cfg.json", "{ \"port\": 0 }");
        write("org.bolide.transport.cfg", "localIvoid = not an identifier\n");
        broker.awaitLog("ERROR.*" + RECEIVER + "key.cfg.json: unknown key \"maxEventByte\". Did you mean \"maxEventBytes\"\\? .*" + IN_FORCE);
        broker.awaitLog("ERROR.*" + RECEIVER + "value.cfg.json: \"port\" must be a whole number from 0 to 65535, not \"70000\" .*" + IN_FORCE);
        broker.awaitLog("ERROR.*" + RECEIVER + "form.cfg.json: is not JSON: .* line 1 .*" + IN_FORCE);
        broker.awaitLog("ERROR.*recever~name.cfg.json: .*Did you mean org.bolide.transport.receiver\\?");
        broker.awaitLog("ERROR.*org.bolide.transport.cfg, key localIvoid.*'not an identifier'.*" + IN_FORCE);
        assertEquals(List.of(), broker.log("receiver.(key|value|form|name): (new settings|closed)"));
        write("org.bolide.transport.cfg", "localIvoid = " + Broker.IVOID + "\n");
        write(RECEIVER + "form.cfg.json", "{ \"port\": 0, \"maxEventBytes\": 4096 }");
        broker.awaitLog("receiver.form: new settings are in force");
    }

    @Test
    void shouldStartWhatHadFailedOnceItsFileIsRight() throws IOException {
        ServerSocket saved = new ServerSocket(0);
        try (ServerSocket corrected = new ServerSocket(0)) {
            write(RECEIVER + "corrected.cfg.json", "{ \"port\": " + corrected.getLocalPort() + " }");
            write(RECEIVER + "saved.cfg.json", "{ \"port\": " + saved.getLocalPort() + " }");
            write(RECEIVER + "network.cfg.json", "{ \"port\": 0, \"allow\": [\"localhost\"] }");
            for (String name : List.of("corrected", "saved", "network")) {
                String said = broker.awaitLog("ERROR.*\\[launcher.*" + RECEIVER + name);
                assertTrue(said.contains("does not run; correct the file, or save it again when the cause is gone"), said);
            }
            write(RECEIVER + "corrected.cfg.json", "{ \"port\": " + port + " }");
            saved.close();
            write(RECEIVER + "saved.cfg.json", "{ \"port\": " + saved.getLocalPort() + " } // the port is free now");
            write(RECEIVER + "network.cfg.json", "{ \"port\": 0, \"allow\": [\"127.0.0.1\"] }");
            broker.awaitListening(port);
            broker.awaitListening(saved.getLocalPort());
            broker.awaitLog("receiver.network: authors may submit .* allowed: 127.0.0.1");
        }
    }

    private String broadcaster(String more) {
        return "{ \"port\": " + port + ", \"testIntervalSeconds\": 0" + more + " }";
    }

    /** Submits an event that the witness must get. */
    private byte[] submit() throws IOException {
        byte[] event = SampleEvents.event("ivo://test.author/live#" + ++submitted).bytes();
        String answer = RelayProcessIT.submit(broker.receivePort, event);
        assertTrue(answer.contains("role=\"ack\""), answer);
        expected.add(event);
        return event;
    }

    /** Subscribes to the edited listener from an address of this machine, and reads the greeting. */
    private VtpPeer subscribe(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        VtpPeer peer = new VtpPeer(socket);
        try {
            assertTrue(peer.readText().contains("role=\"authenticate\""));
            return peer;
        } catch (IOException e) {
            peer.close();
            throw e;
        }
    }

    private static void awaitClosed(int port) {
        await("nobody listens at " + port).atMost(20, SECONDS).until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }

    /** Saves a file as careful editors do: in one step. */
    private static void write(String name, String content) throws IOException {
        Path partial = Files.writeString(directory.resolve("partial"), content);
        Files.move(partial, etc.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        assertFalse(Files.exists(partial));
    }
}
