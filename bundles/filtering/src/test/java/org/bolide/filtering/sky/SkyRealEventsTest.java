package org.bolide.filtering.sky;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.Reading;
import org.bolide.api.SkyPosition;
import org.bolide.api.xml.IsoTime;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.SharedData.RealEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the functions say of real events, beside what GCN, who sent them, computed when it wrote them. */
class SkyRealEventsTest {

    /** In degrees. GCN gives hundredths, and its Sun and Moon less exactly than that. */
    private record Check(String param, double allowed, ToDoubleFunction<SkyEvent> ours) {
    }

    private static final List<Check> CHECKS = List.of(
            new Check("Galactic_Lat", 0.01, event -> event.position().toGalactic().latitude()),
            new Check("Ecliptic_Lat", 0.01, event -> event.position().toEcliptic().latitude()),
            new Check("Sun_Distance", 0.3, SkyEvent::sunSeparation),
            new Check("M(?:oon|OON)_Distance", 0.5, SkyEvent::moonSeparation));

    @Test
    void shouldUnderstandTheFrameOfEveryRealPosition() {
        for (RealEvent real : SharedData.events()) {
            String text = text(real);
            if (real.real() && text.contains("<C1>")) {
                assertFalse(SkyEvent.of(event(text)).position().isNone(), real.name());
            }
        }
    }

    @Test
    void shouldSayNearlyWhatTheSenderSays() {
        Map<String, Double> greatest = new TreeMap<>();
        int compared = 0;
        for (RealEvent real : SharedData.events()) {
            String text = text(real);
            SkyEvent event = SkyEvent.of(event(text));
            // 0, 0 is how this sender says that it knows no position.
            boolean located = !event.position().equals(Direction.of(0, 0));
            if (real.real() && text.contains("Galactic_Lat") && located) {
                for (Check check : CHECKS) {
                    Optional<String> stated = first(text, "name=\"" + check.param + "\" value=\"([^\"]*)\"");
                    if (stated.isPresent() && event.time().isPresent()) {
                        double off = Math.abs(Double.parseDouble(stated.get()) - check.ours.applyAsDouble(event));
                        greatest.merge(check.param, off, Math::max);
                        assertTrue(off <= check.allowed, () -> check.param + " of " + real.name() + " is " + stated.get() + ", off by " + off);
                        compared++;
                    }
                }
            }
        }
        System.out.println("real events beside their sender's values, " + compared + " compared, greatest difference in degrees: " + greatest);
    }

    /** At the time of writing, which is that of GCN's values. */
    private static BrokerEvent event(String text) {
        Optional<SkyPosition> position = first(text, "<C1>\\s*([^<\\s]*)").map(longitude -> new SkyPosition(
                Double.parseDouble(longitude), Double.parseDouble(first(text, "<C2>\\s*([^<\\s]*)").orElseThrow()),
                OptionalDouble.empty(), first(text, "AstroCoords coord_system_id=\"([^\"]*)\"").orElse("")));
        EventHeader header = new EventHeader(new QName("VOEvent"), Optional.empty(), Optional.empty(), Optional.empty(),
                first(text, "<Date>([^<]*)").flatMap(IsoTime::parse), Optional.empty(), position, List.of());
        return new DetachedEvent(new Reading(header, List.of()), ByteBuffer.allocate(0), "test", Instant.EPOCH);
    }

    private static Optional<String> first(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static String text(RealEvent event) {
        return new String(event.content(), StandardCharsets.UTF_8);
    }
}
