package org.bolide.testkit;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SampleEventsTest {

    @Test
    void shouldBeVoevents() throws Exception {
        for (byte[] event : SampleEvents.all()) {
            Element root = parse(event);
            assertEquals("VOEvent", root.getLocalName());
            assertTrue(root.getNamespaceURI().endsWith("v" + root.getAttribute("version")), root.getNamespaceURI());
        }
    }

    @Test
    void shouldBuildWhatIsOrdered() throws Exception {
        byte[] event = SampleEvents.event("ivo://a.example/b#<\"&>").role("observation").author("ivo://a.example/me")
                .contactName("KSK").date("2026-01-01T00:00:00").param("p", "1<2").description("long").bytes();
        Element root = parse(event);
        assertEquals("ivo://a.example/b#<\"&>", root.getAttribute("ivorn"));
        assertEquals("observation", root.getAttribute("role"));
        for (var expected : List.of(List.of("AuthorIVORN", "ivo://a.example/me"), List.of("contactName", "KSK"),
                List.of("Date", "2026-01-01T00:00:00"), List.of("Description", "long"))) {
            assertEquals(expected.get(1), root.getElementsByTagName(expected.get(0)).item(0).getTextContent());
        }
        Element param = (Element) root.getElementsByTagName("Param").item(0);
        assertEquals("1<2", param.getAttribute("value"));
    }

    /** The list tells the SHA-1 of each event: shows that the archive is read right. */
    @Test
    void shouldReadSharedEvents() throws Exception {
        List<SharedData.RealEvent> events = SharedData.events();
        if (events.isEmpty()) {
            return;
        }
        assertEquals(669, events.size());
        SharedData.RealEvent first = events.get(0);
        assertTrue(first.real());
        assertEquals("ivo://com.dc3/dc3.broker#BrokerTest-2014-04-23T18:15:10.12", first.ivoid());
        assertEquals("d0fa01f4227a4b17043f7f7feb4c3970914d4b3", HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(first.content())).substring(1));
    }

    private static Element parse(byte[] event) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(event)).getDocumentElement();
    }
}
