package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SubscriptionTest {

    private static final String KSK = "//Author[contactName='KSK']";
    private static final String LOCAL = "ivo://test.broker/local";

    private final Languages languages = new Languages();
    private final Node node = new Node(Ivoid.parse(LOCAL), languages);
    private final JdkXPath xpath = new JdkXPath();
    private final MemoryBroker broker = new MemoryBroker();
    private ServerSocket remote;
    private Subscription subscription;

    @BeforeEach
    void listen() throws IOException {
        languages.put("xpath", xpath);
        remote = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        remote.setSoTimeout((int) VtpPeer.TIMEOUT.toMillis());
    }

    @AfterEach
    void close() throws IOException {
        if (subscription != null) {
            subscription.close();
        }
        node.close();
        broker.close();
        remote.close();
    }

    private VtpPeer start(Object... settings) throws IOException {
        make(settings);
        return opened(subscription);
    }

    private void make(Object... settings) {
        subscription = new Subscription(new Instance("subscription.gcn", "etc/s.cfg.json"), config(settings), node, broker, broker);
        broker.validate(subscription);
    }

    private VtpPeer opened(Subscription other) throws IOException {
        other.open();
        return accept();
    }

    private VtpPeer accept() throws IOException {
        return new VtpPeer(remote.accept());
    }

    private SubscriptionConfig config(Object... settings) {
        Map<String, Object> values = new HashMap<>(Map.of("host", "127.0.0.1", "port", remote.getLocalPort(), "reconnectMaxSeconds", 1));
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        return Configs.of(SubscriptionConfig.class, values);
    }

    private static byte[] event(String id) {
        return SampleEvents.event("ivo://test.author/x#" + id).bytes();
    }

    private static void assertAnswer(String role, String id, String answer) {
        assertTrue(answer.contains("role=\"" + role + "\"")
                && answer.contains("<Origin>ivo://test.author/x#" + id + "</Origin><Response>" + LOCAL + "</Response>"), answer);
    }

    private Connection shown() {
        return subscription.connections().get(0);
    }

    @Test
    void shouldAckAnEventWhenItIsInTheLog() throws Exception {
        try (VtpPeer upstream = start()) {
            broker.hold();
            upstream.send(event("1"));
            await().until(() -> broker.submissions().size() == 1);
            assertEquals(0, broker.events().size());
            broker.open();
            assertAnswer("ack", "1", upstream.readText());
            Submission submission = broker.submissions().get(0);
            assertEquals(ByteBuffer.wrap(event("1")), submission.content());
            assertEquals(Submission.Origin.BROKER, submission.origin());
            assertEquals("127.0.0.1:" + remote.getLocalPort(), submission.source());
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
        }
    }

    @Test
    void shouldAckWhatItRefusesUnlessToldOtherwise() throws Exception {
        broker.refuse("because");
        try (VtpPeer upstream = start()) {
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
            subscription.modify(config("nakRefused", true));
            upstream.send(event("2"));
            String nak = upstream.readText();
            assertAnswer("nak", "2", nak);
            assertTrue(nak.contains("<Result>because</Result>"), nak);
            broker.available();
            upstream.send("<VOEvent ivorn='ivo://test.author/x#3'>");
            assertAnswer("nak", "3", upstream.readText());
        }
    }

    @Test
    void shouldAnswerSignsOfLifeInAnyNamespaceAndEncoding() throws Exception {
        String comet = "http://www.telescope-networks.org/xml/Transport/v1.1";
        try (VtpPeer upstream = start()) {
            upstream.send(VtpPeer.transport("iamalive", "ivo://remote/x?a=1&amp;b", "").replace(VtpPeer.NAMESPACE, comet));
            String answer = upstream.readText();
            assertTrue(answer.contains("role=\"iamalive\"") && answer.contains("xmlns:trn=\"" + comet + "\"")
                    && answer.contains("<Origin>ivo://remote/x?a=1&amp;b</Origin><Response>" + LOCAL + "</Response>"), answer);
            upstream.send(VtpPeer.transport("iamalive", "x", "").replace("UTF-8", "UTF-16").getBytes(UTF_16));
            assertTrue(upstream.readText().contains("role=\"iamalive\""));
            assertEquals(0, broker.submissions().size());
        }
    }

    @Test
    void shouldAskForFiltersWhenGreetedAndWhenTheyChange() throws Exception {
        String filter = "//Who/Author[contactName=\"KSK\"]\t";
        try (VtpPeer upstream = start("filters", new String[] {filter, "//What"})) {
            upstream.send(VtpPeer.transport("authenticate", "ivo://remote/x", ""));
            TransportMessage request = node.reader().read(upstream.read()).orElseThrow();
            assertEquals(TransportMessage.Role.AUTHENTICATE, request.role());
            assertEquals("ivo://remote/x", request.origin());
            assertEquals(Optional.of(LOCAL), request.response());
            assertEquals(filter, request.filters().get(0).text());
            assertEquals(2, request.filters().size());
            subscription.modify(config("filters", new String[] {"//Why"}));
            request = node.reader().read(upstream.read()).orElseThrow();
            assertEquals("//Why", request.filters().get(0).text());
            subscription.modify(config());
            request = node.reader().read(upstream.read()).orElseThrow();
            assertEquals(0, request.filters().size());
            assertEquals(Optional.of("ivo://remote/x"), shown().peerIdentifier());
        }
    }

    @Test
    void shouldAskInXQueryWhereThatIsSet() throws Exception {
        languages.put("xquery", xpath);
        try (VtpPeer upstream = start("filters", new String[] {"//Who"}, "filterLanguage", "xquery")) {
            upstream.send(VtpPeer.transport("authenticate", "ivo://remote/x", ""));
            String request = upstream.readText();
            assertTrue(request.contains("<Param name=\"xquery-filter\" value=\"//Who\"/>") && !request.contains("xpath-filter"), request);
            subscription.modify(config("filters", new String[] {"//Who"}));
            request = upstream.readText();
            assertTrue(request.contains("<Param name=\"xpath-filter\" value=\"//Who\"/>"), request);
        }
    }

    @Test
    void shouldNotTakeWhatItDidNotAskForAndAckIt() throws Exception {
        try (VtpPeer upstream = start("filters", new String[] {KSK}, "nakRefused", true)) {
            upstream.send(event("1")); // a broker that ignores filters
            assertAnswer("ack", "1", upstream.readText());
            byte[] wanted = SampleEvents.event("ivo://test.author/x#2").contactName("KSK").bytes();
            upstream.send(wanted);
            assertAnswer("ack", "2", upstream.readText());
            assertEquals(List.of(ByteBuffer.wrap(wanted)), broker.events().stream().map(BrokerEvent::content).toList());
            assertEquals(1, subscription.counters().of("filtered-locally").sum());
            assertEquals(0, subscription.counters().of("events.refused").sum());
            subscription.modify(config());
            upstream.send(event("3"));
            assertAnswer("ack", "3", upstream.readText());
            assertEquals(2, broker.events().size());
        }
    }

    @Test
    void shouldFilterOnlyItsOwn() throws Exception {
        start("filters", new String[] {KSK}).close();
        broker.append(event("1"));
        assertEquals(1, broker.events().size());
    }

    @Test
    void shouldTakeNothingWhileTheLanguageIsMissing() throws Exception {
        try (VtpPeer upstream = start("filters", new String[] {KSK})) {
            languages.remove("xpath", xpath);
            await().until(() -> shown().reader().get().filterFault().isPresent());
            byte[] wanted = SampleEvents.event("ivo://test.author/x#2").contactName("KSK").bytes();
            upstream.send(event("1"));
            upstream.send(wanted);
            assertFalse(upstream.closes(Duration.ofMillis(200)));
            assertEquals(0, broker.events().size());
            languages.put("xpath", new JdkXPath());
            assertAnswer("ack", "1", upstream.readText());
            assertAnswer("ack", "2", upstream.readText());
            assertEquals(1, broker.events().size());
            assertEquals(Optional.empty(), shown().reader().get().filterFault());
        }
    }

    @Test
    void shouldConnectWhenTheLanguageHasCome() throws Exception {
        languages.remove("xpath", xpath);
        make("filters", new String[] {KSK});
        subscription.open();
        assertTrue(shown().reader().get().filterFault().orElse("").contains("xpath"));
        remote.setSoTimeout(300);
        assertThrows(SocketTimeoutException.class, remote::accept);
        remote.setSoTimeout((int) VtpPeer.TIMEOUT.toMillis());
        languages.put("xpath", xpath);
        accept().close();
    }

    @Test
    void shouldRefuseAFilterThatIsWrongHere() throws Exception {
        String message = assertThrows(IllegalArgumentException.class, () -> make("filters", new String[] {KSK, "//Who["})).getMessage();
        assertTrue(message.contains("etc/s.cfg.json") && message.contains("key filters") && message.contains("filter 2, //Who["), message);
        message = assertThrows(IllegalArgumentException.class, () -> make("filters", new String[] {" "})).getMessage();
        assertTrue(message.contains("filter 1") && message.contains("empty"), message);
        message = assertThrows(IllegalArgumentException.class, () -> make("filterLanguage", "sql")).getMessage();
        assertTrue(message.contains("key filterLanguage: sql") && message.contains("xquery"), message);
        try (VtpPeer upstream = start("filters", new String[] {KSK})) {
            assertThrows(IllegalArgumentException.class, () -> subscription.modify(config("filters", new String[] {"//Who["})));
            assertEquals(List.of(KSK), shown().reader().get().filters());
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
            assertEquals(0, broker.events().size());
        }
    }

    @Test
    void shouldTakeNothingWhenAFilterTurnsOutToBeWrong() throws Exception {
        languages.remove("xpath", xpath);
        make("filters", new String[] {"//Who["});
        subscription.open();
        languages.put("xpath", xpath);
        await().until(() -> shown().reader().get().filterFault().orElse("").contains("filter 1, //Who["));
        assertFalse(shown().connected());
        subscription.modify(config("filters", new String[] {KSK}));
        accept().close();
    }

    @Test
    void shouldShowThatTheFiltersAreRefused() throws Exception {
        try (VtpPeer upstream = start("filters", new String[] {KSK})) {
            upstream.send(VtpPeer.transport("authenticate", "ivo://remote/x", ""));
            upstream.read();
            upstream.send(VtpPeer.transport("nak", "x", "<Meta><Result>filter 1 is bad</Result></Meta>"));
            await().until(() -> shown().reader().get().filterFault().equals(Optional.of("filter 1 is bad")));
            subscription.modify(config("filters", new String[] {"//What"}));
            upstream.read();
            assertEquals(Optional.empty(), shown().reader().get().filterFault());
        }
    }

    @Test
    void shouldGoOnAfterTransportMessagesThatItDoesNotUnderstand() throws Exception {
        try (VtpPeer upstream = start()) {
            upstream.send(VtpPeer.transport("banana", "x", ""));
            upstream.send(VtpPeer.transport("nak", "x", "<Meta><Result>filter 1 is bad</Result></Meta>"));
            upstream.send("<Transport role='iamalive'>");
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
        }
    }

    @Test
    void shouldNameItselfEvenWithoutAnIdentifier() throws Exception {
        try (Node nameless = new Node(null, languages)) {
            subscription = new Subscription(new Instance("subscription.gcn", "etc/s.cfg.json"), config(), nameless, broker, broker);
            subscription.open();
            try (VtpPeer upstream = accept()) {
                upstream.send(event("1"));
                assertTrue(upstream.readText().contains("<Response>" + Subscription.ANONYMOUS + "</Response>"));
            }
            subscription.close();
        }
    }

    @Test
    void shouldReconnectForEver() throws Exception {
        start().close();
        for (int i = 0; i < 3; i++) {
            accept().close();
        }
        try (VtpPeer upstream = accept()) {
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
            assertTrue(shown().connected());
        }
    }

    @Test
    void shouldWaitForABrokerThatIsNotThereYet() throws Exception {
        int port = remote.getLocalPort();
        remote.close();
        subscription = new Subscription(new Instance("subscription.gcn", "etc/s.cfg.json"), config("port", port), node, broker, broker);
        subscription.open();
        await().until(() -> subscription.counters().of("connects.failed").sum() >= 2);
        assertFalse(shown().connected());
        assertEquals(Role.REMOTE_BROKER, shown().role());
        remote = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
        remote.setSoTimeout((int) VtpPeer.TIMEOUT.toMillis());
        try (VtpPeer upstream = accept()) {
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
        }
    }

    @Test
    void shouldGoOnTryingWhenTheNameIsUnknown() throws Exception {
        subscription = new Subscription(new Instance("subscription.gcn", "etc/s.cfg.json"), config("host", "no-such-host.invalid"), node, broker, broker);
        subscription.open();
        await().until(() -> subscription.counters().of("connects.failed").sum() >= 1);
        subscription.modify(config());
        try (VtpPeer upstream = accept()) {
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
        }
    }

    @Test
    void shouldReconnectWhenNothingComes() throws Exception {
        try (VtpPeer silent = start("idleSeconds", 1)) {
            assertTrue(silent.closes());
            accept().close();
        }
    }

    @Test
    void shouldReconnectWhenTheBrokerIsUnavailable() throws Exception {
        broker.unavailable();
        try (VtpPeer upstream = start()) {
            upstream.send(event("1"));
            assertTrue(upstream.closes());
        }
        broker.available();
        try (VtpPeer upstream = accept()) {
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
        }
    }

    @Test
    void shouldReconnectAfterAnOversizeEvent() throws Exception {
        try (VtpPeer upstream = start("maxEventBytes", 2_000)) {
            upstream.sendRaw(ByteBuffer.allocate(4).putInt(2_001).array());
            assertTrue(upstream.closes());
        }
        accept().close();
    }

    @Test
    void shouldNotTakeMoreThanItCanStore() throws Exception {
        broker.hold();
        try (VtpPeer upstream = start()) {
            for (int i = 0; i < 200; i++) {
                upstream.send(event("" + i));
            }
            await().until(() -> broker.submissions().size() == 64);
            await().during(Duration.ofMillis(300)).until(() -> broker.submissions().size() == 64);
            broker.open();
            for (int i = 0; i < 200; i++) {
                assertAnswer("ack", "" + i, upstream.readText());
            }
        }
    }

    @Test
    void shouldMoveToAnotherBrokerOnlyIfTheAddressChanges() throws Exception {
        try (VtpPeer first = start(); ServerSocket other = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            other.setSoTimeout((int) VtpPeer.TIMEOUT.toMillis());
            subscription.modify(config("idleSeconds", 60, "reconnectMaxSeconds", 30));
            first.send(event("1"));
            assertAnswer("ack", "1", first.readText());
            subscription.modify(config("port", other.getLocalPort()));
            try (VtpPeer second = new VtpPeer(other.accept())) {
                assertTrue(first.closes());
                second.send(event("2"));
                assertAnswer("ack", "2", second.readText());
            }
        }
    }

    @Test
    void shouldSubscribeToSeveralBrokersAtOnce() throws Exception {
        try (VtpPeer first = start();
                Subscription second = new Subscription(new Instance("subscription.two", "etc/t.cfg.json"), config(), node, broker, broker);
                VtpPeer other = opened(second)) {
            first.send(event("1"));
            other.send(event("1"));
            assertAnswer("ack", "1", first.readText());
            assertAnswer("ack", "1", other.readText());
            assertEquals(1, broker.events().size());
            assertEquals(1, second.connections().size());
        }
    }

    @Test
    void shouldSubscribeOverIpv6() throws Exception {
        try (ServerSocket six = new ServerSocket(0, 50, InetAddress.getByName("::1"))) {
            six.setSoTimeout((int) VtpPeer.TIMEOUT.toMillis());
            subscription = new Subscription(new Instance("subscription.gcn", "etc/s.cfg.json"),
                    config("host", "[::1]", "port", six.getLocalPort()), node, broker, broker);
            subscription.open();
            try (VtpPeer upstream = new VtpPeer(six.accept())) {
                upstream.send(event("1"));
                assertAnswer("ack", "1", upstream.readText());
            }
        }
    }

    @Test
    void shouldNameFileAndKeyOfABadAddress() {
        String message = assertThrows(IllegalArgumentException.class, () -> start("host", "host:port")).getMessage();
        assertTrue(message.contains("etc/s.cfg.json") && message.contains("key host") && message.contains("--remote"), message);
    }

    @Test
    void shouldCountWhatItWasTheFirstToBring() throws Exception {
        broker.append(event("0")); // by somebody else
        try (VtpPeer upstream = start("filters", new String[] {"//*"})) {
            for (String id : List.of("0", "1", "2", "2")) {
                upstream.send(event(id));
                assertAnswer("ack", id, upstream.readText());
            }
            broker.refuse("because");
            upstream.send(event("3"));
            assertAnswer("ack", "3", upstream.readText());
        }
        try (VtpPeer again = accept()) { // and goes on counting
            broker.available();
            again.send(event("4"));
            assertAnswer("ack", "4", again.readText());
            assertEquals(List.of(3L, 2L, 1L), List.of(shown().events(), shown().duplicates(), shown().refused()));
            assertEquals(2, shown().uplink().get().connects());
            assertTrue(shown().lastHeard().isPresent());
        }
    }

    @Test
    void shouldSayWhereItSubscribes() {
        make();
        assertEquals(new Connections.Endpoint("subscription.gcn", Role.REMOTE_BROKER, "127.0.0.1:" + remote.getLocalPort(), LOCAL), subscription.endpoint());
        assertEquals(Optional.empty(), shown().uplink().get().lastFailure());
    }

    @Test
    void shouldSayWhoHasGoneAndWhy() throws Exception {
        start().close();
        try (VtpPeer second = accept()) {
            await().until(() -> subscription.connections().get(0).connected());
            Departure first = subscription.departures().get(0);
            assertTrue(first.wanted(), first.reason());
            assertEquals("it closed the connection", first.reason());
            assertEquals(Optional.of("it closed the connection"), shown().uplink().get().lastFailure());
            assertEquals("127.0.0.1:" + remote.getLocalPort(), first.address());

            assertEquals(0, subscription.close("127.0.0.2", "no such peer"));
            assertEquals(1, subscription.close("127.0.0.1", "the operator wants it"));
            assertTrue(second.closes());
            await().until(() -> subscription.departures().size() == 2);
            Departure latest = subscription.departures().get(0);
            assertFalse(latest.wanted());
            assertTrue(latest.reason().endsWith("the operator wants it"), latest.reason());
        }
        accept().close();
    }

    @Test
    void shouldSayWhyItCannotBeReached() throws Exception {
        int port = remote.getLocalPort();
        remote.close();
        make("port", port);
        subscription.open();
        await().until(() -> shown().uplink().get().lastFailure().orElse("").contains("cannot be reached: "));
        assertEquals(0, shown().uplink().get().connects());
        assertEquals(List.of(), subscription.departures());
    }

    private String problems() {
        return subscription.health().problems().stream().map(problem -> problem.weight() + " " + problem.subject() + ": " + problem.text()).collect(Collectors.joining("\n"));
    }

    /** What will be wrong if nothing changes. */
    private List<Problem> later(int seconds) {
        return new RemoteHealth(subscription, () -> Instant.now().plusSeconds(seconds)).problems();
    }

    @Test
    void shouldWarnWhileItIsNotConnected() throws Exception {
        int port = remote.getLocalPort();
        try (VtpPeer upstream = start()) {
            upstream.send(event("1"));
            assertAnswer("ack", "1", upstream.readText());
            assertEquals("", problems());
            Problem silent = later(100).get(0);
            assertEquals(Weight.WARNING, silent.weight());
            assertTrue(silent.text().matches(".* is connected and has sent nothing for 1\\d\\d s, not even a sign of life; after 120 s .*"), silent.text());
            remote.close();
        }
        await().until(() -> problems().contains("WARNING subscription.gcn: 127.0.0.1:" + port + " brings nothing: cannot be reached: "));
        assertEquals(Weight.NOT_READY, later(61).get(0).weight());
        assertEquals(Optional.of("remotes"), subscription.health().problems().get(0).command());
    }

    @Test
    void shouldWarnWhenItIsNotLetIn() throws Exception {
        start().close();
        for (int i = 0; i < 3; i++) {
            accept().close(); // each time a connection stands for a moment
        }
        await().until(() -> problems().contains("brings nothing: it closed the connection"));
    }

    @Test
    void shouldWarnWhenTheFiltersAreRefusedOrTheClocksDiffer() throws Exception {
        try (VtpPeer upstream = start("filters", new String[] {KSK})) {
            for (int i = 0; i < 3; i++) {
                upstream.send(VtpPeer.transport("iamalive", "ivo://remote/x", "").replaceAll("<TimeStamp>.*</TimeStamp>",
                        "<TimeStamp>" + Instant.now().plusSeconds(3600 + i) + "</TimeStamp>"));
                upstream.read();
            }
            assertTrue(problems().matches("WARNING subscription.gcn clock: the clock of 127.0.0.1:\\d+ is (59|60) min ahead of this machine's: check that both use NTP"), problems());
            assertEquals(60, shown().uplink().get().clockAhead().orElseThrow().plusSeconds(30).toMinutes());
            upstream.send(VtpPeer.transport("authenticate", "ivo://remote/x", ""));
            upstream.read();
            upstream.send(VtpPeer.transport("nak", "x", "<Meta><Result>filter 1 is bad</Result></Meta>"));
            await().until(() -> problems().contains("has refused the filters, so that it may send nothing, or not what was asked for: filter 1 is bad"));
        }
    }

    @Test
    void shouldNotBeReadyWithoutTheLanguageOfItsFilters() {
        languages.remove("xpath", xpath);
        make("filters", new String[] {KSK});
        assertTrue(problems().startsWith("NOT_READY subscription.gcn: 127.0.0.1:" + remote.getLocalPort() + " takes nothing: the filter language xpath"), problems());
    }

    @Test
    void shouldShowTheGapsOfAClassicBroker() throws Exception {
        try (VtpPeer upstream = start("reconnectMaxSeconds", 8)) {
            upstream.send(VtpPeer.transport("iamalive", "ivo://remote/x", ""));
            upstream.read();
        }
        for (int i = 0; i < 2; i++) {
            accept().close(); // says nothing: the gap goes on, for 0.5, 1 and 2 s at least
        }
        await().until(() -> subscription.gaps().gaps().size() == 1);
        assertEquals(Optional.empty(), subscription.gaps().gaps().get(0).until());
        try (VtpPeer upstream = accept()) {
            upstream.send(VtpPeer.transport("iamalive", "ivo://remote/x", ""));
            upstream.read();
            await().until(() -> subscription.gaps().gaps().get(0).until().isPresent());
            assertEquals(OptionalLong.empty(), subscription.gaps().gaps().get(0).missed());
            await().until(() -> broker.read("gap").size() == 2);
        }
    }

    @Test
    void shouldKnowSinceWhenThisBrokerWasDown() throws Exception {
        try (VtpPeer upstream = start()) {
            upstream.send(VtpPeer.transport("iamalive", "ivo://remote/x", ""));
            upstream.read();
            Instant heard = shown().lastHeard().orElseThrow();
            subscription.close();
            await().until(() -> Instant.now().isAfter(heard.plusSeconds(2)));
            make();
            assertEquals(heard, subscription.gaps().gaps().get(0).from());
        }
    }

    @Test
    void shouldTakeFromABroadcasterOfOurs() throws Exception {
        try (MemoryBroker far = new MemoryBroker(); Node farNode = new Node(Ivoid.parse("ivo://far.away/broker"), languages);
                Broadcaster broadcaster = new Broadcaster(new Instance("broadcaster", "etc/b.cfg.json"),
                        Configs.of(BroadcasterConfig.class, Map.of("port", 0, "address", "127.0.0.1")), farNode, far, far, null)) {
            subscription = new Subscription(new Instance("subscription.far", "etc/s.cfg.json"),
                    config("port", broadcaster.port(), "filters", new String[] {"//Author[contactName='KSK']"}), node, broker, broker);
            subscription.open();
            await().until(() -> !broadcaster.connections().connections().isEmpty()
                    && broadcaster.connections().connections().get(0).reader().get().filters().size() == 1);
            far.append(event("1"));
            byte[] wanted = SampleEvents.event("ivo://test.author/x#2").contactName("KSK").bytes();
            far.append(wanted);
            await().until(() -> broker.events().size() == 1);
            assertEquals(ByteBuffer.wrap(wanted), broker.events().get(0).content());
            await().until(() -> broadcaster.connections().connections().get(0).reader().get().unacknowledged() == 0);
            assertTrue(new String(wanted, UTF_8).contains("KSK"));
        }
    }
}
