package org.bolide.transport;

import java.io.IOException;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Endpoint;
import org.bolide.api.management.Connections.Role;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an operator sees of those who have gone, and can close. */
class ClosingTest {

    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), new Languages());
    private final MemoryBroker broker = new MemoryBroker();
    private Receiver receiver;
    private Broadcaster broadcaster;

    @AfterEach
    void close() {
        if (receiver != null) {
            receiver.close();
        }
        if (broadcaster != null) {
            broadcaster.close();
        }
        node.close();
        broker.close();
    }

    private Connections receive(Object... settings) throws IOException {
        receiver = new Receiver(new Instance("receiver.public", "etc/r.cfg.json"), Configs.of(ReceiverConfig.class, values(settings)), node, broker,
                new Peers(address -> false));
        return receiver.connections();
    }

    private Connections broadcast(Object... settings) throws IOException {
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"), Configs.of(BroadcasterConfig.class, values(settings)), node,
                broker, broker, null);
        return broadcaster.connections();
    }

    private static Map<String, Object> values(Object... settings) {
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0));
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        return values;
    }

    private static byte[] event(String id) {
        return SampleEvents.event("ivo://test.author/x#" + id).bytes();
    }

    private static Departure gone(Connections connections) {
        await().until(() -> !connections.departures().isEmpty());
        return connections.departures().get(0);
    }

    @Test
    void shouldSayWhereItListens() throws Exception {
        assertEquals(new Endpoint("receiver.public", Role.AUTHOR, "127.0.0.1:" + receive().endpoint().address().split(":")[1], "ivo://test.broker/local"),
                receiver.connections().endpoint());
        assertEquals("127.0.0.1:" + receiver.port(), receiver.connections().endpoint().address());
        assertEquals(Role.SUBSCRIBER, broadcast("address", "").endpoint().peers());
        assertEquals("*:" + broadcaster.port(), broadcaster.connections().endpoint().address());
    }

    @Test
    void shouldCloseOneConnectionByItsPort() throws Exception {
        Connections shown = broadcast();
        try (VtpPeer goes = VtpPeer.subscribe(broadcaster.port()); VtpPeer stays = VtpPeer.subscribe(broadcaster.port());
                CapturedLog log = new CapturedLog()) {
            assertEquals(0, shown.close("127.0.0.1:1", "nobody"));
            assertEquals(1, shown.close("127.0.0.1:" + goes.localPort(), "it floods us\nforged line"));
            assertTrue(goes.closes());
            broker.append(event("1"));
            stays.takeEvent();
            Departure departure = gone(shown);
            assertEquals("127.0.0.1:" + goes.localPort(), departure.address());
            assertFalse(departure.wanted());
            assertTrue(departure.reason().contains("operator closed the connection: it floods us forged line"), departure.reason());
            List<String> said = log.lines().stream().filter(line -> line.contains("closed by the operator")).toList();
            assertEquals(1, said.size(), log.text());
            assertTrue(said.get(0).contains("broadcaster.public: closed by the operator, 1 connections of 127.0.0.1:" + goes.localPort()), said.get(0));
        }
    }

    @Test
    void shouldCloseAllConnectionsOfAnAddress() throws Exception {
        Connections shown = broadcast();
        try (VtpPeer one = VtpPeer.subscribe(broadcaster.port()); VtpPeer two = VtpPeer.subscribe(broadcaster.port())) {
            assertEquals(0, shown.close("127.0.0.2", "maintenance"));
            assertEquals(2, shown.close("127.0.0.1", "maintenance"));
            assertTrue(one.closes() && two.closes());
        }
    }

    @Test
    void shouldCloseASubscriberByItsName() throws Exception {
        Connections shown = broadcast();
        try (VtpPeer named = VtpPeer.subscribe(broadcaster.port())) {
            named.ask("subscriber", "archive");
            assertTrue(named.readText().contains("you are 'archive' here"));
            assertEquals(0, shown.close("other", ""));
            assertEquals(1, shown.close("archive", ""));
            assertTrue(named.closes());
            assertEquals(Optional.of("archive"), gone(shown).name());
        }
    }

    @Test
    void shouldSayWhoHasEndedItself() throws Exception {
        Connections shown = broadcast();
        VtpPeer.subscribe(broadcaster.port()).close();
        assertTrue(gone(shown).wanted(), gone(shown).toString());
        assertEquals(Role.SUBSCRIBER, gone(shown).role());
    }

    @Test
    void shouldSayWhoseConnectionBroke() throws Exception {
        Connections shown = broadcast();
        try (Socket socket = new Socket("127.0.0.1", broadcaster.port())) {
            await().until(() -> shown.connections().size() == 1);
            socket.setSoLinger(true, 0); // a reset instead of an end
        }
        assertFalse(gone(shown).wanted());
        assertTrue(gone(shown).reason().contains("was lost"), gone(shown).reason());
    }

    @Test
    void shouldSayWhyItCutASubscriber() throws Exception {
        Connections shown = broadcast("maxUnsettled", 1);
        try (VtpPeer subscriber = VtpPeer.subscribe(broadcaster.port())) {
            broker.append(event("1"));
            broker.append(event("2"));
            subscriber.read();
            subscriber.read();
            assertTrue(subscriber.closes());
            assertFalse(gone(shown).wanted());
            assertTrue(gone(shown).reason().contains("maxUnsettled"), gone(shown).reason());
        }
    }

    @Test
    void shouldSayWhomItDidNotLetInAndHowOften() throws Exception {
        Connections shown = receive("allow", new String[] {"192.0.2.0/24"});
        for (int i = 0; i < 3; i++) {
            try (VtpPeer author = VtpPeer.connect(receiver.port())) {
                assertTrue(author.closes());
            }
        }
        await().until(() -> gone(shown).reason().contains("3 times"));
        assertEquals(1, shown.departures().size());
        assertTrue(gone(shown).reason().contains("allow-list (192.0.2.0/24)"), gone(shown).reason());
    }

    @Test
    void shouldSayWhatBecameOfAnAuthor() throws Exception {
        Connections shown = receive("closeAfterMillis", 0);
        try (VtpPeer author = VtpPeer.connect(receiver.port())) {
            author.send(event("1")).readText();
            assertTrue(author.closes());
        }
        assertTrue(gone(shown).reason().contains("was answered"), gone(shown).reason());
        try (VtpPeer browser = VtpPeer.connect(receiver.port())) {
            browser.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertTrue(browser.readText().contains("nak"));
        }
        await().until(() -> gone(shown).reason().contains("HTTP"));
    }

    @Test
    void shouldCountWhatAnAuthorBrought() throws Exception {
        Connections shown = receive();
        try (VtpPeer author = VtpPeer.connect(receiver.port())) {
            for (String id : List.of("1", "2", "1")) {
                author.send(event(id)).readText();
            }
            author.send("<VOEvent>").readText();
            assertEquals(List.of(2L, 1L, 1L), List.of(shown.connections().get(0).events(), shown.connections().get(0).duplicates(),
                    shown.connections().get(0).refused()));
        }
    }

    @Test
    void shouldSayWhenASubscriberLastAcknowledged() throws Exception {
        Connections shown = broadcast();
        try (VtpPeer subscriber = VtpPeer.subscribe(broadcaster.port())) {
            assertEquals(Optional.empty(), shown.connections().get(0).reader().get().lastAcknowledged());
            broker.append(event("1"));
            subscriber.takeEvent();
            await().until(() -> shown.connections().get(0).reader().get().lastAcknowledged().isPresent());
        }
    }
}
