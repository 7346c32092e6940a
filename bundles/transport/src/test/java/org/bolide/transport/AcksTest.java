package org.bolide.transport;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AcksTest {

    private static final String ID = "ivo://test.author/x#1";

    @Test
    void shouldRecogniseOurOwn() {
        assertTrue(isAck(ID, TransportWriter.ack(TransportMessage.NAMESPACE, ID, "ivo://a.b/c", "")));
        assertTrue(isAck(ID, TransportWriter.ack("", ID, "ivo://a.b/c", "a duplicate")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        // Comet
        "<?xml version='1.0' encoding='UTF-8'?>\n<ns0:Transport xmlns:ns0=\"http://www.telescope-networks.org/xml/Transport/v1.1\" role=\"ack\" version=\"1.0\"><Origin>ivo://test.author/x#1</Origin><Response>ivo://b.c/d</Response><TimeStamp>2026-11-22T03:00:00Z</TimeStamp></ns0:Transport>",
        // pygcn
        "<?xml version='1.0' encoding='UTF-8'?><trn:Transport role=\"ack\" version=\"1.0\" xmlns:trn=\"http://telescope-networks.org/schema/Transport/v1.1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://telescope-networks.org/schema/Transport/v1.1 http://telescope-networks.org/schema/Transport-v1.1.xsd\"><Origin>ivo://test.author/x#1</Origin><Response>ivo://python_voeventclient/anonymous</Response><TimeStamp>2026-11-22T03:00:00Z</TimeStamp></trn:Transport>",
        "<Transport role='ack'>\n  <Origin>\n ivo://test.author/x#1 </Origin></Transport>",
        "<a:Transport version = '1.0' role = \"ack\" ><Origin>ivo://test.author/x#1</Origin>",
    })
    void shouldRecogniseWhatClientsWrite(String ack) {
        assertTrue(isAck(ID, ack));
        assertEquals(ID, Scan.answer(ack.getBytes(StandardCharsets.UTF_8)).orElseThrow().origin());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "<", "<Transport", "<?xml", "<?xml ?", "<Transport role=\"ack", "<Transport role=", "<Transport role", "<Transport>",
        "<Transport role=\"nak\"><Origin>ivo://test.author/x#1</Origin></Transport>",
        "<Transport role=\"acknowledge\"><Origin>ivo://test.author/x#1</Origin></Transport>",
        "<Transport norole=\"ack\"><Origin>ivo://test.author/x#1</Origin></Transport>",
        "<Transport note=' role=\"ack\" '><Origin>ivo://test.author/x#1</Origin></Transport>",
        "<Transport role=\"ack\"/><Origin>ivo://test.author/x#1</Origin>",
        "<Transport role=\"ack\"><Origin>ivo://test.author/x#12</Origin></Transport>",
        "<Transport role=\"ack\"><Origin>ivo://test.author/x#</Origin></Transport>",
        "<Transport role=\"ack\"><Origin>ivo://test.author/x#1",
        "<Transport role=\"ack\"><!-- <Origin>ivo://test.author/x#1</Origin> --><Origin>another</Origin></Transport>",
        "<Transports role=\"ack\"><Origin>ivo://test.author/x#1</Origin></Transports>",
        "<a:b:VOEvent role=\"ack\"><Origin>ivo://test.author/x#1</Origin></a:b:VOEvent>",
        "<!-- <Transport role=\"ack\"><Origin>ivo://test.author/x#1</Origin></Transport> --><VOEvent/>",
    })
    void shouldLeaveAllElseToAParser(String other) {
        assertFalse(isAck(ID, other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ivo://a.b/c#&amp;", "ivo://a.b/c#<", "ivo://a.b/c#\u00e9", ""})
    void shouldLeaveIdentifiersOfSeveralSpellingsToAParser(String identifier) {
        assertFalse(isAck(identifier, "<Transport role=\"ack\"><Origin>" + identifier + "</Origin></Transport>"));
    }

    @Test
    void shouldLookAtNothingBeyondTheMessage() {
        String ack = "<Transport role=\"ack\"><Origin>" + ID + "</Origin>";
        byte[] bytes = (ack + ack).getBytes(StandardCharsets.UTF_8);
        assertTrue(Acks.isAckOf(ID, bytes, ack.length(), bytes.length));
        for (int to = 0; to < ack.length(); to++) {
            assertFalse(Acks.isAckOf(ID, bytes, 0, to), "the first " + to);
        }
    }

    private static boolean isAck(String identifier, String text) {
        byte[] bytes = ("??" + text + "??").getBytes(StandardCharsets.UTF_8);
        return Acks.isAckOf(identifier, bytes, 2, bytes.length - 2);
    }
}
