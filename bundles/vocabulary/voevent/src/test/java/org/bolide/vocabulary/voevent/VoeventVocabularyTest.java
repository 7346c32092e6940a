package org.bolide.vocabulary.voevent;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.SkyPosition;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VoeventVocabularyTest {

    private final VoeventVocabulary vocabulary = new VoeventVocabulary();

    @Test
    void shouldFindNoFaultInGoodEvents() throws Exception {
        for (byte[] event : SampleEvents.all()) {
            Reading reading = read(event);
            assertEquals(List.of(), reading.faults(), () -> reading.header().toString());
        }
    }

    /** Handlers are tested with what the testkit reads. */
    @Test
    void shouldReadWhatTheTestkitReads() throws Exception {
        for (byte[] event : SampleEvents.all()) {
            assertEquals(read(event).header(), TestEvent.read(1, event).header());
        }
    }

    @Test
    void shouldReadTheHeaderOf20() throws Exception {
        assertEquals(new EventHeader(new QName(Schemas.NS_2_0, "VOEvent"),
                Optional.of("ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_700101-352"), Optional.of("observation"),
                Optional.of("ivo://nasa.gsfc.tan/gcn"), Optional.of(Instant.parse("2026-03-14T15:09:26Z")),
                Optional.of(Instant.parse("2026-03-14T15:09:06.35Z")),
                Optional.of(new SkyPosition(104.2718, 41.3101, OptionalDouble.of(0.05), "UTC-FK5-GEO")), List.of()),
                read(SampleEvents.swift()).header());
    }

    @Test
    void shouldReadTheHeaderOf11ThoughItsPositionIsInAnotherNamespace() throws Exception {
        EventHeader header = read(SampleEvents.integral()).header();
        assertEquals(new QName(Schemas.NS_1_1, "VOEvent"), header.root());
        assertEquals(Optional.of("utility"), header.role());
        assertEquals(Optional.of(Instant.parse("2026-03-16T17:32:00Z")), header.observedAt());
        assertEquals(Optional.of(new SkyPosition(271.83, -28.9167, OptionalDouble.of(0), "UTC-FK5-GEO")), header.position());
    }

    @Test
    void shouldReadTheHeaderOf21() throws Exception {
        EventHeader header = read(SampleEvents.v21()).header();
        assertEquals(Optional.of("ivo://solar.example/voevent?storm-2026-03-19"), header.identifier());
        assertEquals(Optional.of("prediction"), header.role());
        assertEquals(Optional.of(new SkyPosition(112.25, 22.05, OptionalDouble.empty(), "UTC-ICRS-BARY")), header.position());
        assertEquals(List.of(new Citation("ivo://solar.example/voevent?storm-2026-03-18", "followup")), header.citations());
    }

    @Test
    void shouldReadCitationsInOrderAndLeaveOutTheEmptyOne() throws Exception {
        assertEquals(List.of(
                new Citation("ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_700101-352", "followup"),
                new Citation("ivo://survey.example/catot#1203180100094126016", "supersedes"),
                new Citation("ivo://survey.example/catot#1203180100094126001", "retraction")),
                read(SampleEvents.citing()).header().citations());
    }

    @Test
    void shouldReadAPositionWithoutATime() throws Exception {
        EventHeader header = read(SampleEvents.utility()).header();
        assertEquals(Optional.empty(), header.observedAt());
        assertTrue(header.position().isPresent());
    }

    @Test
    void shouldTakeTheSchemasDefaultRole() throws Exception {
        Reading reading = read(replaced("role=\"utility\" ", "", SampleEvents.utility()));
        assertEquals(Optional.of("observation"), reading.header().role());
        assertEquals(List.of(), reading.faults());
    }

    @Test
    void shouldNotTakeTheObservatoryForTheEvent() throws Exception {
        EventHeader header = read(replaced("<ObservatoryLocation/>", """
                <ObservatoryLocation><AstroCoords coord_system_id="UTC-GEOD-TOPO"><Time><TimeInstant>
                <ISOTime>2001-01-01T00:00:00</ISOTime></TimeInstant></Time><Position2D><Value2><C1>1</C1><C2>2</C2></Value2>
                <Error2Radius>3</Error2Radius></Position2D></AstroCoords></ObservatoryLocation>""", SampleEvents.utility())).header();
        assertEquals(104.2718, header.position().orElseThrow().longitude());
        assertEquals(Optional.empty(), header.observedAt());
    }

    @ParameterizedTest
    @CsvSource({"41.3101, north", "41.3101, 91", "41.3101, NaN", "41.3101, ''", "41.3101, 0x1p3", "Position2D unit=\"deg\", Position2D unit=\"rad\""})
    void shouldLeaveOutAPositionThatIsNone(String what, String by) throws Exception {
        assertEquals(Optional.empty(), read(replaced(what, by, SampleEvents.swift())).header().position());
    }

    @Test
    void shouldLeaveOutTextsThatAreTooLong() throws Exception {
        EventHeader header = read(SampleEvents.event("ivo://a.example/b#" + "c".repeat(2000)).author("ivo://" + "d".repeat(100_000)).bytes()).header();
        assertEquals(Optional.empty(), header.identifier());
        assertEquals(Optional.empty(), header.author());
    }

    @Test
    void shouldTellAnAuthorWhatTheSchemaForbidsAndWhere() throws Exception {
        List<String> faults = read(replaced("<Date>2026-03-14T15:09:26</Date>", "<Date>tomorrow</Date>", SampleEvents.swift())).faults();
        assertEquals(1, faults.size(), faults::toString);
        assertTrue(faults.get(0).startsWith("line 16, column "), faults::toString);
        assertTrue(faults.get(0).contains("tomorrow") && faults.get(0).contains("Date"), faults::toString);
        assertFalse(faults.get(0).contains("cvc-"), faults::toString);
    }

    @Test
    void shouldTellOnlyTheFirstFaults() throws Exception {
        String event = new String(SampleEvents.swift(), StandardCharsets.UTF_8).replace("<Param ", "<Param bad=\"x\"\n");
        List<String> faults = read(event.getBytes(StandardCharsets.UTF_8)).faults();
        assertEquals(6, faults.size(), faults::toString);
        assertTrue(faults.get(5).matches("and \\d+ more"), faults::toString);
    }

    @Test
    void shouldFindFaultsIn11() throws Exception {
        assertFalse(read(replaced("<C1>271.8300</C1>", "<C1>east</C1>", SampleEvents.integral())).faults().isEmpty());
        assertFalse(read(replaced("<Who>", "<Whom/><Who>", SampleEvents.integral())).faults().isEmpty());
    }

    @Test
    void shouldReportABadOrMissingIvoid() throws Exception {
        List<String> faults = read(SampleEvents.event("ivo://ab/c#d").bytes()).faults();
        assertTrue(faults.size() == 1 && faults.get(0).contains("fewer than three"), faults::toString);
        faults = read(replaced("ivorn=", "ivorm=", SampleEvents.test())).faults();
        assertTrue(faults.get(0).contains("has no IVOID"), faults::toString);
        faults = read(replaced("?storm-2026-03-19", "", SampleEvents.v21())).faults();
        assertTrue(faults.size() == 1 && faults.get(0).contains("no local part"), faults::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<VOEvent ivorn='ivo://abc/d#e'/>", "<e xmlns='http://www.ivoa.net/xml/VOEvent/v2.1'/>", "<Event xmlns='urn:x'/>"})
    void shouldFaultAnotherRoot(String document) throws Exception {
        List<String> faults = read(document.getBytes(StandardCharsets.UTF_8)).faults();
        assertTrue(faults.size() == 1 && faults.get(0).contains("is not that of a VOEvent"), faults::toString);
    }

    @Test
    void shouldForgetTheFaultsOfTheEventBefore() throws Exception {
        read(SampleEvents.event("ivo://ab/c#d").role("Test").bytes());
        assertThrows(MalformedEventException.class, () -> read("<a><b>".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(), read(SampleEvents.test()).faults());
        assertEquals(read(SampleEvents.swift()), read(SampleEvents.swift()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "ISO-8859-1", "windows-1252", "UTF-16LE", "UTF-16BE"})
    void shouldReadTheEncodingsOfTheWire(String encoding) throws Exception {
        String text = SampleEvents.event("ivo://a.example/b#c").contactName("Zoë").author("ivo://a.example/ä").toString()
                .replace("UTF-8", encoding.startsWith("UTF-16") ? "UTF-16" : encoding);
        byte[] event = ((encoding.length() > 6 && encoding.startsWith("UTF-16") ? "\uFEFF" : "") + text).getBytes(Charset.forName(encoding));
        Reading reading = read(event);
        assertEquals(Optional.of("ivo://a.example/ä"), reading.header().author());
        assertEquals(List.of(), reading.faults());
    }

    @Test
    void shouldReadABufferWithoutAnArrayAndLeaveItsPosition() throws Exception {
        byte[] event = SampleEvents.swift();
        ByteBuffer direct = ByteBuffer.allocateDirect(event.length + 7).position(7).put(event).position(7).asReadOnlyBuffer();
        assertEquals(read(event), vocabulary.read(direct));
        assertEquals(7, direct.position());
    }

    @Test
    void shouldRefuseInvalidUtf8WithItsPlace() {
        byte[] event = SampleEvents.event("ivo://a.example/b#c").contactName("Zo\u00eb").toString().getBytes(StandardCharsets.ISO_8859_1);
        assertTrue(refusal(event).contains("line 5, column "), () -> refusal(event));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/a.dtd'> %x;]><a/>",
    })
    void shouldRefuseADtd(String document) {
        assertTrue(refusal(document.getBytes(StandardCharsets.UTF_8)).matches("line 1, column \\d+: the document has a document type.*"),
                () -> refusal(document.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "hello", "<a>", "<a/><b/>", "<a b='1' b='2'/>", "<a>&nbsp;</a>", "<p:a/>", "<a>\u0001</a>",
        "<?xml version='1.0' encoding='x-klingon'?><a/>", "<?xml version='1.0' encoding='UTF-16'?><a/>", "<a>&#0;</a>", "<?xml version='2.0'?><a/>"})
    void shouldRefuseWhatIsNotWellFormed(String document) {
        assertFalse(refusal(document.getBytes(StandardCharsets.UTF_8)).isBlank());
    }

    @Test
    void shouldBoundDepthAndAttributes() throws Exception {
        String attributes = IntStream.range(0, 300).mapToObj(i -> " a" + i + "=''").reduce("", String::concat);
        for (String what : List.of("<a>".repeat(256) + "</a>".repeat(256), "<a" + attributes + "/>", "<a" + " ")) {
            byte[] event = ("<VOEvent xmlns='" + Schemas.NS_2_1 + "'>" + what + "</VOEvent>").getBytes(StandardCharsets.UTF_8);
            assertTrue(refusal(event).contains("not well-formed XML"), () -> refusal(event));
        }
        read(("<VOEvent xmlns='" + Schemas.NS_2_1 + "'>" + "<a>".repeat(255) + "</a>".repeat(255) + "</VOEvent>").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldReadALongEvent() throws Exception {
        byte[] event = SampleEvents.event("ivo://a.example/b#c").description("x".repeat(8 << 20)).bytes();
        assertEquals(List.of(), read(event).faults());
    }

    @Test
    void shouldFaultXml11WhichOtherBrokersCannotRead() throws Exception {
        List<String> faults = read(replaced("version=\"1.0\"", "version=\"1.1\"", SampleEvents.utility())).faults();
        assertTrue(faults.size() == 1 && faults.get(0).contains("XML 1.1"), faults::toString);
    }

    @Test
    void shouldNotFollowTheSchemaLocationOfAnEvent() throws Exception {
        byte[] event = replaced("http://www.ivoa.net/xml/VOEvent/VOEvent-v2.0.xsd", "http://127.0.0.1:9/none.xsd", SampleEvents.test());
        assertEquals(List.of(), read(event).faults());
    }

    @Test
    void shouldServeSeveralThreadsAtOnce() throws Exception {
        List<Reading> expected = List.of(read(SampleEvents.swift()), read(SampleEvents.integral()), read(SampleEvents.citing()));
        List<byte[]> events = List.of(SampleEvents.swift(), SampleEvents.integral(), SampleEvents.citing());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> reads = IntStream.range(0, 300).<Callable<Boolean>>mapToObj(
                    i -> () -> read(events.get(i % 3)).equals(expected.get(i % 3))).toList();
            for (Future<Boolean> same : threads.invokeAll(reads)) {
                assertTrue(same.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private Reading read(byte[] event) throws MalformedEventException {
        return vocabulary.read(ByteBuffer.wrap(event).asReadOnlyBuffer());
    }

    private String refusal(byte[] event) {
        return assertThrows(MalformedEventException.class, () -> read(event)).getMessage();
    }

    private static byte[] replaced(String what, String by, byte[] event) {
        String text = new String(event, StandardCharsets.UTF_8);
        assertTrue(text.contains(what), what);
        return text.replaceFirst(java.util.regex.Pattern.quote(what), java.util.regex.Matcher.quoteReplacement(by)).getBytes(StandardCharsets.UTF_8);
    }
}
