package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Role;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReceiverTest {

    private static final Ivoid LOCAL = Ivoid.parse("ivo://test.broker/local");
    private static final Instance INSTANCE = new Instance("receiver.public", "etc/org.bolide.transport.receiver~public.cfg.json");
    private static final int LIMIT = 20_000;

    private final Node node = new Node(LOCAL, new Languages());
    private final MemoryBroker broker = new MemoryBroker();
    private Receiver receiver;

    @AfterEach
    void close() {
        if (receiver != null) {
            receiver.close();
        }
        broker.close();
        node.close();
    }

    private int start(Object... settings) throws IOException {
        return start(new Peers(address -> false), settings); // so that the bounds of others are this machine's too
    }

    private int start(Peers peers, Object... settings) throws IOException {
        receiver = new Receiver(INSTANCE, config(settings), node, broker, peers);
        broker.validate(receiver);
        return receiver.port();
    }

    private static ReceiverConfig config(Object... settings) {
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "maxEventBytes", LIMIT));
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        return Configs.of(ReceiverConfig.class, values);
    }

    private static byte[] event(String id) {
        return SampleEvents.event("ivo://test.author/x#" + id).bytes();
    }

    private static void assertAnswer(String role, String id, String answer) {
        assertTrue(answer.contains("role=\"" + role + "\""), answer);
        assertTrue(answer.contains("<Origin>ivo://test.author/x#" + id + "</Origin><Response>ivo://test.broker/local</Response>"), answer);
    }

    private static void assertNak(String reason, String answer) {
        assertTrue(answer.contains("role=\"nak\"") && answer.contains(reason), answer);
    }

    private long counted(String name) {
        return receiver.counters().of(name).sum();
    }

    @Test
    void shouldAckAnEventWhenItIsInTheLogAndThenClose() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start())) {
            broker.hold();
            author.send(event("1"));
            await().until(() -> broker.submissions().size() == 1);
            assertEquals(0, broker.events().size());
            broker.open();
            assertAnswer("ack", "1", author.readText());
            assertEquals(1, broker.events().size());
            assertTrue(author.closes());
            assertEquals(1, counted("events.accepted"));
        }
    }

    @Test
    void shouldKeepEveryByte() throws Exception {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<!-- before -->\r\n<VOEvent ivorn=\"ivo://test.author/x#\u00e9\"/>\r\n<!-- after -->\r\n\r\n";
        byte[] utf16 = text.getBytes(UTF_16);
        byte[] crlf = text.replace("UTF-16", "UTF-8").getBytes(UTF_8);
        int port = start();
        for (byte[] bytes : new byte[][] {utf16, crlf}) {
            try (VtpPeer author = VtpPeer.connect(port)) {
                author.send(bytes);
                assertTrue(author.readText().contains("role=\"ack\""));
            }
        }
        for (int i = 0; i < 2; i++) {
            Submission submission = broker.submissions().get(i);
            assertEquals(ByteBuffer.wrap(i == 0 ? utf16 : crlf), submission.content());
            assertEquals(Submission.Origin.AUTHOR, submission.origin());
            assertTrue(submission.source().startsWith("127.0.0.1:"), submission.source());
        }
    }

    @Test
    void shouldTakeOnlyTheRootsThatAreSet() throws Exception {
        int port = start();
        byte[] clack = "<Clack xmlns='urn:clacks'/>".getBytes(UTF_8);
        try (VtpPeer author = VtpPeer.connect(port)) {
            author.send(clack);
            assertNak("the root element is {urn:clacks}Clack, but here only events with the root element VOEvent are taken", author.readText());
        }
        receiver.modify(config("roots", new String[] {"VOEvent", "Clack"}));
        try (VtpPeer author = VtpPeer.connect(port)) {
            author.send(clack);
            assertTrue(author.readText().contains("role=\"ack\""));
        }
    }

    @Test
    void shouldAckADuplicateAndSaySo() throws Exception {
        int port = start();
        for (int i = 0; i < 2; i++) {
            try (VtpPeer author = VtpPeer.connect(port)) {
                author.send(event("1"));
                String answer = author.readText();
                assertAnswer("ack", "1", answer);
                assertEquals(i == 1, answer.contains("<Result>"), answer);
            }
        }
        assertEquals(1, broker.events().size());
        assertEquals(1, counted("events.duplicate"));
    }

    @Test
    void shouldNakWhatIsRefusedWithItsReason() throws Exception {
        broker.refuse("the <rule> & the reason");
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(event("1"));
            String answer = author.readText();
            assertAnswer("nak", "1", answer);
            assertTrue(answer.contains("<Result>the &lt;rule&gt; &amp; the reason</Result>"), answer);
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldNameTheEventInANakEvenIfItIsDamaged() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send("<VOEvent ivorn=\"ivo://test.author/x#9\"><unclosed></VOEvent>");
            String answer = author.readText();
            assertAnswer("nak", "9", answer);
            assertNak("not well-formed", answer);
        }
    }

    @Test
    void shouldCloseWithoutAReceiptWhenTheBrokerIsUnavailable() throws Exception {
        broker.unavailable();
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(event("1"));
            assertTrue(author.closes());
            assertEquals(1, counted("events.unavailable"));
        }
    }

    @Test
    void shouldAnswerAnAuthorThatHalfCloses() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start())) {
            broker.hold();
            author.send(event("1")).halfClose();
            await().until(() -> broker.submissions().size() == 1);
            broker.open();
            assertAnswer("ack", "1", author.readText());
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldAnswerPipelinedEventsInOrder() throws Exception {
        int count = 300; // more than may be in flight at once
        try (VtpPeer author = VtpPeer.connect(start())) {
            for (int i = 0; i < count; i++) {
                author.send(event("" + i));
            }
            for (int i = 0; i < count; i++) {
                assertAnswer("ack", "" + i, author.readText());
            }
            author.halfClose();
            assertTrue(author.closes());
            assertEquals(count, broker.events().size());
        }
    }

    @Test
    void shouldNotReadFurtherThanItMay() throws Exception {
        broker.hold();
        try (VtpPeer author = VtpPeer.connect(start())) {
            for (int i = 0; i < 200; i++) {
                author.send(event("" + i));
            }
            await().until(() -> broker.submissions().size() == 64);
            await().during(Duration.ofMillis(300)).until(() -> broker.submissions().size() == 64);
            broker.open();
            for (int i = 0; i < 200; i++) {
                assertAnswer("ack", "" + i, author.readText());
            }
        }
    }

    @Test
    void shouldKeepAConnectionThatBringsSeveralEvents() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start("closeAfterMillis", 5_000))) {
            author.send(event("1"));
            assertAnswer("ack", "1", author.readText());
            author.send(event("2"));
            assertAnswer("ack", "2", author.readText());
            receiver.modify(config("closeAfterMillis", 1, "port", 0));
            assertFalse(author.closes(Duration.ofMillis(500)));
            author.send(event("3"));
            assertAnswer("ack", "3", author.readText());
        }
    }

    @Test
    void shouldCloseRightAfterTheReceiptIfToldTo() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start("closeAfterMillis", 0))) {
            author.send(event("1"));
            assertAnswer("ack", "1", author.readText());
            assertTrue(author.closes(Duration.ofMillis(500)));
        }
    }

    @Test
    void shouldRefuseImpossibleLengthsWithAReason() throws Exception {
        int port = start();
        Map<String, byte[]> cases = Map.of(
                "the limit is " + LIMIT, ByteBuffer.allocate(4).putInt(LIMIT + 1).array(),
                "as signed", new byte[] {-1, -1, -1, -1},
                "little-endian", new byte[] {100, 0, 0, 0},
                "HTTP request", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8),
                "its length is 0", new byte[4]);
        for (Map.Entry<String, byte[]> entry : cases.entrySet()) {
            try (VtpPeer author = VtpPeer.connect(port)) {
                author.sendRaw(entry.getValue());
                assertNak(entry.getKey(), author.readText());
                assertTrue(author.closes());
            }
        }
        assertEquals(cases.size(), counted("garbage"));
        assertEquals(0, broker.submissions().size());
    }

    @Test
    void shouldDeliverTheNakOfAnOversizeEventThatIsStillBeingSent() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(new byte[4_000_000]);
            assertNak("the limit is " + LIMIT, author.readText());
        }
    }

    @Test
    void shouldTakeAnEventOfExactlyTheLimit() throws Exception {
        byte[] small = event("1");
        byte[] exact = SampleEvents.event("ivo://test.author/x#1").description("x".repeat(LIMIT - small.length + "Written for a test.".length())).bytes();
        assertEquals(LIMIT, exact.length);
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(exact);
            assertAnswer("ack", "1", author.readText());
        }
    }

    @Test
    void shouldSayThatAMessageIsTruncated() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(event("1")).sendRaw(new byte[] {0, 0, 1, 0, '<', 'V'}).halfClose();
            assertAnswer("ack", "1", author.readText());
            assertNak("truncated: 2 of 256 bytes of the message came", author.readText());
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldAnswerWhatCameBeforeGarbage() throws Exception {
        broker.hold();
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(event("1")).sendRaw("GET / HTTP/1.1\r\n".getBytes(UTF_8));
            await().until(() -> counted("garbage") == 1);
            broker.open();
            assertAnswer("ack", "1", author.readText());
            assertNak("HTTP request", author.readText());
        }
    }

    @Test
    void shouldNotWaitForSilentPeers() throws Exception {
        int port = start("timeoutSeconds", 1);
        try (VtpPeer silent = VtpPeer.connect(port); VtpPeer slow = VtpPeer.connect(port)) {
            slow.sendRaw(new byte[] {0, 0, 1, 0, '<'});
            assertTrue(silent.closes());
            assertNak("time-out: 1 of 256 bytes of the message came within 1 s", slow.readText());
            assertTrue(slow.closes());
            assertEquals(2, counted("timeouts"));
        }
    }

    @Test
    void shouldNotLetATrickleLast() throws Exception {
        try (VtpPeer slow = VtpPeer.connect(start("timeoutSeconds", 1))) {
            slow.sendRaw(new byte[] {0, 0, 1, 0});
            await().pollInterval(Duration.ofMillis(100)).until(() -> {
                try {
                    slow.sendRaw(new byte[] {'x'});
                    return counted("timeouts") == 1;
                } catch (IOException e) {
                    return true;
                }
            });
            assertNak("time-out", slow.readText());
        }
    }

    @Test
    void shouldCloseWhoIsNotAllowedWithoutAByte() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start("allow", new String[] {"192.0.2.0/24"}))) {
            assertTrue(author.closes());
            assertEquals(1, counted("refused.allow-list"));
        }
    }

    @Test
    void shouldDropOnlyWhoIsNoLongerAllowed() throws Exception {
        int port = start("address", "", "allow", new String[] {"127.0.0.1", "127.0.0.2"});
        try (VtpPeer stays = VtpPeer.connect(port); VtpPeer goes = VtpPeer.connect("127.0.0.2", port)) {
            await().until(() -> receiver.connections().connections().size() == 2);
            receiver.modify(config("address", "", "allow", new String[] {"127.0.0.1"}));
            // a connection to 127.0.0.2 comes from 127.0.0.1 unless it is bound elsewhere: both stay
            stays.send(event("1"));
            goes.send(event("2"));
            assertAnswer("ack", "1", stays.readText());
            assertAnswer("ack", "2", goes.readText());
        }
        try (VtpPeer author = VtpPeer.connect(port)) {
            await().until(() -> receiver.connections().connections().size() == 1);
            receiver.modify(config("address", "", "allow", new String[] {"192.0.2.0/24"}));
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldBoundTheConnectionsOfAPeer() throws Exception {
        int port = start("maxConnectionsPerPeer", 1);
        try (VtpPeer first = VtpPeer.connect(port)) {
            await().until(() -> receiver.connections().connections().size() == 1);
            try (VtpPeer second = VtpPeer.connect(port)) {
                assertTrue(second.closes());
            }
            assertEquals(1, counted("refused.connections"));
            first.send(event("1"));
            assertAnswer("ack", "1", first.readText());
        }
        await().until(() -> receiver.connections().connections().isEmpty());
        try (VtpPeer third = VtpPeer.connect(port)) {
            third.send(event("2"));
            assertAnswer("ack", "2", third.readText());
        }
    }

    @Test
    void shouldNotBoundTheConnectionsOfThisMachine() throws Exception {
        int port = start(new Peers(), "maxConnectionsPerPeer", 1, "maxBytesPerDayPerPeer", 1L);
        try (VtpPeer first = VtpPeer.connect(port); VtpPeer second = VtpPeer.connect(port)) {
            await().until(() -> receiver.connections().connections().size() == 2);
            for (String id : List.of("1", "2")) {
                first.send(event(id + "a"));
                assertAnswer("ack", id + "a", first.readText());
                second.send(event(id));
                assertAnswer("ack", id, second.readText());
            }
            assertEquals(0, counted("refused.connections") + counted("quota"));
        }
    }

    @Test
    void shouldGiveNoReceiptsToAPeerWhoseQuotaIsUsedUp() throws Exception {
        byte[] first = event("1");
        int port = start("maxBytesPerDayPerPeer", 2L * first.length - 1);
        try (CapturedLog log = new CapturedLog(); VtpPeer author = VtpPeer.connect(port)) {
            for (byte[] event : List.of(first, first, event("2"))) { // a duplicate does not count
                author.send(event);
                assertTrue(author.readText().contains("role=\"ack\""));
            }
            author.send(event("3"));
            assertTrue(author.closes());
            assertEquals(2, broker.events().size());
            assertEquals(1, counted("quota"));
            assertEquals(1, counted("events.unavailable"));
            await().until(() -> log.text().contains("(maxBytesPerDayPerPeer)"));
        }
        receiver.modify(config("maxBytesPerDayPerPeer", 0L));
        try (VtpPeer author = VtpPeer.connect(port)) {
            author.send(event("3"));
            assertAnswer("ack", "3", author.readText());
        }
    }

    @Test
    void shouldSlowDownAPeerThatIsTooFast() throws Exception {
        int port = start("maxEventsPerSecondPerPeer", 20);
        long begin = System.nanoTime();
        try (VtpPeer author = VtpPeer.connect(port)) {
            for (int i = 0; i < 40; i++) {
                author.send(event("" + i));
            }
            for (int i = 0; i < 40; i++) {
                assertAnswer("ack", "" + i, author.readText());
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.compareTo(Duration.ofMillis(900)) > 0, "took " + took);
        assertTrue(counted("slowed") > 0);
    }

    @Test
    void shouldAnswerTransportMessagesSensibly() throws Exception {
        try (VtpPeer peer = VtpPeer.connect(start())) {
            peer.send(VtpPeer.transport("iamalive", "ivo://a.b/c", ""));
            String alive = peer.readText();
            assertTrue(alive.contains("role=\"iamalive\"") && alive.contains("<Origin>ivo://a.b/c</Origin><Response>ivo://test.broker/local<"), alive);
            peer.send(VtpPeer.transport("ack", "ivo://a.b/c", ""));
            peer.filters("//Who");
            assertNak("to subscribe, use the broker's other port", peer.readText());
            peer.send(event("1"));
            assertAnswer("ack", "1", peer.readText());
            assertEquals(1, broker.submissions().size());
        }
    }

    @Test
    void shouldTellWhichPortIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String message = assertThrows(IOException.class, () -> start("port", taken.getLocalPort())).getMessage();
            for (String part : new String[] {"Port " + taken.getLocalPort(), "address 127.0.0.1", "key port", INSTANCE.file(), "--receive-port"}) {
                assertTrue(message.contains(part), message);
            }
        }
    }

    @Test
    void shouldMoveToAnotherPortWithoutDroppingAnybody() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            free = probe.getLocalPort();
        }
        int port = start();
        try (VtpPeer author = VtpPeer.connect(port)) {
            await().until(() -> receiver.connections().connections().size() == 1);
            receiver.modify(config("port", free));
            author.send(event("1"));
            assertAnswer("ack", "1", author.readText());
            assertThrows(IOException.class, () -> VtpPeer.connect(port).close());
        }
        try (VtpPeer author = VtpPeer.connect(free)) {
            author.send(event("2"));
            assertAnswer("ack", "2", author.readText());
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThrows(IOException.class, () -> receiver.modify(config("port", taken.getLocalPort())));
        }
        try (VtpPeer author = VtpPeer.connect(free)) {
            author.send(event("3"));
            assertAnswer("ack", "3", author.readText());
        }
    }

    @Test
    void shouldNeedALocalIdentifier() {
        try (Node nameless = new Node(null, new Languages())) {
            String message = assertThrows(IllegalStateException.class, () -> new Receiver(INSTANCE, config(), nameless, broker)).getMessage();
            for (String part : new String[] {INSTANCE.file(), "localIvoid", "etc/org.bolide.transport.cfg", "--local-ivo"}) {
                assertTrue(message.contains(part), message);
            }
        }
    }

    @Test
    void shouldNameFileAndKeyOfABadSetting() {
        String message = assertThrows(IllegalArgumentException.class, () -> start("allow", new String[] {"nonsense"})).getMessage();
        assertTrue(message.contains(INSTANCE.file()) && message.contains("key allow") && message.contains("nonsense"), message);
        message = assertThrows(IllegalArgumentException.class, () -> start("port", 65_536)).getMessage();
        assertTrue(message.contains("key port") && message.contains("0 to 65535"), message);
    }

    @Test
    void shouldShowItsConnections() throws Exception {
        int port = start();
        try (VtpPeer author = VtpPeer.connect(port)) {
            author.send(event("1"));
            author.readText();
            var shown = receiver.connections().connections().get(0);
            assertEquals(Role.AUTHOR, shown.role());
            assertEquals("receiver.public", shown.component());
            assertEquals("127.0.0.1:" + author.localPort(), shown.address());
            assertEquals(1, shown.events());
            assertTrue(receiver.counters().counters().containsKey("receiver.public.events.accepted"));
        }
    }

    @Test
    void shouldCloseEveryConnectionWhenItEnds() throws Exception {
        try (VtpPeer author = VtpPeer.connect(start())) {
            await().until(() -> receiver.connections().connections().size() == 1);
            receiver.close();
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldTakeRealEvents() throws Exception {
        int port = start("maxEventBytes", 1 << 20);
        for (SharedData.RealEvent event : SharedData.events()) {
            if (event.content().length == 0 || Scan.isTransport(event.content())) {
                continue; // among the dubious ones
            }
            try (VtpPeer author = VtpPeer.connect(port)) {
                author.send(event.content());
                String answer = author.readText();
                assertTrue(answer.contains("role=\"ack\"") || answer.contains("role=\"nak\""), answer);
            }
            assertArrayEquals(event.content(), bytes(broker.submissions().get(broker.submissions().size() - 1)), event.name());
        }
    }

    private static byte[] bytes(Submission submission) {
        byte[] bytes = new byte[submission.content().remaining()];
        submission.content().duplicate().get(bytes);
        return bytes;
    }

    @Test
    void shouldNotLeaveAnAuthorWaitingForABrokerThatFails() throws Exception {
        receiver = new Receiver(INSTANCE, config(), node, submission -> {
            throw new IllegalStateException("on purpose");
        });
        try (VtpPeer author = VtpPeer.connect(receiver.port())) {
            author.send(event("1"));
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldAnswerInOrderWhateverTheReceiptsSay() throws Exception {
        broker.answer(submission -> new String(bytes(submission), UTF_8).contains("#odd")
                ? Optional.of(new Receipt(Receipt.Status.REFUSED, 0, Optional.empty(), "odd")) : Optional.empty());
        try (VtpPeer author = VtpPeer.connect(start())) {
            author.send(event("odd1")).send(event("2")).send(event("odd3")).send(event("4"));
            assertAnswer("nak", "odd1", author.readText());
            assertAnswer("ack", "2", author.readText());
            assertAnswer("nak", "odd3", author.readText());
            assertAnswer("ack", "4", author.readText());
        }
    }
}
