package org.bolide.filtering.sky;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.Reading;
import org.bolide.api.SkyPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SkyFunctionTest {

    private static final Instant OBSERVED = Instant.parse("2014-04-30T20:35:49.040Z");
    private static final Instant AUTHORED = Instant.parse("2014-04-30T20:39:42Z");
    private static final Instant RECEIVED = Instant.parse("2014-04-30T20:39:43.250000999Z");

    private static final BrokerEvent SWIFT = event(new SkyPosition(102.9265, 23.0027, OptionalDouble.of(0.05), "UTC-FK5-GEO"),
            OBSERVED, new Citation("ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_597722-607", "followup"));
    private static final BrokerEvent NOTHING = event(null, null);

    @Test
    void shouldTellThePositionAsTheEventStatesIt() {
        assertEquals(102.9265, call(SWIFT, "ra"));
        assertEquals(23.0027, call(SWIFT, "dec"));
        assertEquals(0.05, call(SWIFT, "error-radius"));
    }

    @Test
    void shouldTellRightAscensionFrom0To360() {
        assertEquals(359.0, call(at(-1, -1, "UTC-FK5-GEO"), "ra"));
        assertEquals(0.0, call(at(360, 0, "UTC-FK5-GEO"), "ra"));
        assertEquals(0.0, call(at(-0.0, 0, "UTC-FK5-GEO"), "ra"));
    }

    @Test
    void shouldMeasureSeparations() {
        assertEquals(0.0, call(SWIFT, "separation", 102.9265, 23.0027));
        assertEquals(2.0, (Double) call(SWIFT, "separation", 102.9265, 25.0027), 1e-9);
        assertEquals(2.0, (Double) call(NOTHING, "separation", 359.0, 0.0, 1.0, 0.0), 1e-9);
        assertEquals(180.0, (Double) call(NOTHING, "separation", 10.0, 90.0, 200.0, -90.0), 1e-9);
    }

    @Test
    void shouldFindThePositionInACone() {
        assertEquals(true, call(SWIFT, "in-cone", 102.9265, 25.0, 2.0));
        assertEquals(false, call(SWIFT, "in-cone", 102.9265, 25.0, 1.9));
        assertEquals(true, call(at(359.9, 0, "UTC-ICRS-GEO"), "in-cone", 0.1, 0.0, 0.3));
        assertEquals(true, call(SWIFT, "in-cone", 0.0, 0.0, 180.0));
    }

    @Test
    void shouldGiveOtherCoordinates() {
        // What the event of the real stream itself says: Galactic_Long 192.26, Ecliptic_Long 101.88 and so on.
        assertEquals(192.26, (Double) call(SWIFT, "galactic-longitude"), 0.01);
        assertEquals(10.32, (Double) call(SWIFT, "galactic-latitude"), 0.01);
        assertEquals(0.10, (Double) call(SWIFT, "ecliptic-latitude"), 0.01);
        assertEquals(101.88, (Double) call(SWIFT, "ecliptic-longitude"), 0.2);
        assertEquals(call(SWIFT, "galactic-longitude"), call(NOTHING, "galactic-longitude", 102.9265, 23.0027));
        assertEquals(call(SWIFT, "galactic-latitude"), call(NOTHING, "galactic-latitude", 102.9265, 23.0027));
        assertEquals(call(SWIFT, "ecliptic-longitude"), call(NOTHING, "ecliptic-longitude", 102.9265, 23.0027));
        assertEquals(call(SWIFT, "ecliptic-latitude"), call(NOTHING, "ecliptic-latitude", 102.9265, 23.0027));
    }

    @Test
    void shouldConvertPositionsInOtherFrames() {
        BrokerEvent galactic = at(192.26, 10.32, "UTC-GALACTIC_II-TOPO");
        assertEquals(102.9265, (Double) call(galactic, "ra"), 0.01);
        assertEquals(23.0027, (Double) call(galactic, "dec"), 0.01);
        assertNotEquals(call(SWIFT, "ra"), call(at(102.9265, 23.0027, "UTC-FK4-GEO"), "ra"));
        assertNotEquals(call(SWIFT, "ra"), call(at(102.9265, 23.0027, "utc-ecliptic-geo"), "ra"));
        assertEquals(102.9265, call(at(102.9265, 23.0027, "TDB-ICRS-BARY"), "ra"));
        assertEquals(102.9265, call(at(102.9265, 23.0027, ""), "ra"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTC-GEOD-TOPO", "UTC-GALACTIC_I-GEO", "UTC-UNKNOWNFrame-GEO", "somewhere"})
    void shouldHaveNoPositionInAFrameThatIsNotKnown(String frame) {
        assertNoPosition(at(102.9265, 23.0027, frame));
    }

    @Test
    void shouldAnswerNothingWhereTheEventTellsNothing() {
        assertNoPosition(NOTHING);
        assertNoPosition(at(Double.NaN, 0, "UTC-FK5-GEO"));
        assertNoPosition(at(0, 90.01, "UTC-FK5-GEO"));
        for (String time : List.of("age", "mjd")) {
            assertEquals(Double.NaN, call(NOTHING, time), time);
        }
        for (String test : List.of("is-follow-up", "supersedes", "is-retraction")) {
            assertEquals(false, call(NOTHING, test), test);
        }
        assertEquals(false, call(NOTHING, "cites", "ivo://a.b/c#d"));
    }

    private static void assertNoPosition(BrokerEvent event) {
        for (SkyFunction function : SkyFunction.all()) {
            boolean ofPosition = function.parameters().isEmpty() && function.result() == SkyFunction.Type.NUMBER
                    && !function.name().equals("age") && !function.name().equals("mjd");
            if (ofPosition) {
                assertEquals(Double.NaN, function.call(event), function.signature());
            }
        }
        assertEquals(Double.NaN, call(event, "separation", 0.0, 0.0));
        assertEquals(false, call(event, "in-cone", 0.0, 0.0, 180.0));
    }

    @Test
    void shouldSeparateFromSunAndMoonAtTheEventsTime() {
        // Sun_Distance 61.66 and MOON_Distance 42.31 are those of the moment when the event was written.
        assertEquals(61.66, (Double) call(SWIFT, "sun-separation"), 0.1);
        assertEquals(42.31, (Double) call(SWIFT, "moon-separation"), 0.5);
        BrokerEvent later = event(new SkyPosition(102.9265, 23.0027, OptionalDouble.empty(), ""), OBSERVED.plusSeconds(86400));
        assertEquals(-1, Math.signum((Double) call(later, "sun-separation") - (Double) call(SWIFT, "sun-separation")));
        BrokerEvent untimed = event(new SkyPosition(102.9265, 23.0027, OptionalDouble.empty(), ""), null);
        assertEquals(Double.NaN, call(untimed, "sun-separation"));
        assertEquals(Double.NaN, call(untimed, "moon-separation"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1959-12-31T23:59:59Z", "2100-01-01T00:00:00Z", "-0001-01-01T00:00:00Z", "+12000-01-01T00:00:00Z"})
    void shouldKnowSunAndMoonFrom1960To2099Only(String time) {
        BrokerEvent event = event(new SkyPosition(1, 2, OptionalDouble.empty(), ""), Instant.parse(time));
        assertEquals(Double.NaN, call(event, "sun-separation"));
        assertEquals(Double.NaN, call(event, "moon-separation"));
        assertFalse(Double.isNaN((Double) call(event, "mjd")));
    }

    @Test
    void shouldKnowSunAndMoonToTheEndsOfThatTime() {
        for (String time : List.of("1960-01-01T00:00:00Z", "2099-12-31T23:59:59.999Z")) {
            BrokerEvent event = event(new SkyPosition(1, 2, OptionalDouble.empty(), ""), Instant.parse(time));
            assertTrue((Double) call(event, "sun-separation") > 0);
            assertTrue((Double) call(event, "moon-separation") > 0);
        }
    }

    @Test
    void shouldTellTheTime() {
        assertEquals(56777.858206, (Double) call(SWIFT, "mjd"), 1e-6);
        assertEquals("2014-04-30T20:35:49.040", call(NOTHING, "iso", call(SWIFT, "mjd")));
        assertEquals(51544.5, call(NOTHING, "mjd", "2000-01-01T12:00:00"));
        assertEquals(51544.0, call(NOTHING, "mjd", " 2000-01-01 "));
        assertEquals(Double.NaN, call(NOTHING, "mjd", "yesterday"));
        assertEquals(Double.NaN, call(NOTHING, "mjd", " ".repeat(9000) + "2000-01-01"));
        assertEquals("1858-11-17T00:00:00.000", call(NOTHING, "iso", 0.0));
        assertEquals("2000-01-01T00:00:00.000", call(NOTHING, "iso", 51544 - 1e-10));
        assertEquals("0000-01-01T00:00:00.000", call(NOTHING, "iso", Times.FIRST_MJD));
        assertEquals("9999-12-31T00:00:00.000", call(NOTHING, "iso", Times.LAST_MJD));
        assertEquals("", call(NOTHING, "iso", Double.NaN));
        assertEquals("", call(NOTHING, "iso", 1e300));
    }

    @Test
    void shouldTellTheTimeOfWritingWhereThatOfTheEventIsMissing() {
        BrokerEvent written = new DetachedEvent(new Reading(new EventHeader(new QName("VOEvent"), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.of(AUTHORED), Optional.empty(), Optional.empty(), List.of()),
                List.of()), ByteBuffer.allocate(0), "test", RECEIVED);
        assertEquals(Times.mjd(AUTHORED), call(written, "mjd"));
        assertEquals(1.25, call(written, "age"));
    }

    @Test
    void shouldTellTheAgeAtReceiptInSecondsAsTheLogKeepsIt() {
        assertEquals(234.21, (Double) call(SWIFT, "age"), 1e-9);
        assertEquals(-3600.0, call(event(null, Instant.parse("2014-04-30T21:39:43.25Z")), "age"));
    }

    @Test
    void shouldTestCitations() {
        assertEquals(true, call(SWIFT, "is-follow-up"));
        assertEquals(false, call(SWIFT, "supersedes"));
        assertEquals(false, call(SWIFT, "is-retraction"));
        assertEquals(true, call(event(null, null, new Citation("ivo://a.b/c#1", "supersedes"), new Citation("ivo://a.b/c#2", "retraction")),
                "is-retraction"));
        assertEquals(true, call(SWIFT, "cites", "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_597722-607"));
        assertEquals(true, call(SWIFT, "cites", "ivo://NASA.gsfc.gcn/swift#BAT_GRB_Pos_597722-607"));
        assertEquals(false, call(SWIFT, "cites", "ivo://nasa.gsfc.gcn/SWIFT#bat_grb_pos_597722-607"));
        assertEquals(false, call(SWIFT, "cites", ""));
    }

    @Test
    void shouldTakeArgumentsWithinTheirRangeOnly() {
        assertEquals(Double.NaN, call(SWIFT, "separation", 10.0, 90.5));
        assertEquals(Double.NaN, call(SWIFT, "separation", 361.0, 0.0));
        assertEquals(Double.NaN, call(SWIFT, "galactic-latitude", Double.NaN, 0.0));
        assertEquals(false, call(SWIFT, "in-cone", 0.0, 0.0, -1.0));
        assertEquals(false, call(SWIFT, "in-cone", 0.0, 0.0, Double.POSITIVE_INFINITY));
    }

    @Test
    void shouldSayWhatIsWrongWithAnArgumentThatTheFilterStates() {
        SkyFunction cone = SkyFunction.find("in-cone", 3).orElseThrow();
        assertEquals(Optional.empty(), cone.fault(1, -90.0));
        assertEquals(Optional.of("the argument dec of sky:in-cone(ra, dec, radius) must be degrees from -90 to 90"),
                cone.fault(1, 266.4));
        assertTrue(SkyFunction.find("mjd", 1).orElseThrow().fault(0, "30.4.2014").orElseThrow().contains("2014-04-30T20:35:49"));
    }

    @Test
    void shouldSayWhatWouldBeRightForAFunctionThatIsNotThere() {
        assertEquals(Optional.empty(), SkyFunction.find("separation", 3));
        assertEquals("sky:separation() does not take 3 arguments; write sky:separation(ra, dec) or sky:separation(ra, dec, ra, dec)",
                SkyFunction.whyNotFound("separation", 3));
        assertTrue(SkyFunction.whyNotFound("cone", 3).startsWith("sky:cone() is not a sky function; there are ra, dec, "));
    }

    private static Object call(BrokerEvent event, String name, Object... arguments) {
        return SkyFunction.find(name, arguments.length).orElseThrow().call(event, arguments);
    }

    private static BrokerEvent at(double longitude, double latitude, String frame) {
        return event(new SkyPosition(longitude, latitude, OptionalDouble.of(1), frame), OBSERVED);
    }

    private static BrokerEvent event(SkyPosition position, Instant observed, Citation... citations) {
        EventHeader header = new EventHeader(new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent"), Optional.empty(),
                Optional.of("observation"), Optional.empty(), Optional.empty(), Optional.ofNullable(observed),
                Optional.ofNullable(position), List.of(citations));
        return new DetachedEvent(new Reading(header, List.of()), ByteBuffer.allocate(0), "test", RECEIVED);
    }
}
