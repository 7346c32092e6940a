package org.bolide.benchmarks.load;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import javax.xml.parsers.DocumentBuilderFactory;

import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventsTest {

    private final ByteBuffer out = ByteBuffer.allocate(1 << 16);

    @Test
    void shouldSendFramesWhoseIdentifiersAreUnique() throws Exception {
        Events events = OwnEvents.load();
        events.begin(0xcafe);
        Set<String> identifiers = new HashSet<>();
        int count = events.documents() * 3;
        for (int number = 0; number < count; number++) {
            Element root = parse(frame(events, number));
            assertEquals("VOEvent", root.getLocalName());
            assertTrue(root.getAttribute("ivorn").endsWith("load-0000cafe-%08x".formatted(number)), root.getAttribute("ivorn"));
            identifiers.add(root.getAttribute("ivorn"));
        }
        assertEquals(count, identifiers.size());
    }

    @Test
    void shouldWriteEventsOfTheSizesOfRealOnes() {
        Events events = OwnEvents.load();
        for (int i = 0; i < events.documents(); i++) {
            int length = events.document(i).length;
            assertTrue(length > 1_700 && length < 6_000, length + " bytes:\n" + new String(events.document(i), StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldLeaveAllButTheIdentifierAsItWas() {
        String original = new String(SampleEvents.swift(), StandardCharsets.ISO_8859_1);
        Events events = new Events("one", List.of(SampleEvents.swift()));
        String ours = new String(events.document(0), StandardCharsets.ISO_8859_1);
        assertEquals(original, ours.replace("-load-00000000-00000000", ""));
    }

    @Test
    void shouldAcknowledgeWithTheWholeIdentifier() throws Exception {
        Events events = OwnEvents.load();
        events.begin(7);
        String ivorn = parse(frame(events, 500)).getAttribute("ivorn");
        out.clear();
        events.writeAck(500, out);
        Element ack = parse(payload());
        assertEquals("ack", ack.getAttribute("role"));
        assertEquals(ivorn, ack.getElementsByTagName("Origin").item(0).getTextContent());
    }

    @Test
    void shouldFindTheNumberAndSeeEveryAlteredByte() {
        Events events = OwnEvents.load();
        events.begin(42);
        byte[] frame = frame(events, 77);
        ByteBuffer received = ByteBuffer.allocateDirect(frame.length + 8);
        received.position(8);
        received.put(frame);
        received.clear();
        int mark = events.mark().find(received, 8, received.capacity());
        assertEquals(77, Mark.numberAt(received, mark));
        Events.Comparison comparison = events.comparison();
        assertTrue(comparison.same(received, 8, frame.length, 77));
        received.clear();
        assertFalse(comparison.same(received, 8, frame.length - 1, 77), "shorter");
        for (int at = 8; at < 8 + frame.length; at++) {
            if (at >= mark + Mark.LENGTH - 8 && at < mark + Mark.LENGTH) {
                continue; // the number itself: another event
            }
            received.clear();
            received.put(at, (byte) (received.get(at) ^ 1));
            assertFalse(comparison.same(received, 8, frame.length, 77), "byte " + (at - 8));
            received.clear();
            received.put(at, (byte) (received.get(at) ^ 1));
        }
    }

    @Test
    void shouldNotTakeAnEventOfAnotherRunForOneOfThis() {
        Events events = OwnEvents.load();
        events.begin(1);
        ByteBuffer earlier = ByteBuffer.wrap(frame(events, 3));
        events.begin(2);
        assertEquals(-1, events.mark().find(earlier, 0, earlier.capacity()));
    }

    @Test
    void shouldHaveSixtyFourFiltersOfWhichMostPassSomeAndNoneAll() {
        Events events = OwnEvents.load();
        List<String> filters = Filters.all();
        assertEquals(64, new HashSet<>(filters).size());
        int several = 24;
        Expectation expectation = new Expectation(filters, events, several);
        int some = 0;
        for (int f = 0; f < filters.size(); f++) {
            int passed = 0;
            for (int number = 0; number < several; number++) {
                passed += expectation.wants(f, number) ? 1 : 0;
            }
            assertTrue(passed < several, filters.get(f));
            some += passed > 0 ? 1 : 0;
        }
        assertTrue(some >= 40, some + " of 64 filters pass something");
    }

    /** What is sent, without its length. */
    private byte[] frame(Events events, int number) {
        out.clear();
        events.write(number, out);
        assertEquals(events.frameLength(number), out.position());
        return payload();
    }

    private byte[] payload() {
        out.flip();
        byte[] payload = new byte[out.getInt()];
        assertEquals(payload.length, out.remaining());
        out.get(payload);
        return payload;
    }

    private static Element parse(byte[] document) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(document)).getDocumentElement();
    }
}
