package org.bolide.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BroadcasterTest {

    private static final String KSK = "//Who/Author[contactName=\"KSK\"]";

    private final Languages languages = new Languages();
    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), languages);
    private final JdkXPath xpath = new JdkXPath();
    private final MemoryBroker broker = new MemoryBroker();
    private Broadcaster broadcaster;

    @AfterEach
    void close() {
        if (broadcaster != null) {
            broadcaster.close();
        }
        node.close();
        broker.close();
    }

    private int start(Object... settings) throws IOException {
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"), config(settings), node, broker, broker, null);
        languages.put("xpath", xpath);
        return broadcaster.port();
    }

    private static BroadcasterConfig config(Object... settings) {
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0));
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        return Configs.of(BroadcasterConfig.class, values);
    }

    private static byte[] event(String id) {
        return SampleEvents.event("ivo://test.author/x#" + id).bytes();
    }

    private static byte[] event(String id, String contact) {
        return SampleEvents.event("ivo://test.author/x#" + id).contactName(contact).bytes();
    }

    private long counted(String name) {
        return broadcaster.counters().of(name).sum();
    }

    private Connection shown() {
        return broadcaster.connections().connections().get(0);
    }

    private void awaitFilters(String... filters) {
        await().until(() -> shown().reader().get().filters().equals(List.of(filters)));
    }

    @Test
    void shouldGreetWithAuthenticateAndSendEventsFromTheStart() throws Exception {
        broker.append(event("before"));
        int port = start();
        try (VtpPeer subscriber = VtpPeer.connect(port)) {
            String greeting = subscriber.readText();
            assertTrue(greeting.contains("role=\"authenticate\"") && greeting.contains("<Origin>ivo://test.broker/local</Origin><TimeStamp>"), greeting);
            broker.append(event("1"));
            assertArrayEquals(event("1"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldMeasureHowLongDeliveriesTake() throws Exception {
        broker.append(event("before"));
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            assertEquals(0, delivered());
            for (long count = 1; count <= 3; count++) {
                broker.append(event("live" + count));
                subscriber.takeEvent();
                long expected = count;
                await().until(() -> delivered() == expected);
            }
            assertTrue(broadcaster.latencies().get("deliver").read().total().compareTo(VtpPeer.TIMEOUT) < 0);
            subscriber.ask("replay-from", "0");
            subscriber.takeEvent();
            assertEquals(3, delivered());
        }
    }

    private long delivered() {
        return broadcaster.latencies().get("deliver").read().count();
    }

    @Test
    void shouldSayWhichSubscribersWereCutOff() throws Exception {
        try (VtpPeer slow = VtpPeer.subscribe(start("maxUnsettled", 1)); VtpPeer stranger = VtpPeer.subscribe(broadcaster.port())) {
            stranger.sendRaw("GET / HTTP/1.1".getBytes(UTF_8)); // never was a subscriber
            assertTrue(stranger.closes());
            assertEquals(List.of(), broadcaster.health().problems());
            broker.append(event("1"));
            broker.append(event("2"));
            slow.read();
            slow.read();
            assertTrue(slow.closes());
            Problem problem = broadcaster.health().problems().get(0);
            assertEquals(Weight.WARNING, problem.weight());
            assertTrue(problem.text().startsWith("1 subscriber was cut off") && problem.text().contains("maxUnsettled"), problem.text());
        }
    }

    @Test
    void shouldSayWhichSubscribersAreFarBehind() throws Exception {
        long moment = Duration.ofMillis(300).toNanos();
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            broker.append(event("1"));
            subscriber.read();
            await().until(() -> broadcaster.health().behind(moment).isPresent());
            assertTrue(broadcaster.health().behind(moment).get().text().contains("127.0.0.1:" + subscriber.localPort()));
            assertEquals(List.of(), broadcaster.health().problems()); // which allows minutes
            subscriber.ack("ivo://test.author/x#1");
            await().until(() -> broadcaster.health().behind(moment).isEmpty());
        }
    }

    @Test
    void shouldTakeNobodyForBehindWhoIsOnlyNotSentWhatIsQuiet() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            broker.submit(Submission.fromAuthor(ByteBuffer.wrap(event("quiet")), "import").quietly()).toCompletableFuture().get();
            await().until(() -> shown().reader().get().place().equals(Optional.of(1L)));
            broker.append(event("1"));
            assertArrayEquals(event("1"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldDeliverBitForBit() throws Exception {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n<!-- before -->\r\n<VOEvent ivorn=\"ivo://a.bc/d#\u00e9\"/>\r\n<!-- after -->\r\n\r\n";
        List<byte[]> events = List.of(text.getBytes(UTF_16), text.replace("UTF-16", "UTF-8").getBytes(UTF_8), SampleEvents.swift());
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            for (byte[] event : events) {
                broker.append(event);
                assertArrayEquals(event, subscriber.takeEvent());
            }
        }
    }

    @Test
    void shouldDeliverRealEventsBitForBitAndInOrder() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            for (SharedData.RealEvent event : SharedData.events()) {
                if (event.real()) {
                    broker.append(event.content());
                }
            }
            for (BrokerEvent event : broker.events()) {
                byte[] expected = new byte[event.content().remaining()];
                event.content().get(expected);
                assertArrayEquals(expected, subscriber.takeEvent());
            }
            await().until(() -> shown().reader().get().unacknowledged() == 0);
        }
    }

    @Test
    void shouldSendOnlyVOEvents() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            broker.append("<Clack/>".getBytes(UTF_8));
            broker.append(event("1"));
            assertArrayEquals(event("1"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldSendOtherRootsWhereThatIsSet() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("roots", new String[] {"{urn:clacks}Clack"}))) {
            broker.append(event("1"));
            broker.append("<Clack/>".getBytes(UTF_8));
            byte[] wanted = "<Clack xmlns='urn:clacks'/>".getBytes(UTF_8);
            broker.append(wanted);
            assertArrayEquals(wanted, subscriber.takeEvent());
            broadcaster.modify(config("roots", new String[] {"VOEvent"}));
            broker.append("<Clack xmlns='urn:clacks' n='2'/>".getBytes(UTF_8));
            broker.append(event("2"));
            assertArrayEquals(event("2"), subscriber.takeEvent());
            String message = assertThrows(IllegalArgumentException.class, () -> broadcaster.modify(config("roots", new String[] {"a b"}))).getMessage();
            assertTrue(message.contains("etc/b.cfg.json") && message.contains("key roots") && message.contains("a b"), message);
        }
    }

    @Test
    void shouldServeManyEachInOrder() throws Exception {
        int port = start();
        VtpPeer[] subscribers = new VtpPeer[20];
        for (int i = 0; i < subscribers.length; i++) {
            subscribers[i] = VtpPeer.subscribe(port);
        }
        for (int i = 0; i < 200; i++) {
            broker.append(event("" + i));
        }
        for (VtpPeer subscriber : subscribers) {
            for (int i = 0; i < 200; i++) {
                assertArrayEquals(event("" + i), subscriber.takeEvent());
            }
            subscriber.close();
        }
        await().until(() -> broker.openReaders() == 0);
    }

    @Test
    void shouldSendWhatPassesAnyFilterAndReplaceFilters() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            subscriber.filters(KSK, "//Author[contactName='Other']");
            awaitFilters(KSK, "//Author[contactName='Other']");
            broker.append(event("1", "Nobody"));
            broker.append(event("2", "KSK"));
            broker.append(event("3", "Other"));
            assertArrayEquals(event("2", "KSK"), subscriber.takeEvent());
            assertArrayEquals(event("3", "Other"), subscriber.takeEvent());
            subscriber.filters("//Author[contactName='Nobody']");
            awaitFilters("//Author[contactName='Nobody']");
            broker.append(event("4", "KSK"));
            broker.append(event("5", "Nobody"));
            assertArrayEquals(event("5", "Nobody"), subscriber.takeEvent());
            subscriber.filters();
            awaitFilters();
            broker.append(event("6", "KSK"));
            assertArrayEquals(event("6", "KSK"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldTakeTheOlderFormOfFilters() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            subscriber.send(VtpPeer.transport("authenticate", "x", "<Meta><filter type=\"xpath\">" + KSK + "</filter></Meta>"));
            awaitFilters(KSK);
            broker.append(event("1", "Nobody"));
            broker.append(event("2", "KSK"));
            assertArrayEquals(event("2", "KSK"), subscriber.takeEvent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<Param name='xpath-filter' value='//Who'/><Param name='xpath-filter' value='//Who['/>",
        "<Param name='xpath-filter' value='//Who'/><Param name='xpath-filter'/>",
        "<Param name='xpath-filter' value='//Who'/><Param name='xpath-filter' value=''/>",
        "<Param name='xpath-filter' value='//Who'/><filter type='xpath'>//a<b/></filter>",
    })
    void shouldSendNothingAfterABadFirstRequestUntilAGoodOne(String meta) throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            subscriber.send(VtpPeer.transport("authenticate", "x", "<Meta>" + meta + "</Meta>"));
            String nak = subscriber.readText();
            assertTrue(nak.contains("role=\"nak\"") && nak.contains("filter 2 of 2") && nak.contains("nothing is sent"), nak);
            broker.append(event("1", "KSK"));
            await().until(() -> broker.events().size() == 1);
            subscriber.filters(KSK);
            awaitFilters(KSK);
            broker.append(event("2", "KSK"));
            assertArrayEquals(event("2", "KSK"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldKeepTheFiltersInForceWhenALaterRequestIsBad() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("maxFilters", 2))) {
            subscriber.filters(KSK);
            awaitFilters(KSK);
            subscriber.filters("//Who", "//Who[");
            assertTrue(subscriber.readText().contains("the filters in force stay"));
            subscriber.filters("//Who", "//What", "//Why");
            assertTrue(subscriber.readText().contains("3 filters are too many; at most 2"));
            broker.append(event("1", "Nobody"));
            broker.append(event("2", "KSK"));
            assertArrayEquals(event("2", "KSK"), subscriber.takeEvent());
            assertEquals(2, counted("filters.refused"));
        }
    }

    @Test
    void shouldNeverSendUnfilteredWhileTheFilterLanguageIsMissing() throws Exception {
        int port = start();
        try (VtpPeer filtered = VtpPeer.subscribe(port); VtpPeer late = VtpPeer.subscribe(port)) {
            filtered.filters(KSK);
            await().until(() -> broadcaster.connections().connections().stream().anyMatch(c -> c.reader().get().filters().equals(List.of(KSK))));
            languages.remove("xpath", xpath);
            late.filters(KSK);
            try (VtpPeer plain = VtpPeer.subscribe(port)) {
                broker.append(event("1", "Nobody"));
                broker.append(event("2", "KSK"));
                assertArrayEquals(event("1", "Nobody"), plain.takeEvent());
            }
            assertFalse(filtered.closes(Duration.ofMillis(200)));
            languages.put("xpath", new JdkXPath());
            assertArrayEquals(event("2", "KSK"), filtered.takeEvent());
            broker.append(event("3", "KSK"));
            assertArrayEquals(event("3", "KSK"), filtered.takeEvent());
            byte[] first = late.takeEvent();
            while (!Arrays.equals(event("3", "KSK"), first)) {
                first = late.takeEvent(); // what came before its request was taken came unfiltered
            }
        }
    }

    @Test
    void shouldSettleEarlierEventsWithOneAckAndKeepWhoNaks() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            for (int i = 0; i < 3; i++) {
                broker.append(event("" + i));
                subscriber.read();
            }
            await().until(() -> shown().reader().get().unacknowledged() == 3);
            subscriber.ack("ivo://test.author/x#1");
            await().until(() -> shown().reader().get().unacknowledged() == 1);
            subscriber.send(VtpPeer.transport("nak", "ivo://test.author/x#2", "<Meta><Result>no</Result></Meta>"));
            await().until(() -> shown().reader().get().unacknowledged() == 0);
            broker.append(event("3"));
            assertArrayEquals(event("3"), subscriber.takeEvent());
            assertEquals(1, counted("naks"));
            assertEquals(Optional.of("ivo://test.subscriber/one"), shown().peerIdentifier());
        }
    }

    @Test
    void shouldUnderstandAcksThatAreNotWellFormed() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            broker.append(SampleEvents.event("ivo://test.author/x#a&b").bytes());
            subscriber.read();
            subscriber.ack("ivo://test.author/x#a&b"); // as pygcn does
            await().until(() -> shown().reader().get().unacknowledged() == 0);
            subscriber.send(VtpPeer.transport("nak", "ivo://test.author/x#a&b", ""));
            await().until(() -> counted("naks") == 1);
        }
    }

    @Test
    void shouldAskWhetherASubscriberIsThereAndBelieveTheAnswer() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("iamaliveSeconds", 1))) {
            for (int i = 0; i < 5; i++) {
                String message = subscriber.readText();
                assertTrue(message.contains("role=\"iamalive\""), message);
                subscriber.send(VtpPeer.transport("imalive", "ivo://test.broker/local", ""));
            }
        }
    }

    @Test
    void shouldCutWhoMissesThreeSignsOfLife() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("iamaliveSeconds", 1))) {
            for (int i = 0; i < 3; i++) {
                assertTrue(subscriber.readText().contains("role=\"iamalive\""));
            }
            assertTrue(subscriber.closes());
            assertEquals(1, counted("cut.iamalive"));
        }
    }

    @Test
    void shouldAnswerInThePeersNamespace() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("iamaliveSeconds", 1))) {
            subscriber.send(VtpPeer.transport("iamalive", "x", "").replace(VtpPeer.NAMESPACE, "http://www.ivoa.net/xml/VTP/v2"));
            String message = subscriber.readText();
            assertTrue(message.contains("xmlns:trn=\"http://www.ivoa.net/xml/VTP/v2\""), message);
        }
    }

    @Test
    void shouldCutWhoLeavesEventsUnsettledForTooLong() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("unsettledSeconds", 1))) {
            broker.append(event("1"));
            subscriber.read();
            assertTrue(subscriber.closes());
            assertEquals(1, counted("cut.unsettled"));
        }
    }

    @Test
    void shouldCutWhoLeavesTooManyEventsUnsettled() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start("maxUnsettled", 5))) {
            for (int i = 0; i < 6; i++) {
                broker.append(event("" + i));
            }
            await().until(() -> counted("cut.unsettled") == 1);
            await().until(() -> broadcaster.connections().connections().isEmpty());
            assertThrows(IOException.class, () -> {
                while (true) {
                    subscriber.read();
                }
            });
        }
    }

    @Test
    void shouldSendEachByteOnceHoweverTheSocketTakesThem() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            List<byte[]> events = new ArrayList<>();
            for (int i = 0; i < 400; i++) { // more than sockets hold, some of them longer than what is written at once
                String text = ("" + i).repeat(i % 50 == 0 ? 60_000 : i % 7 * 5_000 + 1);
                events.add(SampleEvents.event("ivo://test.author/x#" + i).description(text).bytes());
                broker.append(events.get(i));
            }
            await().until(() -> broadcaster.bytesQueued() > 0);
            for (byte[] event : events) {
                assertArrayEquals(event, subscriber.takeEvent());
            }
            await().until(() -> broadcaster.bytesQueued() == 0);
            assertEquals(400, counted("events.sent"));
            await().until(() -> counted("acks") == 400);
        }
    }

    @Test
    void shouldNotReadOnForASlowSubscriberAndHoldUpNobody() throws Exception {
        int port = start("unsettledSeconds", 3);
        String large = "x".repeat(500_000);
        try (VtpPeer slow = VtpPeer.subscribe(port); VtpPeer quick = VtpPeer.subscribe(port)) {
            for (int i = 0; i < 60; i++) { // 30 MB: more than socket buffers take
                byte[] event = SampleEvents.event("ivo://test.author/x#" + i).description(large).bytes();
                broker.append(event);
                assertArrayEquals(event, quick.takeEvent());
            }
            long queued = broadcaster.bytesQueued();
            assertTrue(queued < 2_000_000, queued + " bytes wait for the slow subscriber");
            await().until(() -> counted("cut.unsettled") == 1);
            assertThrows(IOException.class, () -> {
                while (true) {
                    slow.read();
                }
            });
            broker.append(event("1"));
            assertArrayEquals(event("1"), quick.takeEvent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no XML at all", "<unclosed>"})
    void shouldCutWhoSendsGarbage(String garbage) throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            subscriber.send(garbage);
            assertTrue(subscriber.closes());
            assertEquals(1, counted("cut.garbage"));
        }
    }

    @Test
    void shouldCutWhoSpeaksAnotherProtocol() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            subscriber.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            assertTrue(subscriber.closes());
            assertEquals(1, counted("cut.garbage"));
        }
    }

    @Test
    void shouldTellAnAuthorThatThisIsTheWrongPort() throws Exception {
        try (VtpPeer author = VtpPeer.subscribe(start())) {
            author.send(event("1"));
            String nak = author.readText();
            assertTrue(nak.contains("role=\"nak\"") && nak.contains("<Origin>ivo://test.author/x#1</Origin>") && nak.contains("other port"), nak);
            assertTrue(author.closes());
        }
    }

    @Test
    void shouldIgnoreUnknownRoles() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(start())) {
            subscriber.send(VtpPeer.transport("banana", "x", ""));
            broker.append(event("1"));
            assertArrayEquals(event("1"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldCloseWhoIsNotAllowedWithoutAByte() throws Exception {
        try (VtpPeer subscriber = VtpPeer.connect(start("allow", new String[] {"2001:db8::/32"}))) {
            assertTrue(subscriber.closes());
            assertEquals(1, counted("refused.allow-list"));
            assertEquals(0, broker.openReaders());
        }
    }

    @Test
    void shouldKeepSubscribersThatAreStillAllowed() throws Exception {
        int port = start();
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            broadcaster.modify(config("allow", new String[] {"127.0.0.0/8"}));
            broker.append(event("1"));
            assertArrayEquals(event("1"), subscriber.takeEvent());
            broadcaster.modify(config("allow", new String[] {"192.0.2.0/24"}));
            assertTrue(subscriber.closes());
        }
    }

    @Test
    void shouldLeaveOtherBroadcastersAlone() throws Exception {
        int port = start();
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            try (Broadcaster other = new Broadcaster(new Instance("broadcaster.other", "etc/o.cfg.json"), config(), node, broker, broker, null)) {
                other.modify(config("allow", new String[] {"192.0.2.0/24"}));
            }
            broker.append(event("1"));
            assertArrayEquals(event("1"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldListenOnIpv6() throws Exception {
        int port = start("address", "::1", "allow", new String[] {"::1"});
        try (VtpPeer subscriber = VtpPeer.connect("::1", port)) {
            subscriber.readText();
            assertTrue(shown().address().startsWith("[0:0:0:0:0:0:0:1]:"), shown().address());
        }
    }

    @Test
    void shouldSubmitATestEventAtTheFrontDoor() throws Exception {
        int port = start("testIntervalSeconds", 1);
        try (Broadcaster second = new Broadcaster(new Instance("broadcaster.second", "etc/s.cfg.json"), config("testIntervalSeconds", 1), node, broker, broker, null);
                VtpPeer subscriber = VtpPeer.subscribe(port)) {
            String event = new String(subscriber.takeEvent(), UTF_8);
            assertTrue(event.contains("role=\"test\"") && event.contains("ivorn=\"ivo://test.broker/local#TestEvent-20"), event);
            Submission submission = broker.submissions().get(0);
            assertEquals(Submission.Origin.AUTHOR, submission.origin());
            assertEquals(Optional.of(Duration.ofDays(1)), submission.keep());
            subscriber.takeEvent();
            // two broadcasters, one event an interval
            assertEquals(2, counted("test-events") + second.counters().of("test-events").sum());
            broadcaster.modify(config("testIntervalSeconds", 0));
        }
    }

    @Test
    void shouldNeedALocalIdentifier() {
        try (Node nameless = new Node(null, languages)) {
            String message = assertThrows(IllegalStateException.class,
                    () -> new Broadcaster(new Instance("b", "etc/b.cfg.json"), config(), nameless, broker, broker, null)).getMessage();
            assertTrue(message.contains("etc/b.cfg.json") && message.contains("--local-ivo"), message);
        }
    }
}
