package org.bolide.filtering.sky;

import java.time.Instant;

import org.bolide.filtering.sky.Times.JulianDate;
import org.jastronomy.jsofa.JSOFA;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against worked examples and catalogues. */
class PublishedValuesTest {

    private static final double ARCSECOND = 1 / 3600.0;
    private static final double LIGHT_AU_PER_DAY = 173.1446326846693;

    /** Meeus, Astronomical Algorithms, second edition, example 47.a: 1992 April 12, 0h TD. */
    @Test
    void shouldPlaceTheMoonWhereMeeusDoes() {
        Instant time = Instant.parse("1992-04-11T23:59:01.816Z");
        assertEquals(0, ofDate(vector(Ephemeris.moon(time)), time).separation(Direction.of(134.688470, 13.768368)), 10 * ARCSECOND);
    }

    /** Meeus, example 25.b, complete theory: 1992 October 13, 0h TD; his Sun is displaced by the aberration of light. */
    @Test
    void shouldPlaceTheSunWhereMeeusDoes() {
        Instant time = Instant.parse("1992-10-12T23:59:00.816Z");
        double[] apparent = aberrated(vector(Ephemeris.sun(time)), time);
        assertEquals(0, ofDate(apparent, time).separation(Direction.of(198.3781208, -7.7838167)), ARCSECOND);
    }

    /** As SIMBAD has them: ICRS, galactic. */
    @ParameterizedTest
    @CsvSource({
        "M31, 10.684708, 41.268750, 121.1743, -21.5733",
        "Crab, 83.6331, 22.0145, 184.5575, -5.7843",
        "Sgr A*, 266.4168371, -29.0078106, 359.9442, -0.0462",
    })
    void shouldGiveGalacticCoordinatesOfCatalogues(String name, double ra, double dec, double longitude, double latitude) {
        assertEquals(0, Direction.of(ra, dec).toGalactic().separation(Direction.of(longitude, latitude)), 1e-4, name);
    }

    /** As {@link org.bolide.api.Ephemeris} has it: a map leaves out what it cannot place. */
    @ParameterizedTest
    @CsvSource({"1959-12-31T23:59:59Z", "2100-01-01T00:00:00Z"})
    void shouldKnowNoSunAndMoonOutsideTheYearsOfTheTheory(Instant time) {
        assertTrue(Double.isNaN(new SunAndMoon().sun(time).longitude()));
        assertTrue(Double.isNaN(new SunAndMoon().moon(time).latitude()));
    }

    private static double[] vector(Direction direction) {
        return JSOFA.jauS2c(Math.toRadians(direction.longitude()), Math.toRadians(direction.latitude()));
    }

    /** Right ascension and declination for the true equator and equinox of the date. */
    private static Direction ofDate(double[] icrs, Instant time) {
        JulianDate date = Times.terrestrial(time);
        return Direction.ofVector(JSOFA.jauRxp(JSOFA.jauPnm06a(date.day(), date.fraction()), icrs));
    }

    private static double[] aberrated(double[] icrs, Instant time) {
        JulianDate date = Times.terrestrial(time);
        double[][] heliocentric = new double[2][3];
        double[][] barycentric = new double[2][3];
        JSOFA.jauEpv00(date.day(), date.fraction(), heliocentric, barycentric);
        double[] velocity = JSOFA.jauSxp(1 / LIGHT_AU_PER_DAY, barycentric[1]);
        return JSOFA.jauAb(icrs, velocity, 1, Math.sqrt(1 - JSOFA.jauPdp(velocity, velocity)));
    }
}
