package org.bolide.handler.printevent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.Outcome;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PrintEventTest {

    private static final String EVENT = """
            <voe:VOEvent xmlns:voe="http://www.ivoa.net/xml/VOEvent/v2.0" ivorn="ivo://example.org/a#1" role="test" version="2.0">
              <What><Description>Räuber, γ-ray, 彗星</Description></What>
            </voe:VOEvent>""";
    private static final String LATIN = EVENT.replace(", γ-ray, 彗星", "");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintEvent handler = new PrintEvent(Optional.of(new PrintStream(printed)));

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "ISO-8859-1"})
    void shouldPrintTheTextWhateverItsEncoding(String encoding) throws Exception {
        String text = encoding.startsWith("UTF") ? EVENT : LATIN;
        String document = "<?xml version='1.0' encoding='" + encoding + "'?>\n" + text + "\n";

        assertEquals(Outcome.DONE, handler.handle(event(document, Charset.forName(encoding))));

        assertEquals(text + "\n", printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldPrintTheTextWithoutDeclarationAsUtf8() throws Exception {
        handler.handle(event(EVENT, StandardCharsets.UTF_8));
        handler.handle(event("\uFEFF" + EVENT, StandardCharsets.UTF_8));
        handler.handle(event("\uFEFF" + EVENT, StandardCharsets.UTF_16LE));

        assertEquals((EVENT + "\n").repeat(3), printed.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldPrintEachEventOfTheRealStreams() throws Exception {
        List<byte[]> events = new ArrayList<>(SampleEvents.all());
        SharedData.events().stream().filter(SharedData.RealEvent::real).forEach(real -> events.add(real.content()));

        for (byte[] content : events) {
            printed.reset();
            assertEquals(Outcome.DONE, handler.handle(TestEvent.of(1, TestEvent.header(Optional.empty()), content)));

            String text = printed.toString(StandardCharsets.UTF_8);
            assertTrue(text.startsWith("<") && !text.startsWith("<?xml") && text.endsWith(">\n"), text);
            assertFalse(text.contains("\uFFFD"), "decoded by another encoding than it was written in: " + text);
        }
    }

    @Test
    void shouldFailSoThatTheLaneTriesAgainWhenStandardOutputIsClosed() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        PrintEvent broken = new PrintEvent(Optional.of(new PrintStream(closed)));

        IOException failure = assertThrows(IOException.class, () -> broken.handle(event(EVENT, StandardCharsets.UTF_8)));

        assertTrue(failure.getMessage().startsWith("Standard output is closed"), failure.getMessage());
    }

    @Test
    void shouldPrintToTheLogWithWhatTellsTheEvent() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            new PrintEvent(Optional.empty()).handle(event("<?xml version='1.0'?>\n" + EVENT, StandardCharsets.UTF_8));

            assertTrue(log.text().contains("INFO"), log.text());
            assertTrue(log.text().contains("id=ivo://example.org/a#1 position=7 source=testkit\n" + EVENT), log.text());
        }
    }

    @ParameterizedTest
    @CsvSource({"auto,true,true", "auto,false,false", "stdout,false,true", "log,true,false"})
    void shouldChooseStandardOutputInTheForeground(String output, boolean foreground, boolean stdout) {
        assertEquals(stdout, PrintEvent.toStdout(output, foreground));
    }

    @Test
    void shouldNameTheAllowedOutputs() {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> PrintEvent.toStdout("stderr", true));

        assertTrue(failure.getMessage().contains("auto, stdout or log"), failure.getMessage());
        assertFalse(failure.getMessage().isBlank());
    }

    private static TestEvent event(String document, Charset charset) {
        return TestEvent.of(7, TestEvent.header(Optional.of("ivo://example.org/a#1")), document.getBytes(charset));
    }
}
