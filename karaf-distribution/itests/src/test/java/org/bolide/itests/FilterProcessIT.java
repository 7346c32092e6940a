package org.bolide.itests;

import java.io.IOException;
import java.nio.file.Path;

import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Subscribers send filters to the product: good ones, one with a mistake, and one that costs too much. */
class FilterProcessIT {

    /** Looks at every element for every element for every element for every element. */
    private static final String COSTLY = "//*[//*[//*[//*[. = 'no such text']]]]";

    @TempDir
    Path directory;

    @Test
    void shouldSendWhatPassesAndTellWhoseFilterIsWrongOrCostsTooMuch() throws IOException {
        try (Broker broker = new Broker(directory).startBoth(); VtpPeer wrong = VtpPeer.subscribe(broker.broadcastPort);
                VtpPeer costly = VtpPeer.subscribe(broker.broadcastPort); VtpPeer sky = VtpPeer.subscribe(broker.broadcastPort)) {
            wrong.filters("//Who", "/voe:VOEvent[@role='test']");
            String nak = wrong.readText().replace("&quot;", "\"");
            assertTrue(nak.contains("role=\"nak\"") && nak.contains("filter 2 of 2")
                    && nak.contains("write *[local-name()=\"VOEvent\"] instead of voe:VOEvent"), nak);
            costly.filters(COSTLY, "@role='utility'");
            broker.awaitLog(costly.localPort() + " asks for");
            sky.filters("sky:galactic-latitude() > -90 and sky:sun-separation() < 180");
            broker.awaitLog(sky.localPort() + " asks for");

            byte[] many = many();
            submit(broker, many);
            nak = costly.readText();
            assertTrue(nak.contains("role=\"nak\"") && nak.contains("filter 1 of 2") && nak.contains("taken away"), nak);

            byte[] placed = SampleEvents.swift();
            submit(broker, placed);
            assertArrayEquals(placed, sky.takeEvent(), "the event without a position does not pass");
            byte[] utility = SampleEvents.event("ivo://test.author/filters#utility").role("utility").bytes();
            submit(broker, utility);
            assertArrayEquals(utility, costly.takeEvent(), "its other filter stays, and never does everything pass");
            wrong.filters("@role='utility'");
            broker.awaitLog(wrong.localPort() + " asks for what passes @role='utility'");
            byte[] last = SampleEvents.event("ivo://test.author/filters#last").role("utility").bytes();
            submit(broker, last);
            assertArrayEquals(last, wrong.takeEvent(), "nothing is sent before the first good request");

            try (VtpPeer again = VtpPeer.subscribe(broker.broadcastPort)) {
                again.filters(COSTLY);
                nak = again.readText();
                assertTrue(nak.contains("role=\"nak\"") && nak.contains("costs too much") || nak.contains("for an hour"), nak);
            }
        }
    }

    private static byte[] many() {
        SampleEvents.Builder event = SampleEvents.event("ivo://test.author/filters#many");
        for (int i = 0; i < 200; i++) {
            event.param("Param_" + i, "" + i);
        }
        return event.bytes();
    }

    private static void submit(Broker broker, byte[] event) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, event);
        assertTrue(answer.contains("role=\"ack\""), answer);
    }
}
