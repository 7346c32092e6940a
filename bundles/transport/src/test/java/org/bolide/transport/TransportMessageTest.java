package org.bolide.transport;

import java.util.List;
import java.util.Optional;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.bolide.transport.TransportMessage.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TransportMessageTest {

    static final List<String> NAMESPACES = TransportMessage.NAMESPACES;

    private static final String COMET = """
            <?xml version='1.0' encoding='UTF-8'?>
            <trn:Transport xmlns:trn="http://www.telescope-networks.org/xml/Transport/v1.1" \
            xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1.0" role="authenticate">
              <Origin>ivo://org.example/broker</Origin>
              <Response>ivo://org.example/subscriber</Response>
              <TimeStamp>2026-11-21T21:44:41Z</TimeStamp>
              <Meta>
                <Param name="xpath-filter" value="//Who[Author=&quot;x&quot;]"/>
                <Param name="other" value="unknown"/>
                <filter type="xpath">//Param[@value&gt;40] </filter>
              </Meta>
            </trn:Transport>
            """;

    private final TransportReader reader = new TransportReader();

    @Test
    void shouldReadWhatCometSends() throws Exception {
        TransportMessage message = read(COMET);
        assertEquals(Role.AUTHENTICATE, message.role());
        assertEquals("ivo://org.example/broker", message.origin());
        assertEquals(Optional.of("ivo://org.example/subscriber"), message.response());
        assertEquals("http://www.telescope-networks.org/xml/Transport/v1.1", message.answerIn());
        assertEquals(List.of("//Who[Author=\"x\"]", "//Param[@value>40] "), message.filters().stream().map(TransportMessage.Filter::text).toList());
    }

    @Test
    void shouldReadAnyOrderPrefixAndEncoding() throws Exception {
        String text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><!-- hello --><t:Transport role=' imalive ' xmlns:t='urn:other'>"
                + "<Meta><Result> fine </Result></Meta><TimeStamp>now</TimeStamp><Origin>\n ivo://a.b/c \n</Origin></t:Transport>";
        TransportMessage message = reader.read(text.getBytes(UTF_16)).orElseThrow();
        assertEquals(Role.IAMALIVE, message.role());
        assertEquals("ivo://a.b/c", message.origin());
        assertEquals(Optional.of("fine"), message.result());
        assertEquals(TransportMessage.NAMESPACE, message.answerIn());
        assertEquals(Role.ACK, read("<undeclared:Transport role='ack'><Origin>x</Origin></undeclared:Transport>").role());
        assertEquals("", read("<Transport/>").origin());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<Param name='xpath-filter'/>",
        "<Param name='xpath-filter' value=''/>",
        "<Param name='xpath-filter' value=' '/>",
        "<filter type='xpath'/>",
        "<filter type='xpath'>a<b/>c</filter>",
        "<filter type='xpath'>//Param<!-- x -->[@a]</filter>",
        "<filter type='xpath'>//Param<?x y?>[@a]</filter>",
        "<Param name='xquery-filter'/>",
    })
    void shouldFindFaultyFilters(String filter) throws Exception {
        List<TransportMessage.Filter> filters = read("<Transport role='authenticate'><Meta>" + filter + "</Meta></Transport>").filters();
        assertEquals(1, filters.size());
        assertTrue(filters.get(0).fault().isPresent());
    }

    @Test
    void shouldTellLanguagesApart() throws Exception {
        List<TransportMessage.Filter> filters = read("<Transport role='authenticate'><Meta><!-- c --><Param name='xquery-filter' value='a&#10;b\nc'/>"
                + "<Param name='xpath-filter' value='d'/><filter type='xpath'>e<![CDATA[<f]]></filter></Meta></Transport>").filters();
        assertEquals(List.of("xquery", "xpath", "xpath"), filters.stream().map(TransportMessage.Filter::language).toList());
        assertEquals(List.of("a\nb c", "d", "e<f"), filters.stream().map(TransportMessage.Filter::text).toList());
    }

    @Test
    void shouldRefuseDocumentTypesAndDamage() {
        assertThrows(SAXException.class, () -> read("<!DOCTYPE Transport [<!ENTITY a 'b'>]><Transport role='ack'/>"));
        assertThrows(SAXException.class, () -> read("<Transport role='ack'>"));
        assertThrows(SAXException.class, () -> reader.read(new byte[] {'<', 'a', '>', (byte) 0xff, '<', '/', 'a', '>'}));
    }

    @Test
    void shouldNotTakeAnEventForATransportMessage() throws Exception {
        assertEquals(Optional.empty(), reader.read(SampleEvents.swift()));
        assertFalse(Scan.isTransport(SampleEvents.swift()));
        assertTrue(Scan.isTransport(COMET.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @FieldSource("NAMESPACES")
    void shouldWriteWhatItReads(String namespace) throws Exception {
        String nasty = "a<b>&\"'\n\t\u0000\ud83d\ude00]]>";
        String text = TransportWriter.nak(namespace, nasty, "ivo://x.y/z", nasty);
        TransportMessage message = read(text);
        assertEquals(namespace, message.answerIn());
        assertEquals(Role.NAK, message.role());
        assertEquals(nasty.replace('\u0000', '\ufffd'), message.origin());
        assertEquals(Optional.of(nasty.replace('\u0000', '\ufffd')), message.result());
        assertTrue(text.matches("(?s).*<Origin>.*<Response>.*<TimeStamp>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ</TimeStamp><Meta>.*"), text);
    }

    @Test
    void shouldCarryFiltersUnchanged() throws Exception {
        List<String> filters = List.of(" //a[. = \"b\"]\t", "//Param[@name='x' and @value < 3]\n");
        TransportMessage message = read(TransportWriter.authenticateAnswer(TransportMessage.NAMESPACE, "ivo://a.b/c", "ivo://d.e/f", TransportMessage.XPATH_FILTER, filters, java.util.Optional.empty()));
        assertEquals(filters, message.filters().stream().map(TransportMessage.Filter::text).toList());
    }

    @Test
    void shouldFindAnswersWithoutParsing() {
        assertEquals(Optional.of(new Scan.Answer(Role.ACK, "ivo://a.b/c#1&2")), answer("ack", "ivo://a.b/c#1&2"));
        assertEquals(Optional.of(new Scan.Answer(Role.NAK, "ivo://a.b/c#1&2")), answer("nak", "ivo://a.b/c#1&amp;2"));
        assertEquals(Optional.empty(), answer("authenticate", "ivo://a.b/c"));
        assertEquals(Optional.empty(), Scan.answer(SampleEvents.swift()));
        assertEquals(Optional.empty(), Scan.answer("<Transport role='iamalive'><Origin>role='ack'</Origin></Transport>".getBytes(UTF_8)));
    }

    private static Optional<Scan.Answer> answer(String role, String origin) {
        return Scan.answer(VtpPeer.transport(role, origin, "").getBytes(UTF_8));
    }

    @Test
    void shouldFindTheIdentifierOfDamagedEvents() {
        assertEquals(Optional.of("ivo://a.b/c#d&e"), Scan.ivorn("<x:VOEvent\n ivorn = 'ivo://a.b/c#d&amp;e' role=".getBytes(UTF_8)));
        assertEquals(Optional.empty(), Scan.ivorn("<VOEvent ivorn='ivo://a.b".getBytes(UTF_8)));
    }

    private TransportMessage read(String text) throws SAXException {
        return reader.read(text.getBytes(UTF_8)).orElseThrow();
    }
}
