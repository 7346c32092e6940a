package org.bolide.filtering.sky;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

import org.bolide.api.SkyPosition;
import org.bolide.api.xml.IsoTime;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against implementations that share no code with ours; {@code reference.py} says which and how. */
class SkyReferenceTest {

    private static final double ARCSECOND = 1 / 3600.0;

    /** In degrees, mjd in days. */
    private static final Map<String, Double> ALLOWED = Map.of(
            "galactic", 0.1 * ARCSECOND,
            "ecliptic", 0.1 * ARCSECOND,
            "separation", 1e-9,
            "from-galactic", 0.1 * ARCSECOND,
            "from-ecliptic", 0.1 * ARCSECOND,
            "from-fk4", 0.1 * ARCSECOND,
            "from-fk5", 0.1 * ARCSECOND,
            "sun", 0.001,
            "moon", 0.01,
            "mjd", 2e-11);

    @Test
    void shouldAgreeWithIndependentImplementations() throws IOException {
        Map<String, Double> deviations = new TreeMap<>();
        for (String line : lines()) {
            String[] field = line.split("\t");
            deviations.merge(field[0], deviation(field), Math::max);
        }
        System.out.println("sky functions, greatest deviation in degrees (mjd: days): " + deviations);
        assertEquals(ALLOWED.keySet(), deviations.keySet());
        deviations.forEach((kind, deviation) -> assertTrue(deviation <= ALLOWED.get(kind), kind + " is off by " + deviation));
    }

    private static double deviation(String[] field) {
        return switch (field[0]) {
            case "galactic" -> place(field, 1).toGalactic().separation(place(field, 3));
            case "ecliptic" -> place(field, 1).toEcliptic().separation(place(field, 3));
            case "separation" -> Math.abs(place(field, 1).separation(place(field, 3)) - number(field[5]));
            case "from-galactic" -> from("UTC-GALACTIC-GEO", field, Optional.empty(), 3);
            case "from-ecliptic" -> from("UTC-ECLIPTIC-GEO", field, Optional.empty(), 3);
            case "from-fk5" -> from("UTC-FK5-GEO", field, Optional.empty(), 3);
            case "from-fk4" -> from("UTC-FK4-GEO", field, IsoTime.parse(field[3]), 4);
            case "sun" -> offset(new SunAndMoon().sun(time(field)), place(field, 2));
            case "moon" -> offset(new SunAndMoon().moon(time(field)), place(field, 2));
            case "mjd" -> Math.abs(Times.mjd(time(field)) - number(field[2]));
            default -> throw new IllegalArgumentException(field[0]);
        };
    }

    private static double from(String frame, String[] field, Optional<Instant> time, int expected) {
        return Frame.toIcrs(new SkyPosition(number(field[1]), number(field[2]), OptionalDouble.empty(), frame), time)
                .separation(place(field, expected));
    }

    /** For an ephemeris, whose word for its frame must be ICRS's. */
    private static double offset(SkyPosition position, Direction expected) {
        return Frame.toIcrs(position, Optional.empty()).separation(expected);
    }

    private static Direction place(String[] field, int first) {
        return Direction.of(number(field[first]), number(field[first + 1]));
    }

    private static Instant time(String[] field) {
        return IsoTime.parse(field[1]).orElseThrow();
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private static List<String> lines() throws IOException {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                SkyReferenceTest.class.getResourceAsStream("reference.tsv"), StandardCharsets.UTF_8))) {
            return in.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }
}
