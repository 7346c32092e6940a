package org.bolide.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import org.bolide.api.KeptState;
import org.bolide.api.management.Bans.Ban;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BansTest {

    private static final Optional<Instant> FOR_EVER = Optional.empty();

    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), new Languages());
    private final MemoryBroker broker = new MemoryBroker();
    private final BanKeeper bans = new BanKeeper(node, broker);
    private Broadcaster broadcaster;
    private Receiver receiver;

    @AfterEach
    void close() {
        if (broadcaster != null) {
            broadcaster.close();
        }
        if (receiver != null) {
            receiver.close();
        }
        node.close();
        broker.close();
    }

    private int broadcast() throws IOException {
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"),
                Configs.of(BroadcasterConfig.class, Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0)), node, broker, broker, null);
        return broadcaster.port();
    }

    private int receive() throws IOException {
        receiver = new Receiver(new Instance("receiver.public", "etc/r.cfg.json"), Configs.of(ReceiverConfig.class, Map.of("port", 0)), node, broker);
        return receiver.port();
    }

    private static InetAddress address(String text) throws IOException {
        return InetAddress.getByName(text);
    }

    @Test
    void shouldKeepANetworkOutAtEveryListener() throws Exception {
        int subscribers = broadcast();
        int authors = receive();
        bans.ban("127.0.0.0/8", FOR_EVER, "floods us");
        try (VtpPeer subscriber = VtpPeer.connect(subscribers); VtpPeer author = VtpPeer.connect(authors)) {
            assertTrue(subscriber.closes());
            assertTrue(author.closes());
        }
        assertEquals(2, bans.bans().get(0).refused());
        assertEquals(1, broadcaster.counters().of("refused.banned").sum());
        assertEquals(1, receiver.counters().of("refused.banned").sum());
        assertTrue(receiver.connections().departures().get(0).reason().contains("127.0.0.0/8 is banned: floods us"));
    }

    @Test
    void shouldCloseTheConnectionsThatStand() throws Exception {
        int port = broadcast();
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            assertEquals(0, bans.ban("192.0.2.0/24", FOR_EVER, ""));
            broker.append(SampleEvents.event("ivo://test.author/x#1").bytes());
            subscriber.takeEvent();
            assertEquals(1, bans.ban("127.0.0.1", FOR_EVER, ""));
            assertTrue(subscriber.closes());
        }
        await().until(() -> !broadcaster.connections().departures().isEmpty());
        assertFalse(broadcaster.connections().departures().get(0).wanted());
    }

    @Test
    void shouldLetANetworkInAgain() throws Exception {
        int port = broadcast();
        bans.ban("127.0.0.1", FOR_EVER, "");
        assertFalse(bans.lift("127.0.0.2"));
        assertTrue(bans.lift("127.0.0.1/32"));
        assertFalse(bans.lift("127.0.0.1"));
        VtpPeer.subscribe(port).close();
        assertEquals(Map.of(), broker.read("ban"));
    }

    @Test
    void shouldEndABanByItself() throws Exception {
        int port = broadcast();
        bans.ban("127.0.0.1", Optional.of(Instant.now().plusMillis(300)), "");
        assertEquals(1, bans.bans().size());
        await().until(() -> bans.bans().isEmpty());
        VtpPeer.subscribe(port).close();
        assertFalse(bans.lift("127.0.0.1"));
        bans.ban("192.0.2.7", FOR_EVER, "");
        assertEquals(List.of("192.0.2.7/32"), List.copyOf(broker.read("ban").keySet()));
        assertThrows(IllegalArgumentException.class, () -> bans.ban("192.0.2.8", Optional.of(Instant.now().minusSeconds(1)), ""));
    }

    @Test
    void shouldBeInForceAgainAfterARestart() throws Exception {
        Instant until = Instant.now().plus(Duration.ofDays(1));
        bans.ban("192.0.2.99/24", Optional.of(until), "two words\nand a line");
        bans.ban("2001:db8::/32", FOR_EVER, "");
        broker.write("ban", Map.of("198.51.100.1/32", Optional.of("2020-01-01T00:00:00Z 2020-01-02T00:00:00Z over"), "nonsense", Optional.of("x")));
        try (Node later = new Node(null, new Languages()); CapturedLog log = new CapturedLog()) {
            BanKeeper read = new BanKeeper(later, broker);
            List<Ban> kept = read.bans();
            assertEquals(List.of("192.0.2.0/24", "2001:db8:0:0:0:0:0:0/32"), kept.stream().map(Ban::network).sorted().toList());
            Ban ban = kept.stream().filter(one -> one.network().startsWith("192")).findFirst().orElseThrow();
            assertEquals(Optional.of(until), ban.until());
            assertEquals("two words and a line", ban.reason());
            assertTrue(later.bans().of(address("192.0.2.7")).isPresent());
            assertTrue(later.bans().of(address("2001:db8::1")).isPresent());
            assertTrue(later.bans().of(address("192.0.3.7")).isEmpty());
            assertTrue(later.bans().of(address("198.51.100.1")).isEmpty());
            assertTrue(log.text().contains("'nonsense'"), log.text());
        }
    }

    @Test
    void shouldReplaceABanOfTheSameNetwork() {
        bans.ban("192.0.2.7", FOR_EVER, "first");
        bans.ban("192.0.2.7/255.255.255.255", FOR_EVER, "second");
        assertEquals(List.of("second"), bans.bans().stream().map(Ban::reason).toList());
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.7/32", "192.0.2.7/24, 192.0.2.0/24", "192.0.2.7/255.255.0.0, 192.0.0.0/16", "::ffff:192.0.2.7, 192.0.2.7/32",
        "::ffff:192.0.2.7/120, 192.0.2.0/24", "2001:db8::7/64, 2001:db8:0:0:0:0:0:0/64", "::1, 0:0:0:0:0:0:0:1/128"})
    void shouldWriteTheSameNetworkInTheSameWay(String text, String network) {
        assertEquals(network, BanList.canonical(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "example.org", "192.0.2.7/33", "192.0.2.7,192.0.2.8"})
    void shouldRefuseWhatIsNoNetwork(String text) {
        assertThrows(IllegalArgumentException.class, () -> bans.ban(text, FOR_EVER, ""));
        assertThrows(IllegalArgumentException.class, () -> bans.lift(text));
        assertEquals(List.of(), bans.bans());
    }

    @Test
    void shouldChangeNothingThatCannotBeKept() {
        try (Node other = new Node(null, new Languages())) {
            BanKeeper keeper = new BanKeeper(other, new KeptState() {

                @Override
                public SortedMap<String, String> read(String kind) {
                    return broker.read(kind);
                }

                @Override
                public void write(String kind, Map<String, Optional<String>> changes) {
                    throw new UncheckedIOException(new IOException("disk full"));
                }
            });
            assertThrows(UncheckedIOException.class, () -> keeper.ban("192.0.2.7", FOR_EVER, ""));
            assertEquals(List.of(), keeper.bans());
        }
    }
}
