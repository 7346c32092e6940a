package org.bolide.launcher.sendvo;

import java.io.IOException;
import java.util.List;

import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StampTest {

    private final Stamp stamp = new Stamp(() -> "7");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "<a ivorn=\"ivo://x/y#z\"/> | <a ivorn=\"ivo://x/y#z-7\"/>",
        "<a ivorn='ivo://x/y'/> | <a ivorn='ivo://x/y#7'/>",
        "<v:a role='test' xmlns:v='u > w' ivorn = \"ivo://x/y?z\">ä</v:a> | <v:a role='test' xmlns:v='u > w' ivorn = \"ivo://x/y?z-7\">ä</v:a>",
        "<?xml version='1.0'?><!-- <b ivorn='n'> --><a ivorn=''><b ivorn='m'/></a><!-- e --> |"
                + "<?xml version='1.0'?><!-- <b ivorn='n'> --><a ivorn='#7'><b ivorn='m'/></a><!-- e -->",
    })
    void shouldChangeTheRootsIdentifierAndNothingElse(String before, String after) throws IOException {
        assertEquals(after, new String(stamp.apply(before.getBytes(UTF_8)), UTF_8));
        byte[] latin = before.getBytes(ISO_8859_1);
        assertEquals(after, new String(stamp.apply(latin), ISO_8859_1));
    }

    @Test
    void shouldStampWhatTheStreamsSend() throws IOException {
        for (byte[] event : List.of(SampleEvents.swift(), SampleEvents.integral(), SampleEvents.utility(), SampleEvents.test(),
                SampleEvents.v21())) {
            String stamped = new String(stamp.apply(event), ISO_8859_1);
            assertEquals(event.length + 2, stamped.length());
            assertEquals(new String(event, ISO_8859_1), stamped.replaceFirst("-7", ""));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "text", "<a/>", "<a b='1'><c ivorn='x'/></a>", "<!-- <a ivorn='x'> -->", "<a b=ivorn='x'>"})
    void shouldRefuseWhatHasNoIdentifier(String event) {
        String message = assertThrows(IOException.class, () -> stamp.apply(event.getBytes(UTF_8))).getMessage();
        assertTrue(message.startsWith("--new-id: "), message);
    }

    @Test
    void shouldRefuseEncodingsThatItCannotSearch() {
        assertThrows(IOException.class, () -> stamp.apply("<a ivorn='ivo://x/y'/>".getBytes(UTF_16)));
    }
}
