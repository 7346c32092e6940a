package org.bolide.api.xml;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventBuilderTest {

    private static final String GONICUS = "http://www.gonicus.de/Events";
    /** All that a parser changes, or takes for markup, where it is not escaped. */
    private static final String HOSTILE = " <a b='c'>&amp; ]]> \"q\" -- <!-- --> <?p?> é Ω \ud83d\udd2d \t\n\r\r\n\u0085\u2028\u00a0\ufffd ";

    @Test
    void shouldWriteTheExampleOfItsJavadoc() {
        byte[] event = phoneStatus().toBytes();
        assertEquals("""
                <?xml version="1.0" encoding="UTF-8"?>
                <Event xmlns="http://www.gonicus.de/Events"><PhoneStatus><CallerId>012345</CallerId>\
                <ReceiverId>12343424</ReceiverId><Status>busy</Status></PhoneStatus></Event>""",
                new String(event, StandardCharsets.UTF_8));
        ByteBuffer buffer = phoneStatus().build();
        assertTrue(buffer.isReadOnly());
        byte[] same = new byte[buffer.remaining()];
        buffer.get(same);
        assertArrayEquals(event, same);
    }

    @Test
    void shouldGiveAParserWhatWasPutIn() throws Exception {
        Element root = parse(new EventBuilder().start("a").attribute("b", HOSTILE).text(HOSTILE).element("c", HOSTILE).text(HOSTILE).end())
                .getDocumentElement();
        assertEquals(HOSTILE, root.getAttribute("b"));
        assertEquals(HOSTILE, root.getFirstChild().getTextContent());
        assertEquals(HOSTILE, root.getElementsByTagName("c").item(0).getTextContent());
        assertEquals(HOSTILE.repeat(3), root.getTextContent());
    }

    @Test
    void shouldGiveAParserEveryCharacterThatXmlHas() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int c = 1; c <= 0x10FFFF; c++) {
            if (c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000) {
                all.appendCodePoint(c);
            } else {
                String bad = new StringBuilder("ab").appendCodePoint(c).toString();
                String why = refusal(builder -> builder.start("a").text(bad));
                assertTrue(why.contains("in a: the character U+") && why.contains("at index 2"), why);
                assertThrows(IllegalArgumentException.class, () -> new EventBuilder().start("a").attribute("b", bad));
            }
        }
        Element root = parse(new EventBuilder().start("a").attribute("b", all.toString()).text(all.toString()).end()).getDocumentElement();
        assertEquals(all.toString(), root.getTextContent());
        assertEquals(all.toString(), root.getAttribute("b"));
    }

    @Test
    void shouldPutNamesInTheirNamespaces() throws Exception {
        Element root = parse(new EventBuilder().namespace("", "urn:a").namespace("p", "urn:p?x=1&y=\"2\"").start("root").attribute("plain", "1")
                .attribute("p:own", "2").attribute("xml:lang", "en")
                .namespace("", "").start("none").end()
                .namespace("p", "urn:other").start("p:inner").end()
                .start("p:again").end()
                .end()).getDocumentElement();
        assertEquals("urn:a", root.getNamespaceURI());
        assertEquals("1", root.getAttributeNS(null, "plain"));
        assertEquals("2", root.getAttributeNS("urn:p?x=1&y=\"2\"", "own"));
        assertEquals("en", root.getAttribute("xml:lang"));
        assertEquals(1, root.getElementsByTagNameNS("", "none").getLength());
        assertEquals(1, root.getElementsByTagNameNS("urn:other", "inner").getLength());
        assertEquals(1, root.getElementsByTagNameNS("urn:p?x=1&y=\"2\"", "again").getLength());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1a", "-a", ".a", "a b", "a<", "a>", "a&b", "a/b", "a\u00d7", "a\ud800", "é\u2028", "a=\"1\"", "\u0301a", "a;"})
    void shouldRefuseWhatIsNoName(String name) {
        assertThrows(IllegalArgumentException.class, () -> new EventBuilder().start(name));
        assertThrows(IllegalArgumentException.class, () -> new EventBuilder().start("a").attribute(name, ""));
        assertThrows(IllegalArgumentException.class, () -> new EventBuilder().namespace("p", "urn:p").start("p:" + name));
        assertThrows(IllegalArgumentException.class, () -> new EventBuilder().start(name + ":a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "_", "a-b.c_1", "é", "Ω1", "名前", "a\u00b7"})
    void shouldTakeWhatIsAName(String name) throws Exception {
        assertEquals(name, parse(new EventBuilder().start(name).attribute(name, "x").end()).getDocumentElement().getLocalName());
    }

    @Test
    void shouldSayWhatIsWrongAndWhere() {
        assertEquals("in Event/PhoneStatus: \"1st\" is no name for an element: \"1\" cannot begin one",
                refusal(b -> b.start("Event").start("PhoneStatus").element("1st", "")));
        assertEquals("in a: in the attribute b: the character U+0000 at index 3 cannot stand in XML: leave it out, or encode the text",
                refusal(b -> b.start("a").attribute("b", "xyz\0")));
        assertEquals("the prefix of p:a is not declared: call namespace(\"p\", URI) before start", refusal(b -> b.start("p:a")));
        assertEquals("in a: the element a has an attribute b already", refusal(b -> b.start("a").attribute("b", "1").attribute("b", "2")));
        assertEquals("in a: the element a has an attribute {urn:x}b already", refusal(b -> b.namespace("p", "urn:x").namespace("q", "urn:x")
                .start("a").attribute("p:b", "1").attribute("q:b", "2")));
        assertEquals("in a: the attribute xmlns:p declares a namespace: call namespace before start instead",
                refusal(b -> b.start("a").attribute("xmlns:p", "urn:p")));
        assertEquals("\"a:b\" is no name for a prefix: \":\" cannot stand in one", refusal(b -> b.namespace("a:b", "urn:x")));
    }

    @Test
    void shouldRefuseNamespacesThatCannotBeDeclared() {
        assertTrue(refusal(b -> b.namespace("xml", "urn:x")).contains("XML's own"));
        assertTrue(refusal(b -> b.namespace("xmlns", "urn:x")).contains("XML's own"));
        assertTrue(refusal(b -> b.namespace("p", "http://www.w3.org/2000/xmlns/")).contains("cannot be declared"));
        assertTrue(refusal(b -> b.namespace("p", "http://www.w3.org/XML/1998/namespace")).contains("cannot be declared"));
        assertTrue(refusal(b -> b.namespace("p", "")).contains("needs a namespace"));
        assertTrue(refusal(b -> b.namespace("p", "urn:a").namespace("p", "urn:b")).contains("twice"));
        assertTrue(refusal(b -> b.namespace("p", "urn:\u0007")).contains("U+0007"));
    }

    @Test
    void shouldRefuseWhatIsOutOfOrder() {
        assertEquals("the event has no root element: call start", disorder(EventBuilder::build));
        assertEquals("in Event/a: not ended; call end for each start", disorder(b -> b.start("Event").start("a").toBytes()));
        assertTrue(disorder(b -> b.text("x")).startsWith("text stands before the root"));
        assertTrue(disorder(b -> b.element("a", "").text("x")).startsWith("text stands after the end of the root"));
        assertTrue(disorder(b -> b.element("a", "").start("b")).startsWith("the element b stands after the end"));
        assertTrue(disorder(b -> b.element("a", "").namespace("p", "urn:p")).startsWith("the namespace urn:p stands after the end"));
        assertTrue(disorder(b -> b.element("a", "").end()).startsWith("another end stands after"));
        assertTrue(disorder(EventBuilder::end).startsWith("nothing is started"));
        assertTrue(disorder(b -> b.attribute("a", "")).contains("too early"));
        assertTrue(disorder(b -> b.start("a").text("").attribute("b", "")).startsWith("in a: the attribute b comes too late"));
        assertTrue(disorder(b -> b.start("a").element("b", "").attribute("c", "")).contains("too late"));
        assertTrue(disorder(b -> b.start("a").namespace("p", "urn:p").end()).contains("was declared for an element that was not started"));
        assertTrue(disorder(b -> b.start("a").namespace("p", "urn:p").text("x")).contains("was declared for an element that was not started"));
    }

    @Test
    void shouldBeAsItWasAfterARefusal() {
        EventBuilder builder = new EventBuilder().start("a");
        assertThrows(IllegalArgumentException.class, () -> builder.element("b c", "x"));
        assertThrows(IllegalArgumentException.class, () -> builder.attribute("b", "\0"));
        assertThrows(IllegalArgumentException.class, () -> builder.text("\0"));
        assertEquals("<a b=\"1\"/>", new String(builder.attribute("b", "1").end().toBytes(), StandardCharsets.UTF_8).split("\n")[1]);
    }

    private static EventBuilder phoneStatus() {
        return new EventBuilder()
                .namespace("", GONICUS)
                .start("Event")
                .start("PhoneStatus")
                .element("CallerId", "012345")
                .element("ReceiverId", "12343424")
                .element("Status", "busy")
                .end()
                .end();
    }

    private static Document parse(EventBuilder event) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        DocumentBuilder parser = factory.newDocumentBuilder();
        return parser.parse(new ByteArrayInputStream(event.toBytes()));
    }

    private static String refusal(Consumer<EventBuilder> use) {
        return assertThrows(IllegalArgumentException.class, () -> use.accept(new EventBuilder())).getMessage();
    }

    private static String disorder(Consumer<EventBuilder> use) {
        return assertThrows(IllegalStateException.class, () -> use.accept(new EventBuilder())).getMessage();
    }
}
