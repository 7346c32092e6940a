package org.bolide.shell.command;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.xml.namespace.QName;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventReader;
import org.bolide.api.EventSummary;
import org.bolide.api.ReaderPlace;
import org.bolide.api.ReaderSpec;
import org.bolide.api.SkyPosition;
import org.bolide.api.management.Deliveries;
import org.bolide.api.management.Deliveries.Answer;
import org.bolide.api.management.Deliveries.Delivery;
import org.bolide.api.management.Refusals;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventsCommandTest {

    private static final QName ROOT = new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent");

    private final Log log = new Log();
    private final TestServices services = new TestServices().with(log);
    private final TestCaller caller = new TestCaller(Path.of(""));

    private String typed(String... words) throws Exception {
        caller.outBytes.reset();
        assertEquals(0, caller.type(services, words));
        return caller.said().replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d", "DDDD-DD-DD TT:TT:TT")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d", "DDDD-DD-DD TT:TT");
    }

    private String refusal(String... words) {
        return assertThrows(Refusal.class, () -> caller.type(services, words)).getMessage();
    }

    private void add(String identifier, String role, Optional<SkyPosition> position, String text, Citation... citations) {
        log.add(text.getBytes(StandardCharsets.UTF_8), new EventHeader(ROOT, Optional.of(identifier), Optional.of(role), Optional.of("ivo://test.author/me"),
                Optional.of(Instant.EPOCH), Optional.empty(), position, List.of(citations)));
    }

    private void fill() {
        add("ivo://test.author/swift#1", "observation", Optional.of(new SkyPosition(104.2718, 41.3101, OptionalDouble.of(0.05), "UTC-FK5-GEO")), "<one/>");
        add("ivo://test.author/swift#2", "test", Optional.of(new SkyPosition(105, 41, OptionalDouble.empty(), "")), "<two/>");
        add("ivo://nasa.gsfc.gcn/Fermi#GBM_Fin_Pos2014-04-30T07:16:01.45_420534964_0-220\u001b[2J", "prediction", Optional.empty(), "<three/>");
        add("ivo://test.author/swift#1", "utility", Optional.empty(),
                "<?xml version='1.0' encoding='ISO-8859-1'?>\n<four>\u001b[2J\n\t</four>", new Citation("ivo://test.author/swift#2", "followup"),
                new Citation("ivo://elsewhere/x#y", ""));
    }

    @Test
    void shouldListTheNewestFirstAndPageOn() throws Exception {
        assertEquals("The log has no events yet.\n", typed("events"));
        fill();
        assertEquals("""
                Seq.  Received (UTC)    Role  IVOID
                   4  DDDD-DD-DD TT:TT  util  ivo://test.author/swift#1
                   3  DDDD-DD-DD TT:TT  pred  ivo://nasa.gsfc.gcn/Fermi#GBM_Fin_Pos2014-04-30T07:16:01.45_420534964_
                                              0-220�[2J
                There are more; the next page: add --before=3
                """, typed("events", "--limit=2"));
        assertEquals("""
                Seq.  Received (UTC)    Role  IVOID
                   2  DDDD-DD-DD TT:TT  test  ivo://test.author/swift#2
                   1  DDDD-DD-DD TT:TT  obs   ivo://test.author/swift#1
                """, typed("events", "list", "--limit=2", "--before=3"));
    }

    @Test
    void shouldSearch() throws Exception {
        fill();
        assertEquals("""
                Seq.  Received (UTC)          RA, Dec    Off  IVOID
                   1  DDDD-DD-DD TT:TT  104.27 +41.31  0.00°  ivo://test.author/swift#1
                """, typed("events", "--cone=06:57:05.2,+41:18:36,0.2"));
        assertEquals("2", sequences("--cone=105,41,0.2"));
        assertEquals("2 1", sequences("--cone=105,41,2"));
        assertEquals("4 1", sequences("--part=SWIFT#1"));
        assertEquals("4 2 1", sequences("--stream=ivo://test.author/swift"));
        assertEquals("3", sequences("--role=prediction"));
        assertEquals("", sequences("--since=2100-01-01"));
        assertEquals("4 3 2 1", sequences("--until=2100-01-01"));
        assertEquals("No event of the log is like that.\n", typed("events", "--role", "x"));
        assertTrue(refusal("events", "--cone=1,2").startsWith("events: --cone takes RA,DEC,RADIUS in degrees, such as "));
        assertTrue(refusal("events", "--cone=1:99,2,3").startsWith("events: --cone takes RA,DEC,RADIUS"));
        assertTrue(refusal("events", "--cone=1,100,3").startsWith("events: no circle on the sky: longitude 1.0, latitude 100.0"));
        assertEquals("events: --limit is 1 to 10,000, not 0; see bolide events --help", refusal("events", "--limit=0"));
        assertEquals("events: --before is a sequence, not \"x\"; see bolide events --help", refusal("events", "--before=x"));
    }

    private String sequences(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("events", "list", "--json"));
        words.addAll(List.of(options));
        JsonArray events = JsonParser.parseString(typed(words.toArray(String[]::new))).getAsJsonArray();
        return events.asList().stream().map(event -> event.getAsJsonObject().get("sequence").getAsString())
                .collect(Collectors.joining(" "));
    }

    @Test
    void shouldShowAnEventWithItsNeighbours() throws Exception {
        fill();
        caller.terminal = true;
        assertEquals("""
                Event      4, received on DDDD-DD-DD TT:TT:TT UTC from testkit
                IVOID      ivo://test.author/swift#1
                           also the name of event 1
                Role       utility, VOEvent of the namespace "http://www.ivoa.net/xml/VOEvent/v2.0", 63 bytes
                Stream     ivo://test.author/swift
                Author     ivo://test.author/me, on DDDD-DD-DD TT:TT:TT UTC
                Cites      followup of ivo://test.author/swift#2 (event 2)
                           ivo://elsewhere/x#y (not in the log)

                <?xml version='1.0' encoding='ISO-8859-1'?>
                <four>�[2J
                 </four>
                """, typed("events", "show", "ivo://test.author/swift#1"));
        assertTrue(typed("events", "show", "1").contains(
                "Position   104.2718, +41.3101 degrees (06:57:05.2 +41:18:36), error 0.05, UTC-FK5-GEO\n"), caller.said());
        typed("events", "show", "--xml", "4");
        byte[] content = new byte[63];
        log.events.get(3).content().get(content);
        assertArrayEquals(content, caller.outBytes.toByteArray());
        JsonObject event = JsonParser.parseString(typed("events", "show", "--json", "4")).getAsJsonObject();
        assertEquals("<?xml version='1.0' encoding='ISO-8859-1'?>\n<four>\u001b[2J\n\t</four>", event.get("xml").getAsString());
        assertEquals("followup", event.get("citations").getAsJsonArray().get(0).getAsJsonObject().get("relation").getAsString());
        assertEquals("The log holds no event with the sequence 5; the newest has 4.", refusal("events", "show", "5"));
    }

    @Test
    void shouldShowWhatCitesAnEvent() throws Exception {
        fill();
        assertTrue(typed("events", "show", "2").contains("\nCited by   ivo://test.author/swift#1 (event 4, followup)\n"), caller.said());
        JsonObject event = JsonParser.parseString(typed("events", "show", "--json", "2")).getAsJsonObject();
        assertEquals("[{\"sequence\":4,\"identifier\":\"ivo://test.author/swift#1\",\"relation\":\"followup\"}]", event.get("citedBy").toString());
        for (int i = 5; i <= 12; i++) {
            add("ivo://test.author/swift#" + i, "observation", Optional.empty(), "<more/>", new Citation("ivo://test.author/swift#2", ""));
        }
        assertTrue(typed("events", "show", "2").contains("""
                Cited by   ivo://test.author/swift#12 (event 12)
                           ivo://test.author/swift#11 (event 11)
                           ivo://test.author/swift#10 (event 10)
                           ivo://test.author/swift#9 (event 9)
                           ivo://test.author/swift#8 (event 8)
                           and 4 more; --json shows them
                """), caller.said());
        assertEquals(9, JsonParser.parseString(typed("events", "show", "--json", "2")).getAsJsonObject().get("citedBy").getAsJsonArray().size());
    }

    @Test
    void shouldShowToWhomAnEventWentAndWhatTheyAnswered() throws Exception {
        fill();
        Instant received = log.events.get(1).receivedAt();
        Instant sent = received.plusMillis(1);
        services.with(deliveries(received.minusSeconds(60), 2,
                        new Delivery("broadcaster.public", "192.0.2.7:41234", sent, Answer.ACKNOWLEDGED, Optional.of(sent.plusNanos(1_500_000))),
                        new Delivery("broadcaster.public", "192.0.2.8:41234", sent.plusMillis(2), Answer.NONE, Optional.empty()),
                        new Delivery("broadcaster.public", "desk", sent.plusMillis(3), Answer.REFUSED, Optional.of(sent.plusSeconds(12))),
                        new Delivery("broadcaster.public", "old-client", sent.plusMillis(4), Answer.SETTLED, Optional.of(sent.plusSeconds(1)))))
                .with(deliveries(received.minusSeconds(30), 2,
                        new Delivery("handler", "mail", sent.plusMillis(1), Answer.BURIED, Optional.of(sent.plusSeconds(300).plusMillis(1)))));
        place("handler:mail", 4);
        place("handler:save-event", 4);
        place("handler:slow", 1);
        place("subscriber/192.0.2.0/24/ivo://a/b/desk", 4);
        place("subscriber/192.0.2.0/24/ivo://a/b/away", 1);
        place("streams", 4);
        assertTrue(typed("events", "show", "2").contains("""

                Went to          By                  At (UTC)             Answer
                192.0.2.7:41234  broadcaster.public  DDDD-DD-DD TT:TT:TT  acknowledged after 1.5 ms
                mail             handler             DDDD-DD-DD TT:TT:TT  given up after 5 min: a dead letter
                192.0.2.8:41234  broadcaster.public  DDDD-DD-DD TT:TT:TT  no answer
                desk             broadcaster.public  DDDD-DD-DD TT:TT:TT  refused after 11 s
                old-client       broadcaster.public  DDDD-DD-DD TT:TT:TT  settled by a later answer after 996 ms
                save-event       handler             -                    not given it: its filter leaves it out, or
                                                                          it began later
                slow             handler             -                    still to come: its place is 1
                away             subscriber          -                    still to come: its place is 1
                All deliveries since DDDD-DD-DD TT:TT:TT UTC are remembered.

                <two/>
                """), caller.said());
        JsonObject event = JsonParser.parseString(caller(2)).getAsJsonObject();
        assertEquals(received.minusSeconds(30).toString(), event.get("deliveriesSince").getAsString());
        JsonObject first = event.get("deliveries").getAsJsonArray().get(0).getAsJsonObject();
        assertEquals("{\"component\":\"broadcaster.public\",\"receiver\":\"192.0.2.7:41234\",\"sentAt\":\"" + sent
                + "\",\"answer\":\"ACKNOWLEDGED\",\"answeredAt\":\"" + sent.plusNanos(1_500_000) + "\"}", first.toString());
        assertEquals(List.of("save-event NOT_GIVEN", "slow TO_COME", "away TO_COME"), event.get("places").getAsJsonArray().asList().stream()
                .map(JsonElement::getAsJsonObject).map(place -> place.get("receiver").getAsString() + " " + place.get("state").getAsString()).toList());
    }

    @Test
    void shouldShowWhatThePlacesTellOfAnEventFromBeforeTheStart() throws Exception {
        fill();
        services.with(deliveries(Instant.now().plusSeconds(60), 0));
        place("handler:save-event", 4);
        place("subscriber/192.0.2.0/24/ivo://a/b/away", 1);
        assertTrue(typed("events", "show", "2").contains("""

                Went to     By          At (UTC)  Answer
                save-event  handler     -         done with it earlier, or not given it
                away        subscriber  -         still to come: its place is 1
                No delivery of it is remembered; all since DDDD-DD-DD TT:TT:TT UTC are.

                <two/>
                """), caller.said());
    }

    @Test
    void shouldShowTheFirstOfManyDeliveries() throws Exception {
        fill();
        services.with(deliveries(Instant.EPOCH, 1, IntStream.range(0, 256)
                .mapToObj(i -> new Delivery("broadcaster.public", "192.0.2." + i + ":1", Instant.now(), Answer.NONE, Optional.empty())).toArray(Delivery[]::new)));
        assertEquals(50, typed("events", "show", "1").lines().filter(line -> line.startsWith("192.0.2.")).count());
        assertTrue(caller.said().contains("\nAnd 206 more; --json shows all.\n"), caller.said());
        assertEquals(256, JsonParser.parseString(caller(1)).getAsJsonObject().get("deliveries").getAsJsonArray().size());
    }

    /** What a script gets, with its times. */
    private String caller(long sequence) throws Exception {
        typed("events", "show", "--json", Long.toString(sequence));
        return caller.said();
    }

    private void place(String reader, long sequence) {
        log.places.put(reader, new ReaderPlace(sequence, Instant.EPOCH));
    }

    private static Deliveries deliveries(Instant since, long of, Delivery... all) {
        return new Deliveries() {
            @Override
            public List<Delivery> of(long sequence) {
                return sequence == of ? List.of(all) : List.of();
            }

            @Override
            public Instant since() {
                return since;
            }
        };
    }

    @Test
    void shouldShowWhatWasRefusedAndWhy() throws Exception {
        assertEquals("Not now: the broker (the bundle org.bolide.broker) does not run. The log file says why.", refusal("events", "refused"));
        services.with((Refusals) max -> List.of(
                new Refusals.Refusal(Instant.parse("2026-11-22T10:15:03Z"), "192.0.2.7:41234", Optional.of("ivo://test.author/x#1"), 4_567,
                        Refusals.Kind.INVALID, "line 3, column 17: \"Wo\" is not allowed here; expected: Who"),
                new Refusals.Refusal(Instant.parse("2026-11-22T10:15:02Z"), "192.0.2.7:41234", Optional.empty(), 12,
                        Refusals.Kind.MALFORMED, "no XML\u001b[2J")).subList(0, Math.min(max, 2)));
        assertEquals("""
                At (UTC)             Kind       From             Event, and why
                DDDD-DD-DD TT:TT:TT  invalid    192.0.2.7:41234  ivo://test.author/x#1: line 3, column 17: "Wo" is
                                                                 not allowed here; expected: Who
                DDDD-DD-DD TT:TT:TT  malformed  192.0.2.7:41234  (without an IVOID, 12 bytes): no XML�[2J
                """, typed("events", "refused"));
        assertEquals(1, JsonParser.parseString(typed("events", "refused", "--limit=1", "--json")).getAsJsonArray().size());
    }

    /** A log whose headers a test writes. */
    private static final class Log implements EventLog {

        private final List<BrokerEvent> events = new ArrayList<>();
        private final SortedMap<String, ReaderPlace> places = new TreeMap<>();

        private void add(byte[] content, EventHeader header) {
            events.add(TestEvent.of(events.size() + 1, header, content));
        }

        @Override
        public List<BrokerEvent> withIdentifier(String identifier, int maxEvents) {
            return events.stream().filter(event -> event.header().identifier().equals(Optional.of(identifier))).limit(maxEvents).toList();
        }

        @Override
        public List<BrokerEvent> search(EventQuery query, long before, int maxEvents) {
            Map<Long, BrokerEvent> found = new TreeMap<>(Comparator.reverseOrder());
            events.stream().filter(event -> event.sequence() < before && query.matches(event.header(), event.receivedAt(), identifier -> false))
                    .forEach(event -> found.put(event.sequence(), event));
            return found.values().stream().limit(maxEvents).toList();
        }

        @Override
        public long count(EventQuery query) {
            return search(query, Long.MAX_VALUE, Integer.MAX_VALUE).size();
        }

        @Override
        public List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents) {
            assertTrue(order == EventSummary.Order.SEQUENCE && descending && skip == 0);
            return search(query, Long.MAX_VALUE, maxEvents).stream()
                    .map(event -> new EventSummary(event.sequence(), event.header(), event.source(), event.receivedAt(), 1, 0)).toList();
        }

        @Override
        public List<EventSummary.Tally> tally(EventQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long latest() {
            return events.size();
        }

        @Override
        public EventReader open(ReaderSpec spec) {
            throw new AssertionError("not asked for");
        }

        @Override
        public SortedMap<String, ReaderPlace> places(String prefix) {
            return places.subMap(prefix, prefix + Character.MAX_VALUE);
        }

        @Override
        public void forget(String name) {
            throw new AssertionError("not asked for");
        }
    }
}
