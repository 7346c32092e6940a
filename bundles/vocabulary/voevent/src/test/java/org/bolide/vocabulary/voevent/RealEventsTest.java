package org.bolide.vocabulary.voevent;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.bolide.api.EventHeader;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What becomes of the real events and of the synthetic and dubious ones when an author sends them, beside Comet's answer. */
class RealEventsTest {

    private final VoeventVocabulary vocabulary = new VoeventVocabulary();

    /** Accepted by us, refused by Comet: it knows no schema but that of 2.0, and not the schema's default role. */
    private static final String LENIENT = "\\{http://www.ivoa.net/xml/VOEvent/v1.1}VOEvent': No matching global.*|Unknown role: None";

    /** Refused by us, accepted by Comet: any DTD; in an IVOID, white space and what is not ASCII. */
    private static final String STRICT = "malformed .*a document type declaration.*|fault .*(white space around it|the character é).*";

    @Test
    void shouldJudgeAsCometDoesButForTheDifferencesThatAreMeant() {
        Map<String, Integer> alike = new TreeMap<>();
        Map<String, String> different = new TreeMap<>();
        for (RealEvent event : SharedData.events()) {
            String verdict = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> verdict(event));
            if (verdict.equals("accept") == event.comet().equals("accept")) {
                alike.merge(event.comet(), 1, Integer::sum);
            } else {
                different.put(event.name(), event.why() + " -> " + verdict);
                assertTrue(verdict.equals("accept") ? event.why().matches(".*(" + LENIENT + ").*") : verdict.matches(STRICT),
                        () -> event.name() + ": Comet says " + event.comet() + " " + event.why() + ", we say " + verdict);
            }
        }
        System.out.println("judged as Comet does: " + alike + "; meant differences: " + different.size());
        different.forEach((name, what) -> System.out.println("  " + name + ": " + what));
    }

    @Test
    void shouldReadTheHeaderOfEveryRealEvent() throws Exception {
        for (RealEvent event : SharedData.events()) {
            if (event.real()) {
                EventHeader header = vocabulary.read(ByteBuffer.wrap(event.content())).header();
                assertEquals(Optional.of(event.ivoid()), header.identifier());
                String text = new String(event.content(), StandardCharsets.UTF_8);
                assertEquals(text.contains("<AuthorIVORN>"), header.author().isPresent(), event.name());
                assertEquals(text.contains("<Date>"), header.authoredAt().isPresent(), event.name());
                assertEquals(text.contains("<C1>"), header.position().isPresent(), event.name());
                // One stream gives 2014-00-00 for a day that it does not know.
                assertEquals(text.matches("(?s).*<ISOTime>\\d+-[01]\\d-(0[1-9]|[123]).*"), header.observedAt().isPresent(), event.name());
                assertEquals(text.split("<EventIVORN cite=\"[a-z]+\">", -1).length - 1, header.citations().size(), event.name());
            }
        }
    }

    private String verdict(RealEvent event) {
        try {
            Reading reading = vocabulary.read(ByteBuffer.wrap(event.content()));
            return reading.faults().isEmpty() ? "accept" : "fault " + reading.faults();
        } catch (MalformedEventException e) {
            return "malformed " + e.getMessage();
        }
    }
}
