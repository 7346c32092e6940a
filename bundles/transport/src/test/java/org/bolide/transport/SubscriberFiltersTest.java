package org.bolide.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

import org.bolide.api.BrokerEvent;
import org.bolide.api.RelayPolicy;
import org.bolide.api.management.Connections.Connection;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What strangers may ask a broadcaster for, and what becomes of it: languages, the owner's policy, filters that cost too much. */
class SubscriberFiltersTest {

    private static final String KSK = "//Author[contactName='KSK']";
    private static final String OTHER = "//Author[contactName='Other']";
    private static final Set<String> BOTH = Set.of("xpath", "xquery");

    private final Languages languages = new Languages();
    private final BoundedXPath xpath = new BoundedXPath();
    private final Node node = new Node(Ivoid.parse("ivo://test.broker/local"), languages);
    private final MemoryBroker broker = new MemoryBroker();
    private Broadcaster broadcaster;
    private int port;

    @BeforeEach
    void start() throws IOException {
        languages.put("xpath", xpath);
        Map<String, Object> values = new HashMap<>(Map.of("port", 0, "address", "127.0.0.1", "testIntervalSeconds", 0));
        broadcaster = new Broadcaster(new Instance("broadcaster.public", "etc/b.cfg.json"), Configs.of(BroadcasterConfig.class, values), node,
                broker, broker, null);
        port = broadcaster.port();
    }

    @AfterEach
    void close() {
        xpath.gate.countDown();
        broadcaster.close();
        node.close();
        broker.close();
    }

    private static byte[] event(String id, String contact) {
        return SampleEvents.event("ivo://test.author/x#" + id).contactName(contact).bytes();
    }

    private long counted(String name) {
        return broadcaster.counters().of(name).sum();
    }

    private List<Connection> shown() {
        return broadcaster.connections().connections();
    }

    private void awaitFilters(String... filters) {
        await().until(() -> shown().stream().anyMatch(c -> c.reader().get().filters().equals(List.of(filters))));
    }

    private static String asked(String... params) {
        StringBuilder meta = new StringBuilder("<Meta>");
        for (String param : params) {
            String[] parts = param.split(" ", 2);
            meta.append("<Param name='").append(parts[0]).append("' value=\"").append(parts[1]).append("\"/>");
        }
        return VtpPeer.transport("authenticate", "x", meta + "</Meta>");
    }

    private static RelayPolicy policy(Set<String> filterLanguages, Predicate<BrokerEvent> relayed) {
        return (listener, address) -> {
            assertEquals("broadcaster.public", listener);
            assertEquals(InetAddress.getLoopbackAddress(), address);
            return new RelayPolicy.Audience() {

                @Override
                public boolean mayReceive(BrokerEvent event) {
                    return relayed.test(event);
                }

                @Override
                public Set<String> filterLanguages() {
                    return filterLanguages;
                }
            };
        };
    }

    private static boolean isFirst(BrokerEvent event) {
        return event.header().identifier().orElse("").endsWith("#1");
    }

    @Test
    void shouldSendOnlyWhatTheOwnerRelaysAndAskAnewWhenThatChanges() throws Exception {
        broadcaster.policy(policy(BOTH, event -> !isFirst(event)));
        try (VtpPeer all = VtpPeer.subscribe(port); VtpPeer filtered = VtpPeer.subscribe(port)) {
            filtered.filters(OTHER);
            awaitFilters(OTHER);
            broker.append(event("1", "Other"));
            broker.append(event("2", "Other"));
            assertArrayEquals(event("2", "Other"), all.takeEvent());
            assertArrayEquals(event("2", "Other"), filtered.takeEvent());
            assertEquals(2, counted("held-back"));
            broadcaster.policy(policy(BOTH, SubscriberFiltersTest::isFirst));
            broker.append(event("3", "Other"));
            await().until(() -> counted("held-back") == 4);
            broadcaster.policy(null);
            broker.append(event("4", "Other"));
            assertArrayEquals(event("4", "Other"), all.takeEvent());
            assertArrayEquals(event("4", "Other"), filtered.takeEvent());
        }
    }

    @Test
    void shouldNotEvaluateFiltersOnWhatIsHeldBack() throws Exception {
        broadcaster.policy(policy(BOTH, event -> !isFirst(event)));
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters(OTHER);
            awaitFilters(OTHER);
            broker.append(event("1", "Other"));
            broker.append(event("2", "Other"));
            subscriber.takeEvent();
            assertEquals(1, xpath.evaluatedBy.size());
        }
    }

    @Test
    void shouldRefuseXQueryUnlessTheOwnerAllowsIt() throws Exception {
        languages.put("xquery", new JdkXPath());
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.send(asked("xpath-filter //Who", "xquery-filter //What"));
            String nak = subscriber.readText();
            assertTrue(nak.contains("filter 2 of 2 (xquery-filter)") && nak.contains("not allowed") && nak.contains("nothing is sent"), nak);
            assertTrue(shown().get(0).reader().get().filterFault().orElse("").contains("xquery"));
            broadcaster.policy(policy(BOTH, event -> true));
            subscriber.send(asked("xpath-filter //Author[contactName='KSK']", "xquery-filter //Author[contactName='Other']"));
            awaitFilters("//Author[contactName='KSK']", "//Author[contactName='Other']");
            assertEquals(Optional.empty(), shown().get(0).reader().get().filterFault());
            broker.append(event("1", "Nobody"));
            broker.append(event("2", "KSK"));
            broker.append(event("3", "Other"));
            assertArrayEquals(event("2", "KSK"), subscriber.takeEvent());
            assertArrayEquals(event("3", "Other"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldTakeFiltersAwayWhoseLanguageTheOwnerNoLongerAllows() throws Exception {
        languages.put("xquery", new JdkXPath());
        broadcaster.policy(policy(BOTH, event -> true));
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.send(asked("xquery-filter " + OTHER));
            awaitFilters(OTHER);
            broadcaster.policy(null);
            String nak = subscriber.readText();
            assertTrue(nak.contains("no longer allowed") && nak.contains("nothing is sent"), nak);
            broker.append(event("1", "Other"));
            subscriber.filters(OTHER);
            awaitFilters(OTHER);
            broker.append(event("2", "Other"));
            byte[] first = subscriber.takeEvent();
            assertTrue(Arrays.equals(event("1", "Other"), first) || Arrays.equals(event("2", "Other"), first));
        }
    }

    @Test
    void shouldWaitForEachLanguageOfARequest() throws Exception {
        broadcaster.policy(policy(BOTH, event -> true));
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.send(asked("xpath-filter //Author[contactName='KSK']", "xquery-filter //Author[contactName='Other']"));
            await().until(() -> shown().get(0).lastHeard().isPresent());
            broker.append(event("1", "Nobody"));
            broker.append(event("2", "Other"));
            assertFalse(subscriber.closes(Duration.ofMillis(200)));
            languages.put("xquery", new JdkXPath());
            assertFalse(isUnfiltered(subscriber.takeEvent(), subscriber));
        }
    }

    /** What was sent before the request came is no fault. */
    private static boolean isUnfiltered(byte[] first, VtpPeer subscriber) throws IOException {
        return Arrays.equals(event("1", "Nobody"), first) ? isUnfiltered(subscriber.takeEvent(), subscriber) : !Arrays.equals(event("2", "Other"), first);
    }

    @Test
    void shouldTakeAwayAFilterThatCostsTooMuchAndKeepTheOthers() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters(OTHER, BoundedXPath.COSTLY);
            awaitFilters(OTHER, BoundedXPath.COSTLY);
            broker.append(event("1", "KSK"));
            String nak = subscriber.readText();
            assertTrue(nak.contains("role=\"nak\"") && nak.contains("filter 2 of 2 (xpath-filter)") && nak.contains("//*[//*[//*")
                    && nak.contains("for an hour") && nak.contains("the others stay"), nak);
            awaitFilters(OTHER);
            assertEquals(1, counted("filters.overran"));
            assertTrue(shown().get(0).reader().get().filterFault().orElse("").contains("filter 2 of 2"));
            broker.append(event("2", "KSK"));
            broker.append(event("3", "Other"));
            assertArrayEquals(event("3", "Other"), subscriber.takeEvent());
        }
    }

    @Test
    void shouldSendNothingRatherThanEverythingWhenNoFilterIsLeft() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters(BoundedXPath.COSTLY);
            awaitFilters(BoundedXPath.COSTLY);
            broker.append(event("1", "KSK"));
            String nak = subscriber.readText();
            assertTrue(nak.contains("filter 1 of 1") && nak.contains("nothing is sent until"), nak);
            broker.append(event("2", "Other"));
            subscriber.filters(OTHER);
            awaitFilters(OTHER); // a second later
            broker.append(event("3", "Other"));
            byte[] next = subscriber.takeEvent();
            assertTrue(Arrays.equals(event("3", "Other"), next) || Arrays.equals(event("2", "Other"), next));
        }
    }

    @Test
    void shouldTakeAllFiltersAwayAfterTheSecondOfAConnectionAndRefuseFurtherRequests() throws Exception {
        String padded = BoundedXPath.COSTLY + " ";
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters(BoundedXPath.COSTLY, padded, OTHER);
            awaitFilters(BoundedXPath.COSTLY, padded, OTHER);
            broker.append(event("1", "KSK"));
            String nak = subscriber.readText();
            assertTrue(nak.contains("filter 1 of 3") && nak.contains("filter 2 of 3") && nak.contains("connect again"), nak);
            assertEquals(List.of(), shown().get(0).reader().get().filters());
            subscriber.filters(OTHER);
            nak = subscriber.readText();
            assertTrue(nak.contains("connect again"), nak);
            broker.append(event("2", "Other"));
            assertFalse(subscriber.closes(Duration.ofMillis(200)));
            assertEquals(2, counted("filters.overran"));
        }
        try (VtpPeer again = VtpPeer.subscribe(port)) {
            broker.append(event("3", "KSK"));
            assertArrayEquals(event("3", "KSK"), again.takeEvent());
        }
    }

    @Test
    void shouldRefuseTheSameFilterToThatAddressAndHaveItsNextRequestsWait() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(port); VtpPeer other = VtpPeer.subscribe(port)) {
            subscriber.filters(BoundedXPath.COSTLY);
            awaitFilters(BoundedXPath.COSTLY);
            broker.append(event("1", "KSK"));
            subscriber.readText();
            other.takeEvent();
            long before = System.nanoTime();
            other.filters(OTHER);
            await().until(() -> shown().stream().filter(c -> c.lastHeard().isPresent()).count() == 2);
            broker.append(event("2", "Nobody"));
            broker.append(event("3", "Other"));
            byte[] next = other.takeEvent();
            if (Arrays.equals(event("2", "Nobody"), next)) { // sent before the request had come
                next = other.takeEvent();
            }
            assertArrayEquals(event("3", "Other"), next);
            assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 1000, "it did not wait a second");
            other.filters(OTHER, BoundedXPath.COSTLY);
            broker.append(event("4", "Other"));
            assertArrayEquals(event("4", "Other"), other.takeEvent()); // what is in force stays meanwhile
            String nak = other.readText();
            assertTrue(nak.contains("filter 2 of 2") && nak.contains("for an hour") && nak.contains("the filters in force stay"), nak);
        }
    }

    @Test
    void shouldRefuseAtOnceWhatIsKnownToCostTooMuch() throws Exception {
        BrokerEvent event = broker.append(event("1", "KSK"));
        xpath.compile(BoundedXPath.COSTLY, Map.of()).matches(event);
        int evaluated = xpath.evaluatedBy.size();
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters(BoundedXPath.COSTLY);
            String nak = subscriber.readText();
            assertTrue(nak.contains("costs too much") && nak.contains("nothing is sent"), nak);
            assertEquals(evaluated, xpath.evaluatedBy.size());
            assertEquals(0, counted("filters.overran"));
        }
    }

    @Test
    void shouldCompileAndTryFiltersOnThreadsApartUntilTheyAreKnownToCostLittle() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters(OTHER);
            awaitFilters(OTHER);
            assertTrue(xpath.compiledBy.peek().startsWith("vtp-filters"), xpath.compiledBy.toString());
            broker.append(event("1", "Other"));
            subscriber.takeEvent();
            assertTrue(xpath.evaluatedBy.peek().startsWith("vtp-filters"), xpath.evaluatedBy.toString());
            for (int i = 2; i < 1000 && xpath.evaluatedBy.stream().noneMatch(name -> name.startsWith("vtp-worker")); i++) {
                broker.append(event("" + i, "Other"));
                subscriber.takeEvent();
            }
            assertTrue(xpath.evaluatedBy.stream().anyMatch(name -> name.startsWith("vtp-worker")), "it never joined the others");
        }
    }

    @Test
    void shouldHoldUpNobodyElseWhileFiltersAreCompiled() throws Exception {
        try (VtpPeer plain = VtpPeer.subscribe(port)) {
            xpath.gate = new CountDownLatch(1);
            VtpPeer[] hostile = new VtpPeer[40];
            for (int i = 0; i < hostile.length; i++) {
                hostile[i] = VtpPeer.subscribe(port);
                hostile[i].filters("//Who[" + i + "]");
            }
            await().until(() -> xpath.compiledBy.contains("vtp-filters-1"));
            broker.append(event("1", "Other"));
            assertArrayEquals(event("1", "Other"), plain.takeEvent());
            xpath.gate.countDown();
            for (VtpPeer peer : hostile) {
                peer.close();
            }
        }
    }

    @Test
    void shouldTakeRequestsAsCometWritesThem() throws Exception {
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.send("<?xml version='1.0' encoding='UTF-8'?>\n<trn:Transport xmlns:trn=\"http://www.telescope-networks.org/xml/Transport/v1.1\""
                    + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" version=\"1.0\" role=\"authenticate\""
                    + " xsi:schemaLocation=\"http://telescope-networks.org/schema/Transport/v1.1 http://www.telescope-networks.org/schema/Transport-v1.1.xsd\">"
                    + "<Origin>ivo://test.broker/local</Origin><Response>ivo://comet.example/subscriber</Response>"
                    + "<TimeStamp>2026-11-22T01:02:03Z</TimeStamp><Meta><Param name=\"xpath-filter\" value=\"//Author[contactName='KSK']\"/>"
                    + "<filter type=\"xpath\">//Author[contactName='Other']</filter><Param name='unknown'/></Meta></trn:Transport>");
            awaitFilters("//Author[contactName='KSK']", "//Author[contactName='Other']");
            broker.append(event("1", "Nobody"));
            broker.append(event("2", "Other"));
            assertArrayEquals(event("2", "Other"), subscriber.takeEvent());
            assertEquals(Optional.of("ivo://comet.example/subscriber"), shown().get(0).peerIdentifier());
        }
    }

    @Test
    void shouldReadNoFasterThanItCompiles() throws Exception {
        xpath.gate = new CountDownLatch(1);
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            for (int i = 0; i < 40; i++) {
                subscriber.filters("//Who[" + i + "]", i % 10 == 0 ? "//Author[contactName = '" + "x".repeat(9000) + "']" : "//What");
            }
            assertFalse(subscriber.closes(Duration.ofMillis(200)));
            assertEquals(1, xpath.compiledBy.size());
            xpath.gate.countDown();
            await().until(() -> shown().get(0).reader().get().filters().contains("//Who[39]"));
            assertEquals(0, counted("cut.garbage"));
        }
    }

    @Test
    void shouldBoundTheTextOfFilters() throws Exception {
        String[] half = new String[8];
        Arrays.fill(half, "//Author[contactName = '" + "x".repeat(7000) + "']");
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            subscriber.filters("//Who");
            awaitFilters("//Who");
            String[] twice = Arrays.copyOf(half, 16);
            Arrays.fill(twice, half[0]);
            subscriber.filters(twice);
            String nak = subscriber.readText();
            assertTrue(nak.contains("too long") && nak.contains("the filters in force stay"), nak);
            long before = System.nanoTime();
            subscriber.filters(half); // with the next one more than an address may have compiled at once
            subscriber.filters(half);
            subscriber.filters(KSK);
            awaitFilters(KSK);
            assertTrue(Duration.ofNanos(System.nanoTime() - before).toMillis() >= 500, "they did not wait");
        }
    }

    @Test
    void shouldCutWhoAsksForMoreThanCanWait() throws Exception {
        languages.remove("xpath", xpath);
        try (VtpPeer subscriber = VtpPeer.subscribe(port)) {
            for (int i = 0; i < 17; i++) {
                subscriber.filters("//Who");
            }
            assertTrue(subscriber.closes());
            assertEquals(1, counted("cut.garbage"));
        }
    }
}
