package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.bolide.api.Receipt;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Gaps.Gap;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A subscription that has a remote Bolide remember it: against a scripted one, and against the real one. */
class RememberedTest {

    private static final String KSK = "//Author[contactName='KSK']";
    private static final String LOCAL = "ivo://test.broker/downstream";
    private static final String REMOTE = "ivo://test.broker/upstream";

    private final Languages languages = new Languages();
    private final Node node = new Node(Ivoid.parse(LOCAL), languages);
    private final Node remoteNode = new Node(Ivoid.parse(REMOTE), languages);
    private final MemoryBroker local = new MemoryBroker();
    private final MemoryBroker remote = new MemoryBroker();
    private final Map<String, Object> settings = new HashMap<>(Map.of("host", "127.0.0.1", "reconnectMaxSeconds", 1));
    private ServerSocket scripted;
    private Broadcaster broadcaster;
    private Subscription subscription;

    @BeforeEach
    void listen() throws IOException {
        languages.put("xpath", new JdkXPath());
        scripted = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        scripted.setSoTimeout((int) VtpPeer.TIMEOUT.toMillis());
    }

    @AfterEach
    void close() throws IOException {
        if (subscription != null) {
            subscription.close();
        }
        if (broadcaster != null) {
            broadcaster.close();
        }
        node.close();
        remoteNode.close();
        local.close();
        remote.close();
        scripted.close();
    }

    private void subscribe(int port, Object... more) {
        settings.put("port", port);
        for (int i = 0; i < more.length; i += 2) {
            settings.put((String) more[i], more[i + 1]);
        }
        subscription = new Subscription(new Instance("subscription.north", "etc/s.cfg.json"), Configs.of(SubscriptionConfig.class, settings), node, local, local);
        local.validate(subscription);
        subscription.open();
    }

    private VtpPeer accept() throws IOException {
        return new VtpPeer(scripted.accept());
    }

    private static void greet(VtpPeer peer) throws IOException {
        peer.send(VtpPeer.transport("authenticate", REMOTE, "<Meta><Param name=\"bolide-sequence\" value=\"7\"/></Meta>"));
    }

    private TransportMessage read(VtpPeer peer) throws Exception {
        return node.reader().read(peer.read()).orElseThrow();
    }

    private void broadcast(int port) throws IOException {
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"),
                Configs.of(BroadcasterConfig.class, Map.of("port", port, "address", "127.0.0.1", "testIntervalSeconds", 0)), remoteNode, remote, remote, null);
    }

    private void append(int from, int to) {
        for (int i = from; i <= to; i++) {
            remote.append(SampleEvents.event("ivo://test.author/x#" + i).contactName(i % 2 == 0 ? "KSK" : "other").bytes());
        }
    }

    private void awaitNamed() {
        await().until(() -> shown().reader().get().name().isPresent() && broadcaster.connections().connections().stream().anyMatch(peer -> peer.reader().get().name().isPresent())
                && !remote.places("").isEmpty());
    }

    private Connection shown() {
        return subscription.connections().get(0);
    }

    @Test
    void shouldAskABolideToBeRememberedTogetherWithTheFilters() throws Exception {
        subscribe(scripted.getLocalPort(), "filters", new String[] {KSK});
        try (VtpPeer peer = accept()) {
            greet(peer);
            TransportMessage request = read(peer);
            assertEquals(Optional.of("north"), request.extension("subscriber"));
            assertEquals(Optional.of(LOCAL), request.response());
            assertEquals(KSK, request.filters().get(0).text());
            assertEquals(Optional.of(7L), shown().reader().get().place());
            assertEquals(Optional.of("north"), shown().reader().get().name());
        }
    }

    @Test
    void shouldAskNoOtherBroker() throws Exception {
        subscribe(scripted.getLocalPort());
        try (VtpPeer peer = accept()) {
            peer.send(VtpPeer.transport("authenticate", REMOTE, ""));
            assertEquals(Map.of(), read(peer).extensions());
            assertEquals(Optional.empty(), shown().reader().get().place());
        }
    }

    @Test
    void shouldNotAskWhereThatIsSet() throws Exception {
        subscribe(scripted.getLocalPort(), "remembered", false);
        try (VtpPeer peer = accept()) {
            greet(peer);
            assertEquals(Map.of(), read(peer).extensions());
        }
    }

    @Test
    void shouldGoOnWithoutANameThatIsRefused() throws Exception {
        subscribe(scripted.getLocalPort(), "filters", new String[] {KSK});
        try (CapturedLog log = new CapturedLog()) {
            try (VtpPeer peer = accept()) {
                greet(peer);
                read(peer);
                peer.send(VtpPeer.transport("nak", REMOTE, "<Meta><Param name=\"subscriber\" value=\"north\"/><Result>no room</Result></Meta>"));
                TransportMessage request = read(peer);
                assertEquals(Map.of(), request.extensions());
                assertEquals(KSK, request.filters().get(0).text());
                assertTrue(log.text().contains("WARN") && log.text().contains("no room"), log.text());
            }
            try (VtpPeer peer = accept()) {
                greet(peer);
                assertEquals(Map.of(), read(peer).extensions());
            }
        }
    }

    @Test
    void shouldMakeANameOfAnyText() {
        assertEquals("127.0.0.1-8099", NameThere.of("127.0.0.1-8099"));
        assertTrue(NameThere.of("süd").matches("s_d~[0-9a-f]+"));
        assertTrue(NameThere.of("x".repeat(65)).length() <= 64);
    }

    @Test
    void shouldMissNothingWhileTheConnectionIsDown() throws Exception {
        broadcast(0);
        int port = broadcaster.port();
        append(1, 1); // before the first connection
        subscribe(port);
        awaitNamed();
        for (int round = 0; round < 5; round++) {
            append(2 + 20 * round, 11 + 20 * round);
            int sent = round;
            await().until(() -> local.latest() >= 1 + 20 * sent);
            broadcaster.close();
            append(12 + 20 * round, 21 + 20 * round);
            if (round == 4) {
                await().until(() -> !subscription.gaps().gaps().isEmpty()); // at least 2 s
            }
            broadcast(port);
        }
        await().until(() -> local.latest() == 100);
        await().until(() -> last(subscription.gaps().gaps()).missed().equals(OptionalLong.of(0)));
        assertEquals(List.of("ivo://test.author/x#2", "ivo://test.author/x#101"),
                List.of(local.events().get(0).header().identifier().get(), local.events().get(99).header().identifier().get()));
    }

    private static Gap last(List<Gap> gaps) {
        return gaps.get(gaps.size() - 1);
    }

    @Test
    void shouldTellHowManyAreGone() throws Exception {
        broadcast(0);
        int port = broadcaster.port();
        subscribe(port);
        awaitNamed();
        append(1, 5);
        await().until(() -> local.latest() == 5);
        broadcaster.close();
        append(6, 20);
        remote.expire(18);
        broadcast(port);
        await().until(() -> local.latest() == 7);
        await().until(() -> !subscription.gaps().gaps().isEmpty() && last(subscription.gaps().gaps()).missed().equals(OptionalLong.of(13)));
        assertEquals(13, subscription.counters().of("missed").sum());
    }

    @Test
    void shouldNotKnowWhatIsGoneWhereItIsNotRemembered() throws Exception {
        broadcast(0);
        int port = broadcaster.port();
        subscribe(port, "remembered", false);
        await().until(() -> shown().lastHeard().isPresent());
        broadcaster.close();
        await().until(() -> !subscription.gaps().gaps().isEmpty());
        broadcast(port);
        await().until(() -> last(subscription.gaps().gaps()).until().isPresent());
        append(1, 1);
        await().until(() -> local.latest() == 1);
        assertEquals(OptionalLong.empty(), last(subscription.gaps().gaps()).missed());
    }

    @Test
    void shouldMissNothingThatItCouldNotTake() throws Exception {
        broadcast(0);
        subscribe(broadcaster.port());
        awaitNamed();
        local.answer(submission -> Optional.of(new Receipt(Receipt.Status.UNAVAILABLE, 0, Optional.empty(), "full")));
        append(1, 10);
        await().until(() -> subscription.counters().of("events.unavailable").sum() > 1);
        local.available();
        append(11, 20);
        await().until(() -> local.latest() == 20);
    }

    @Test
    void shouldMissNothingWhenTheNetworkBreaksUnnoticed() throws Exception {
        broadcast(0);
        try (Network network = new Network(broadcaster.port())) {
            subscribe(network.port(), "idleSeconds", 1);
            awaitNamed();
            for (int round = 0; round < 3; round++) {
                append(1 + 20 * round, 10 + 20 * round);
                int sent = round;
                await().until(() -> local.latest() == 10 + 20 * sent);
                network.swallow();
                append(11 + 20 * round, 20 + 20 * round);
                await().until(() -> local.latest() == 20 + 20 * sent);
            }
        }
        assertTrue(broadcaster.counters().of("cut.taken-over").sum() >= 3);
    }

    /** Passes bytes on, until it keeps those of the connections that stand: neither end is told. */
    private static final class Network implements AutoCloseable {

        private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> sockets = new CopyOnWriteArrayList<>();
        private final AtomicInteger broken = new AtomicInteger();

        Network(int to) throws IOException {
            thread(() -> {
                while (true) {
                    Socket near = entrance.accept();
                    Socket far = new Socket("127.0.0.1", to);
                    sockets.add(near);
                    sockets.add(far);
                    int now = broken.get();
                    thread(() -> pass(near, far, now));
                    thread(() -> pass(far, near, now));
                }
            });
        }

        private interface Task {

            void run() throws IOException;
        }

        private static void thread(Task task) {
            Thread thread = new Thread(() -> {
                try {
                    task.run();
                } catch (IOException e) {
                    System.out.println("a connection through the network has ended: " + e.getMessage());
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        private void pass(Socket from, Socket to, int since) throws IOException {
            byte[] bytes = new byte[4096];
            int count = from.getInputStream().read(bytes);
            while (count > 0) {
                if (broken.get() == since) {
                    to.getOutputStream().write(bytes, 0, count);
                }
                count = from.getInputStream().read(bytes);
            }
            if (broken.get() == since) {
                to.close();
            }
        }

        void swallow() {
            broken.incrementAndGet();
        }

        int port() {
            return entrance.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            entrance.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void shouldBeSentWhatPassesTheFiltersOnly() throws Exception {
        broadcast(0);
        subscribe(broadcaster.port(), "filters", new String[] {KSK});
        awaitNamed();
        int port = broadcaster.port();
        broadcaster.close();
        append(1, 10);
        broadcast(port);
        await().until(() -> local.latest() == 5);
        assertEquals(0, subscription.counters().of("filtered-locally").sum());
    }

    @Test
    void shouldGiveWayToAnotherBrokerOfTheSameNameWithoutAQuarrel() throws Exception {
        broadcast(0);
        subscribe(broadcaster.port());
        awaitNamed();
        try (CapturedLog log = new CapturedLog(); VtpPeer other = VtpPeer.subscribe(broadcaster.port())) {
            other.send(VtpPeer.transport("authenticate", REMOTE, "<Meta><Param name=\"subscriber\" value=\"north\"/></Meta>")
                    .replaceAll("<Response>.*</Response>", "<Response>" + LOCAL + "</Response>"));
            await().until(() -> log.text().contains("give it an identifier of its own"));
            await().until(() -> subscription.counters().of("connects").sum() == 2 && shown().connected());
            await().until(() -> broadcaster.connections().connections().size() == 2);
            append(1, 1);
            await().until(() -> local.latest() == 1);
            assertEquals(Optional.empty(), shown().reader().get().name());
        }
    }
}
