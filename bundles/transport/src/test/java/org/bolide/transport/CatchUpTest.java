package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.api.BrokerEvent;
import org.bolide.api.RelayPolicy;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Connection;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What subscribers get who ask for a replay, or to be remembered. */
class CatchUpTest {

    private static final String LOCAL = "ivo://test.broker/local";
    private static final String READER = "subscriber/127.0.0.1/32/ivo://test.subscriber/one/archive";
    private static final Pattern ID = Pattern.compile("ivorn=\"[^\"#]*#([^\"]*)\"");

    private final Languages languages = new Languages();
    private final Node node = new Node(Ivoid.parse(LOCAL), languages);
    private final MemoryBroker broker = new MemoryBroker();
    private Broadcaster broadcaster;

    @BeforeEach
    void start() throws IOException {
        languages.put("xpath", new JdkXPath());
        start(Map.of());
    }

    private void start(Map<String, ?> settings) throws IOException {
        if (broadcaster != null) {
            broadcaster.close();
        }
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0));
        values.putAll(settings);
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"), Configs.of(BroadcasterConfig.class, values), node,
                broker, broker, null);
    }

    @AfterEach
    void close() {
        broadcaster.close();
        node.close();
        broker.close();
    }

    private void append(int... numbers) {
        for (int number : numbers) {
            broker.append(event(number));
        }
    }

    private static byte[] event(int number) {
        return SampleEvents.event("ivo://test.author/x#" + number).contactName(number % 2 == 0 ? "even" : "odd").bytes();
    }

    private VtpPeer subscribe() throws IOException {
        return VtpPeer.subscribe(broadcaster.port());
    }

    /** Reads so many events without acknowledging them; what the broker tells in between goes to {@code told}. */
    private static List<String> read(VtpPeer peer, int count, List<String> told) throws IOException {
        List<String> ids = new ArrayList<>();
        while (ids.size() < count) {
            String text = new String(peer.read(), ISO_8859_1);
            Matcher id = ID.matcher(text);
            if (text.contains("Transport/v1.1")) {
                told.add(text);
            } else if (id.find()) {
                ids.add(id.group(1));
            }
        }
        return ids;
    }

    private static List<String> read(VtpPeer peer, int count) throws IOException {
        return read(peer, count, new ArrayList<>());
    }

    private static void ack(VtpPeer peer, int number) throws IOException {
        peer.ack("ivo://test.author/x#" + number);
    }

    private static String told(VtpPeer peer) throws IOException {
        String text = peer.readText();
        assertTrue(text.contains("<Result>"), text);
        return text;
    }

    private List<Connection> shown() {
        return broadcaster.connections().connections();
    }

    private void awaitPlace(long sequence) {
        await().until(() -> Optional.ofNullable(broker.places(READER).get(READER)).filter(place -> place.sequence() == sequence).isPresent());
    }

    private void awaitGone() {
        await().until(() -> shown().isEmpty() && broker.openReaders() == 0);
    }

    @Test
    void shouldSayTheLastSequenceInGreetingAndIamalive() throws Exception {
        start(Map.of("iamaliveSeconds", 1));
        append(1, 2);
        try (VtpPeer peer = VtpPeer.connect(broadcaster.port())) {
            assertTrue(peer.readText().contains("<Meta><Param name=\"bolide-sequence\" value=\"2\"/></Meta>"));
            String first = peer.readText();
            assertTrue(first.contains("role=\"iamalive\"") && first.contains("\"bolide-sequence\" value=\"2\""), first);
            append(3);
            List<String> told = new ArrayList<>();
            assertEquals(List.of("3"), read(peer, 1, told));
            ack(peer, 3);
            String next = peer.readText();
            assertTrue(next.contains("role=\"iamalive\"") && next.contains("\"bolide-sequence\" value=\"3\""), next);
        }
    }

    @Test
    void shouldReplayFromASequenceAndGoOnLive() throws Exception {
        append(1, 2, 3, 4);
        try (VtpPeer peer = subscribe()) {
            peer.ask("replay-from", "2");
            String answer = told(peer);
            assertTrue(answer.contains("role=\"iamalive\"") && answer.contains("after sequence 1 of 4") && answer.contains("value=\"1\""), answer);
            assertEquals(List.of("2", "3", "4"), read(peer, 3));
            append(5);
            assertEquals(List.of("5"), read(peer, 1));
        }
    }

    @Test
    void shouldReplayFromATime() throws Exception {
        append(1, 2);
        Instant afterwards = broker.events().get(1).receivedAt().plusNanos(1000);
        await().until(() -> Instant.now().isAfter(afterwards));
        append(3, 4);
        try (VtpPeer peer = subscribe()) {
            peer.ask("replay-from", afterwards.toString().replace("Z", ""));
            assertEquals(List.of("3", "4"), read(peer, 2));
            peer.ask("replay-from", "2001-01-01T00:00:00");
            assertEquals(List.of("1", "2", "3", "4"), read(peer, 4));
        }
    }

    @Test
    void shouldSendALiveEventAgainOnlyWhereTheReplayHasIt() throws Exception {
        append(1);
        try (VtpPeer peer = subscribe()) {
            append(2, 3);
            assertEquals(List.of("2", "3"), read(peer, 2));
            peer.ask("replay-from", "3");
            assertEquals(List.of("3"), read(peer, 1));
            append(4);
            assertEquals(List.of("4"), read(peer, 1));
        }
    }

    @Test
    void shouldReplayWhatPassesTheFiltersOfTheRequest() throws Exception {
        append(1, 2, 3, 4);
        try (VtpPeer peer = subscribe()) {
            peer.ask("replay-from", "1", "xpath-filter", "//Who/Author[contactName='even']");
            assertEquals(List.of("2", "4"), read(peer, 2));
            append(5, 6);
            assertEquals(List.of("6"), read(peer, 1));
        }
    }

    @Test
    void shouldReplayWhatWasTakenQuietlyBeforeButNotAfter() throws Exception {
        broker.submit(Submission.fromAuthor(ByteBuffer.wrap(event(1)), "archive").quietly());
        await().until(() -> broker.latest() == 1);
        try (VtpPeer peer = subscribe()) {
            peer.ask("replay-from", "1");
            assertEquals(List.of("1"), read(peer, 1));
            broker.submit(Submission.fromAuthor(ByteBuffer.wrap(event(2)), "archive").quietly());
            await().until(() -> broker.latest() == 2);
            append(3);
            assertEquals(List.of("3"), read(peer, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "", "-1", "4", "99999999999999999999", "2999-01-01", "2026-13-01T00:00:00", "1.5"})
    void shouldRefuseAReplayThatCannotBeAndChangeNothing(String from) throws Exception {
        append(1, 2);
        try (VtpPeer peer = subscribe()) {
            peer.filters("//Who/Author[contactName='even']");
            await().until(() -> shown().get(0).reader().get().filters().size() == 1);
            peer.ask("replay-from", from, "xpath-filter", "//Who/Author[contactName='odd']");
            String answer = told(peer);
            assertTrue(answer.contains("role=\"nak\"") && answer.contains("replay-from") && answer.contains("nothing is changed"), answer);
            append(3, 4);
            assertEquals(List.of("4"), read(peer, 1));
        }
    }

    @Test
    void shouldTakeTheSequenceThatComesNext() throws Exception {
        append(1, 2);
        try (VtpPeer peer = subscribe()) {
            peer.ask("replay-from", "3");
            assertTrue(told(peer).contains("after sequence 2 of 2"));
            append(3);
            assertEquals(List.of("3"), read(peer, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2001-01-01"})
    void shouldTellHowManyEventsOfTheRangeAreGone(String from) throws Exception {
        append(1, 2, 3, 4);
        broker.expire(3);
        try (CapturedLog log = new CapturedLog(); VtpPeer peer = subscribe()) {
            peer.ask("replay-from", from);
            List<String> told = new ArrayList<>();
            assertEquals(List.of("4"), read(peer, 1, told));
            assertTrue(told.get(1).contains("role=\"iamalive\"") && told.get(1).contains("3 events"), told.toString());
            assertTrue(log.text().contains("3 events expired"), log.text());
        }
    }

    @Test
    void shouldNotOverrunWhoAsksForMoreThanItAnswers() throws Exception {
        start(Map.of("maxUnsettled", 10));
        for (int i = 1; i <= 50; i++) {
            append(i);
        }
        try (VtpPeer peer = subscribe()) {
            peer.ask("replay-from", "1");
            for (int i = 1; i <= 50; i++) {
                assertEquals(List.of(String.valueOf(i)), read(peer, 1));
                ack(peer, i);
            }
        }
    }

    @Test
    void shouldRememberWhatASubscriberHasAcknowledged() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            assertTrue(told(peer).contains("you are 'archive' here"));
            append(1, 2, 3);
            assertEquals(List.of("1", "2", "3"), read(peer, 3));
            ack(peer, 2);
            awaitPlace(2);
            assertEquals(Optional.of("archive"), shown().get(0).reader().get().name());
            assertEquals(Optional.of(2L), shown().get(0).reader().get().place());
        }
        awaitGone();
        append(4);
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            assertEquals(List.of("3", "4"), read(peer, 2));
            ack(peer, 4);
            awaitPlace(4);
        }
    }

    @Test
    void shouldNotMoveThePlacePastWhatWasSentBeforeTheName() throws Exception {
        try (VtpPeer peer = subscribe()) {
            append(1, 2);
            assertEquals(List.of("1", "2"), read(peer, 2));
            peer.ask("subscriber", "archive");
            told(peer);
            append(3);
            assertEquals(List.of("3"), read(peer, 1), "and nothing a second time");
        }
        awaitGone();
        assertEquals(0, broker.places(READER).get(READER).sequence());
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            assertEquals(List.of("1", "2", "3"), read(peer, 3));
        }
    }

    @Test
    void shouldSendAgainWhatCameBeforeTheNameOfAKnownSubscriber() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            told(peer);
        }
        awaitGone();
        append(1);
        try (VtpPeer peer = subscribe()) {
            append(2);
            assertEquals(List.of("2"), read(peer, 1));
            peer.ask("subscriber", "archive");
            assertEquals(List.of("1", "2"), read(peer, 2));
            ack(peer, 2); // the one sent first: nothing of the replay is done by that
            append(3);
            assertEquals(List.of("3"), read(peer, 1));
            assertEquals(Optional.of(0L), shown().get(0).reader().get().place());
            ack(peer, 3);
            awaitPlace(3);
        }
    }

    @Test
    void shouldCountWhatIsKeptBackAsDone() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive", "xpath-filter", "//Who/Author[contactName='even']");
            told(peer);
            append(1, 3);
            awaitPlace(2);
            append(2, 5, 7);
            assertEquals(List.of("2"), read(peer, 1));
            append(9);
            assertEquals(Optional.of(2L), shown().get(0).reader().get().place());
            ack(peer, 2);
            awaitPlace(6);
        }
    }

    @Test
    void shouldCountWhatTheOwnerKeepsBackAsDone() throws Exception {
        RelayPolicy.Audience audience = new RelayPolicy.Audience() {

            @Override
            public boolean mayReceive(BrokerEvent event) {
                return event.sequence() != 2;
            }

            @Override
            public java.util.Set<String> filterLanguages() {
                return java.util.Set.of();
            }
        };
        broadcaster.policy((listener, address) -> audience);
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            told(peer);
            append(1, 2);
            assertEquals(List.of("1"), read(peer, 1));
            ack(peer, 1);
            awaitPlace(2);
        }
    }

    @Test
    void shouldLetTheNewerConnectionTakeOverTheName() throws Exception {
        try (VtpPeer first = subscribe(); VtpPeer second = subscribe()) {
            first.ask("subscriber", "archive");
            told(first);
            append(1);
            assertEquals(List.of("1"), read(first, 1));
            assertEquals(List.of("1"), read(second, 1));
            second.ask("subscriber", "archive");
            String answer = told(first);
            assertTrue(answer.contains("role=\"nak\"") && answer.contains("name=\"subscriber\" value=\"archive\"") && answer.contains("taken over"), answer);
            assertTrue(first.closes());
            assertTrue(told(second).contains("you are 'archive' here"));
            assertEquals(List.of("1"), read(second, 1));
            append(2);
            assertEquals(List.of("2"), read(second, 1));
        }
    }

    @Test
    void shouldLeaveTheNameToOneOfMany() throws Exception {
        List<VtpPeer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                VtpPeer peer = subscribe();
                peers.add(peer);
                peer.ask("subscriber", "archive");
            }
            await().until(() -> shown().size() == 1);
            append(1);
            VtpPeer left = peers.stream().filter(peer -> shown().get(0).address().endsWith(":" + peer.localPort())).findFirst().orElseThrow();
            assertEquals(List.of("1"), read(left, 1));
            ack(left, 1);
            awaitPlace(1);
        } finally {
            for (VtpPeer peer : peers) {
                peer.close();
            }
        }
        awaitGone();
    }

    @Test
    void shouldTellAnExpiredSubscriberHowMuchIsGone() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            told(peer);
        }
        awaitGone();
        append(1, 2, 3, 4);
        broker.expire(3);
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            List<String> told = new ArrayList<>();
            assertEquals(List.of("4"), read(peer, 1, told));
            assertTrue(told.stream().anyMatch(text -> text.contains("3 events")), told.toString());
        }
    }

    @Test
    void shouldMoveThePlaceOfANameByAReplay() throws Exception {
        append(1, 2, 3);
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            told(peer);
            awaitPlace(3);
            peer.ask("replay-from", "1");
            assertEquals(List.of("1", "2", "3"), read(peer, 3));
            awaitPlace(0);
            ack(peer, 2);
            awaitPlace(2);
        }
        awaitGone();
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive", "replay-from", "2");
            assertEquals(List.of("2", "3"), read(peer, 2));
            ack(peer, 3);
            awaitPlace(3);
        }
    }

    @Test
    void shouldRefuseNamesThatCannotBeAndGoOn() throws Exception {
        start(Map.of("maxNamesPerNetwork", 1));
        try (VtpPeer peer = subscribe(); VtpPeer other = subscribe()) {
            peer.ask("subscriber", "a/b");
            assertTrue(told(peer).contains("role=\"nak\""));
            peer.send(VtpPeer.transport("authenticate", LOCAL, "<Meta><Param name=\"subscriber\" value=\"x\"/></Meta>")
                    .replaceAll("<Response>.*</Response>", ""));
            assertTrue(told(peer).contains("Response"));
            peer.ask("subscriber", "archive");
            assertTrue(told(peer).contains("role=\"iamalive\""));
            peer.ask("subscriber", "another");
            assertTrue(told(peer).contains("role=\"nak\""));
            other.ask("subscriber", "second");
            String answer = told(other);
            assertTrue(answer.contains("role=\"nak\"") && answer.contains("maxNamesPerNetwork") && answer.contains("127.0.0.1/32"), answer);
            append(1);
            assertEquals(List.of("1"), read(peer, 1));
            assertEquals(List.of("1"), read(other, 1));
        }
    }

    @Test
    void shouldForgetWhoIsNotComingAnyMore() throws Exception {
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive");
            told(peer);
            Instant longAgo = Instant.now().minus(Duration.ofDays(40));
            broker.age(READER, longAgo);
            assertEquals(0, node.names().forgetUnused(broker, Duration.ofDays(30)));
            await().until(() -> broker.places(READER).get(READER).usedAt().isAfter(longAgo));
        }
        awaitGone();
        broker.age(READER, Instant.now().minus(Duration.ofDays(29)));
        assertEquals(0, node.names().forgetUnused(broker, Duration.ofDays(30)));
        broker.age(READER, Instant.now().minus(Duration.ofDays(31)));
        assertEquals(1, node.names().forgetUnused(broker, Duration.ofDays(30)));
        assertTrue(broker.places("").isEmpty());
    }

    @Test
    void shouldKnowTheNetworkOfAName() throws Exception {
        assertEquals("127.0.0.1/32", broadcaster.networkOf(InetAddress.getByName("127.0.0.1")));
        assertEquals("2001:db8:1:2:0:0:0:0/64", broadcaster.networkOf(InetAddress.getByName("2001:db8:1:2:3::4")));
        start(Map.of("allow", new String[] {"127.0.0.77/255.0.0.0", "2001:db8::/32", "0.0.0.0/0"}));
        assertEquals("127.0.0.0/8", broadcaster.networkOf(InetAddress.getByName("127.0.0.1")));
        assertEquals("2001:db8:0:0:0:0:0:0/32", broadcaster.networkOf(InetAddress.getByName("2001:db8:1:2:3::4")));
        assertEquals("192.0.2.1/32", broadcaster.networkOf(InetAddress.getByName("192.0.2.1")), "everybody is no network");
    }

    @Test
    void shouldKeepThePlaceOfWhoHasNoFilterLeft() throws Exception {
        languages.put("xpath", new BoundedXPath());
        append(1);
        try (VtpPeer peer = subscribe()) {
            peer.ask("subscriber", "archive", "xpath-filter", BoundedXPath.COSTLY);
            told(peer);
            broker.append(SampleEvents.event("ivo://test.author/x#2").contactName("KSK").bytes());
            append(3);
            assertTrue(told(peer).contains("role=\"nak\""));
            append(4);
            peer.ask("subscriber", "archive");
            assertEquals(List.of("3", "4"), read(peer, 2));
        }
    }

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (VtpPeer peer = subscribe()) {
                peer.ask("subscriber", "archive", "replay-from", "1");
            }
        }
        awaitGone();
        assertFalse(broker.places(READER).isEmpty());
    }
}
