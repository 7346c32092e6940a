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

import javax.xml.namespace.QName;

import com.google.gson.JsonArray;
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
            throw new UnsupportedOperationException();
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
            throw new AssertionError("not asked for");
        }

        @Override
        public void forget(String name) {
            throw new AssertionError("not asked for");
        }
    }
}
