package org.bolide.api.xml;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.ValidatorHandler;

import org.bolide.api.MalformedEventException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.ext.DefaultHandler2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DocumentParserTest {

    private final StringBuilder seen = new StringBuilder();
    private final DocumentParser parser = new DocumentParser();
    private final DefaultHandler2 handler = new DefaultHandler2() {

        @Override
        public void startElement(String uri, String local, String name, Attributes attributes) throws SAXException {
            if (local.equals("unwanted")) {
                throw new SAXException("this is unwanted");
            }
            seen.append('<').append(uri).append('|').append(local);
        }

        @Override
        public void characters(char[] chars, int start, int length) {
            seen.append(chars, start, length);
        }

        @Override
        public void comment(char[] chars, int start, int length) {
            seen.append("<!").append(chars, start, length);
        }
    };

    @Test
    void shouldTellItsHandlerOfOneDocumentAfterTheOther() throws Exception {
        byte[] bytes = "  <a xmlns='urn:a'>1 &lt; <!--no--><![CDATA[<2]]></a>".getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocateDirect(bytes.length).put(bytes).position(2).asReadOnlyBuffer();
        parser.parse(content, handler);
        assertEquals(2, content.position());
        refusal("<a><b>");
        parse("<c/>");
        assertEquals("<urn:a|a1 < <!no<2<|a<|b<|c", seen.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/a.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]><a>&z;</a>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/a.dtd'> %x;]><a/>"})
    void shouldRefuseADtd(String document) {
        assertTrue(refusal(document).matches("line 1, column \\d+: the document has a document type declaration .*"), refusal(document));
        assertEquals("", seen.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "hello", "<a>", "<a/><b/>", "<a b='1' b='2'/>", "<a>&nbsp;</a>", "<p:a/>", "<a>\u0001</a>", "<a>&#0;</a>",
        "<?xml version='1.0' encoding='UTF-16'?><a/>", "<a xmlns:p=''/>"})
    void shouldRefuseWhatIsNotWellFormed(String document) {
        assertTrue(refusal(document).startsWith("not well-formed XML: "), refusal(document));
    }

    @Test
    void shouldSayWhyItRefuses() {
        assertEquals("the document is empty", refusal(""));
        assertTrue(refusal("<a>\n<b></a>").startsWith("not well-formed XML: line 2, column 6: "), refusal("<a>\n<b></a>"));
        assertTrue(refusal("<?xml version='1.0' encoding='x-klingon'?><a/>").contains("x-klingon"));
        assertEquals("this is unwanted", refusal("<a><unwanted/></a>"));
    }

    @Test
    void shouldBoundDepthAndAttributes() throws Exception {
        parse("<a>".repeat(256) + "</a>".repeat(256));
        assertTrue(refusal("<a>".repeat(257) + "</a>".repeat(257)).contains("256"));
        parse("<a" + attributes(256) + "/>");
        assertTrue(refusal("<a" + attributes(257) + "/>").contains("256"));
    }

    @Test
    void shouldTellTheFirstFaultsOfAValidator() throws Exception {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        ValidatorHandler validator = factory.newSchema(new StreamSource(new StringReader(
                "<xs:schema xmlns:xs='" + XMLConstants.W3C_XML_SCHEMA_NS_URI + "'><xs:element name='a'><xs:complexType><xs:sequence>"
                        + "<xs:element name='n' type='xs:int' maxOccurs='99'/></xs:sequence></xs:complexType></xs:element></xs:schema>")))
                .newValidatorHandler();
        DocumentFaults faults = new DocumentFaults();
        validator.setErrorHandler(faults);
        DocumentParser validating = new DocumentParser();
        validating.parse(utf8("<a>\n<n>1</n>\n<n>two</n>\n</a>"), validator);
        List<String> list = faults.list();
        assertEquals(1, list.size(), list::toString);
        assertTrue(list.get(0).startsWith("line 3, column 11: ") && list.get(0).contains("two") && !list.get(0).contains("cvc-"), list::toString);
        faults.clear();
        validating.parse(utf8("<a>" + "\n<n>x</n>".repeat(8) + "</a>"), validator);
        assertEquals(6, faults.list().size());
        assertEquals("and 3 more", faults.list().get(5));
        faults.clear();
        assertEquals(List.of(), faults.list());
    }

    private void parse(String document) throws MalformedEventException {
        parser.parse(utf8(document), handler);
    }

    private String refusal(String document) {
        return assertThrows(MalformedEventException.class, () -> parse(document)).getMessage();
    }

    private static ByteBuffer utf8(String document) {
        return ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8));
    }

    private static String attributes(int number) {
        return IntStream.range(0, number).mapToObj(i -> " a" + i + "=''").reduce("", String::concat);
    }
}
