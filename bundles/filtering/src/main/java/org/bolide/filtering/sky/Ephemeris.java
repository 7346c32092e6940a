package org.bolide.filtering.sky;

import java.time.Instant;

import org.bolide.filtering.sky.Times.JulianDate;
import org.jastronomy.jsofa.JSOFA;

/**
 * Where Sun and Moon stand, seen from the centre of the Earth, among the stars of a catalogue: ICRS, without the
 * aberration that moves them and the stars around them alike. An observer on the ground sees the Moon up to a degree
 * elsewhere, an observer in orbit the more. Good to 0.01 degrees, from 1960 to 2100; in other years there is none.
 */
final class Ephemeris {

    /** UTC began, which leads to the uniform time that an ephemeris needs. */
    private static final Instant FIRST = Instant.parse("1960-01-01T00:00:00Z");
    /** The models have been fitted no further. */
    private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

    private Ephemeris() {
    }

    static Direction sun(Instant time) {
        if (isOutside(time)) {
            return Direction.NONE;
        }
        JulianDate date = Times.terrestrial(time);
        double[][] heliocentric = new double[2][3];
        double[][] barycentric = new double[2][3];
        JSOFA.jauEpv00(date.day(), date.fraction(), heliocentric, barycentric);
        return Direction.ofVector(JSOFA.jauSxp(-1, heliocentric[0]));
    }

    static Direction moon(Instant time) {
        if (isOutside(time)) {
            return Direction.NONE;
        }
        JulianDate date = Times.terrestrial(time);
        return Direction.ofVector(JSOFA.jauMoon98(date.day(), date.fraction())[0]);
    }

    private static boolean isOutside(Instant time) {
        return time.isBefore(FIRST) || !time.isBefore(END);
    }
}
