package org.bolide.vocabulary.xml;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import javax.xml.namespace.QName;

import org.bolide.api.EventHeader;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.xml.EventBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.bolide.vocabulary.xml.Vocabularies.GONICUS;
import static org.bolide.vocabulary.xml.Vocabularies.SHIPPED;
import static org.bolide.vocabulary.xml.Vocabularies.clacks;
import static org.bolide.vocabulary.xml.Vocabularies.event;
import static org.bolide.vocabulary.xml.Vocabularies.read;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class XmlVocabularyTest {

    private static final String ALERT = """
            <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
              <identifier>43b080713727</identifier>
              <sender>hsas@dhs.example</sender>
              <sent>2003-04-02T14:39:01-05:00</sent>
              <status>Actual</status>
              <msgType>Alert</msgType>
              <scope>Public</scope>
              <info>
                <event>Test of the sirens</event>
                <onset>2003-04-02T15:00:00-05:00</onset>
              </info>
            </alert>
            """;

    private final XmlVocabulary phones = clacks().open(SHIPPED);

    @Test
    void shouldReadThePhoneStatusOfClacks() throws Exception {
        ByteBuffer event = new EventBuilder().namespace("", GONICUS).start("Event").start("PhoneStatus").element("CallerId", "012345")
                .element("ReceiverId", "12343424").element("Status", "busy").end().end().build();
        Reading reading = phones.read(event);
        assertEquals(List.of(), reading.faults());
        assertEquals(new EventHeader(new QName(GONICUS, "Event"), Optional.empty(), Optional.of("PhoneStatus"), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), List.of()), reading.header());
        assertEquals(0, event.position());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<NodeAnnounce><Id>a</Id></NodeAnnounce>",
        "<NodeLeave><Id>a</Id></NodeLeave>",
        "<NodeStatus><Latency>1.5e0</Latency><Load>0.25</Load><Workers>4</Workers><Id>a</Id></NodeStatus>",
        "<NodeStatus><Load>0.25</Load><Latency>0.01</Latency><Workers>4</Workers><Id>a</Id><Indexed>true</Indexed></NodeStatus>",
        "<NodeCapabilities><Id>a</Id></NodeCapabilities>",
        "<NodeCapabilities><Id>a</Id><NodeMethod><Name>n</Name><Path>p</Path><Target>t</Target><Signature>s</Signature><Type>NORMAL</Type>"
                + "<QueueRequired>false</QueueRequired><Documentation/></NodeMethod><NodeObject><OID>o</OID></NodeObject></NodeCapabilities>"})
    void shouldReadTheLifeOfANode(String content) throws Exception {
        Reading reading = read(phones, event(content));
        assertEquals(List.of(), reading.faults());
        assertEquals(Optional.of("a"), reading.header().author());
        assertEquals(Optional.of(content.substring(1, content.indexOf('>'))), reading.header().role());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''|not complete",
        "<PhoneStatus/>|PhoneStatus",
        "<PhoneStatus><CallerId/><ReceiverId/><Status/><Mood/></PhoneStatus>|Mood",
        "<PhoneStatus><CallerId/><ReceiverId/><Status/></PhoneStatus><NodeLeave><Id/></NodeLeave>|NodeLeave",
        "<NodeStatus><Load>high</Load><Latency>0</Latency><Workers>4</Workers><Id>a</Id></NodeStatus>|high",
        "<NodeMethod/>|NodeMethod",
        "<Unknown/>|Unknown",
        "text<NodeLeave><Id/></NodeLeave>|Event",
        "<NodeLeave xmlns=''><Id/></NodeLeave>|NodeLeave"})
    void shouldSayWhatTheSchemaForbidsAndWhere(String content, String about) throws Exception {
        List<String> faults = read(phones, event(content)).faults();
        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.get(0).matches("line 1, column \\d+: .*" + about + ".*"), faults::toString);
        assertFalse(faults.get(0).contains("cvc-"), faults::toString);
    }

    @Test
    void shouldJudgeTheEventsOfTheVectors() throws Exception {
        Map<String, String> vectors = ClacksEvents.all();
        vectors.forEach((name, document) -> {
            try {
                List<String> faults = read(phones, document).faults();
                boolean isGood = name.matches("p0[12345]-.*");
                assertEquals(isGood, faults.isEmpty(), () -> name + ": " + faults);
            } catch (MalformedEventException e) {
                throw new AssertionError(name, e);
            }
        });
    }

    @Test
    void shouldReadAnAlertOfTheCommonAlertingProtocol() throws Exception {
        XmlVocabulary alerts = cap();
        Reading reading = read(alerts, ALERT);
        assertEquals(List.of(), reading.faults());
        assertEquals(new EventHeader(new QName("urn:oasis:names:tc:emergency:cap:1.2", "alert"), Optional.of("43b080713727"),
                Optional.of("Actual"), Optional.of("hsas@dhs.example"), Optional.of(Instant.parse("2003-04-02T19:39:01Z")),
                Optional.of(Instant.parse("2003-04-02T20:00:00Z")), Optional.empty(), List.of()), reading.header());
        List<String> faults = read(alerts, ALERT.replace("Actual", "Perhaps").replace("<scope>", "<scope x='1'>")).faults();
        assertEquals(2, faults.size(), faults::toString);
        assertTrue(faults.get(0).startsWith("line 5, column ") && faults.get(0).contains("Perhaps"), faults::toString);
        assertTrue(faults.get(1).startsWith("line 7, column "), faults::toString);
    }

    @Test
    void shouldLeaveOutOfTheHeaderWhatIsNotThereOrNoTime() throws Exception {
        XmlVocabulary alerts = cap();
        EventHeader header = read(alerts, ALERT.replace("43b080713727", "x".repeat(1025)).replaceAll("<sender>.*</sender>", "<sender> </sender>")
                .replaceAll("<sent>.*</sent>", "<sent>yesterday</sent>").replaceAll("<onset>.*</onset>", "")).header();
        assertEquals(EventHeader.of(header.root()), new EventHeader(header.root(), header.identifier(), Optional.empty(), header.author(),
                header.authoredAt(), header.observedAt(), header.position(), header.citations()));
    }

    @Test
    void shouldTakeTheFirstOfSeveral() throws Exception {
        XmlVocabulary vocabulary = new Vocabularies.Draft().roots("a").identifier("//i").open(SHIPPED);
        assertEquals(Optional.of("1"), read(vocabulary, "<a><i> 1 </i><i>2</i></a>").header().identifier());
    }

    @Test
    void shouldTakeEveryWellFormedEventWhereThereIsNoSchema() throws Exception {
        XmlVocabulary vocabulary = new Vocabularies.Draft().roots("log", "{urn:x}log").open(SHIPPED);
        assertEquals(List.of(), read(vocabulary, "<log any='1'><thing/></log>").faults());
        assertEquals(List.of(), read(vocabulary, "<log xmlns='urn:x'/>").faults());
    }

    @Test
    void shouldFaultAnotherRootAndXml11() throws Exception {
        XmlVocabulary vocabulary = new Vocabularies.Draft().roots("log").open(SHIPPED);
        assertEquals(List.of("line 1, column 8: The root element book is none of this vocabulary's: [log]."), read(vocabulary, "<book/>").faults());
        assertTrue(read(vocabulary, "<?xml version='1.1'?><log/>").faults().get(0).contains("XML 1.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><a>&b;</a>",
        "<a>&nbsp;</a>", "<a>", "", "hello", "<a b='1' b='2'/>", "<p:a/>"})
    void shouldRefuseHostileDocuments(String document) {
        assertFalse(assertThrows(MalformedEventException.class, () -> read(phones, document)).getMessage().isBlank());
    }

    @Test
    void shouldBoundDepthAndAttributes() {
        String attributes = IntStream.range(0, 300).mapToObj(i -> " a" + i + "=''").reduce("", String::concat);
        for (String what : List.of("<a>".repeat(256) + "</a>".repeat(256), "<a" + attributes + "/>")) {
            assertThrows(MalformedEventException.class, () -> read(phones, event(what)));
        }
    }

    @Test
    void shouldNotFollowWhatAnEventSaysOfItsSchema() throws Exception {
        String event = event("<NodeLeave><Id/></NodeLeave>").replaceFirst("<Event ", "<Event xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                + " xsi:schemaLocation='" + GONICUS + " http://127.0.0.1:9/none.xsd' ");
        assertEquals(List.of(), read(phones, event).faults());
        List<String> faults = read(phones, event.replace("NodeLeave", "Other")).faults();
        assertTrue(faults.get(0).contains("Other"), faults::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "ISO-8859-1"})
    void shouldReadOtherEncodings(String encoding) throws Exception {
        String text = "<?xml version='1.0' encoding='" + encoding + "'?>" + event("<NodeLeave><Id>Zoë</Id></NodeLeave>");
        Reading reading = phones.read(ByteBuffer.wrap(text.getBytes(Charset.forName(encoding))));
        assertEquals(List.of(), reading.faults());
        assertEquals(Optional.of("Zoë"), reading.header().author());
    }

    @Test
    void shouldForgetTheFaultsOfTheEventBefore() throws Exception {
        assertFalse(read(phones, event("<No/>")).faults().isEmpty());
        assertThrows(MalformedEventException.class, () -> read(phones, "<a><b>"));
        assertEquals(List.of(), read(phones, event("<NodeLeave><Id/></NodeLeave>")).faults());
    }

    @Test
    void shouldServeSeveralThreadsAtOnce() throws Exception {
        List<String> events = List.of(event("<NodeLeave><Id>1</Id></NodeLeave>"), event("<NodeLeave/>"), event("<NodeAnnounce><Id>3</Id></NodeAnnounce>"));
        List<Reading> expected = List.of(read(phones, events.get(0)), read(phones, events.get(1)), read(phones, events.get(2)));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> reads = IntStream.range(0, 300).<Callable<Boolean>>mapToObj(
                    i -> () -> read(phones, events.get(i % 3)).equals(expected.get(i % 3))).toList();
            for (Future<Boolean> same : threads.invokeAll(reads)) {
                assertTrue(same.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldReadNothingWhileItsLanguageIsAway() throws Exception {
        phones.use(null);
        assertFalse(phones.isReady());
        assertThrows(IllegalStateException.class, () -> read(phones, event("<NodeLeave><Id/></NodeLeave>")));
        phones.use(new JdkXPath());
        assertEquals(List.of(), read(phones, event("<NodeLeave><Id/></NodeLeave>")).faults());
        XmlVocabulary plain = new Vocabularies.Draft().roots("a").open(SHIPPED);
        plain.use(null);
        assertTrue(plain.isReady());
        assertEquals(List.of(), read(plain, "<a/>").faults());
    }

    @Test
    void shouldRefuseAWrongXPathNamingFileKeyAndPlace() {
        String why = assertThrows(IllegalArgumentException.class, () -> clacks().identifier("*/e:Id[").open(SHIPPED)).getMessage();
        assertTrue(why.startsWith("etc/org.bolide.vocabulary.xml~test.cfg.json, key identifier: '*/e:Id[' is no XPath: "), why);
    }

    private static XmlVocabulary cap() {
        return new Vocabularies.Draft().roots("{urn:oasis:names:tc:emergency:cap:1.2}alert").schemas("cap.xsd")
                .prefixes("cap=urn:oasis:names:tc:emergency:cap:1.2").identifier("cap:identifier").role("cap:status").author("cap:sender")
                .times("cap:sent", "cap:info/cap:onset").open(Path.of("src/test/resources/org/bolide/vocabulary/xml"));
    }

    /** The example that is shipped says the same as these tests. */
    @Test
    void shouldBeTestedAsTheExampleSays() throws Exception {
        String example = Files.readString(SHIPPED.resolve("etc/org.bolide.vocabulary.xml~clacks.cfg.json.example"), StandardCharsets.UTF_8);
        for (String part : List.of("\"roots\": [\"{" + GONICUS + "}Event\"]", "\"envelope\": true", "\"schemas\": [\"etc/clacks\"]",
                "\"prefixes\": [\"e=" + GONICUS + "\"]", "\"author\": \"*/e:Id\"", "\"role\": \"local-name(*)\"")) {
            assertTrue(example.contains(part), part);
        }
    }
}
