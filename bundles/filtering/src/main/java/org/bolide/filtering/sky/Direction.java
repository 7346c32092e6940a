package org.bolide.filtering.sky;

import org.jastronomy.jsofa.JSOFA;
import org.jastronomy.jsofa.JSOFA.SphericalCoordinate;

/**
 * A place on the sky in degrees, in ICRS unless said otherwise. The frames are those of SOFA: galactic as the Hipparcos
 * Catalogue has it (volume 1, section 1.5.3), ecliptic the mean ecliptic and equinox of J2000.0 (IAU 2006).
 *
 * @param longitude from 0 to 360; NaN, as {@code latitude}, if there is no such place
 */
record Direction(double longitude, double latitude) {

    static final Direction NONE = new Direction(Double.NaN, Double.NaN);

    /** {@link #NONE} for what is not finite or lies beyond a pole. */
    static Direction of(double longitude, double latitude) {
        if (!Double.isFinite(longitude) || !(Math.abs(latitude) <= 90)) {
            return NONE;
        }
        double turned = longitude % 360;
        // A tiny negative longitude plus 360 is 360.
        return new Direction(turned < 0 && turned + 360 < 360 ? turned + 360 : Math.abs(turned), latitude);
    }

    static Direction ofGalactic(double longitude, double latitude) {
        return ofRadians(JSOFA.jauG2icrs(Math.toRadians(longitude), Math.toRadians(latitude)));
    }

    static Direction ofEcliptic(double longitude, double latitude) {
        return ofRadians(JSOFA.jauEceq06(JSOFA.DJ00, 0, Math.toRadians(longitude), Math.toRadians(latitude)));
    }

    /**
     * @param longitude in FK4, equinox B1950.0, of a source without proper motion
     * @param epoch when it was observed, a Besselian year: FK4 itself rotates
     */
    static Direction ofFk4(double longitude, double latitude, double epoch) {
        return ofRadians(JSOFA.jauFk45z(Math.toRadians(longitude), Math.toRadians(latitude), epoch));
    }

    /** Where a vector points. */
    static Direction ofVector(double[] vector) {
        return ofRadians(JSOFA.jauC2s(vector));
    }

    private static Direction ofRadians(SphericalCoordinate radians) {
        return of(Math.toDegrees(radians.alpha), Math.toDegrees(radians.delta));
    }

    boolean isNone() {
        return Double.isNaN(longitude);
    }

    Direction toGalactic() {
        return isNone() ? NONE : ofRadians(JSOFA.jauIcrs2g(Math.toRadians(longitude), Math.toRadians(latitude)));
    }

    Direction toEcliptic() {
        return isNone() ? NONE
                : ofRadians(JSOFA.jauEqec06(JSOFA.DJ00, 0, Math.toRadians(longitude), Math.toRadians(latitude)));
    }

    /** The angle between the two; NaN if either is none. Exact for small angles and for large ones. */
    double separation(Direction other) {
        return isNone() || other.isNone() ? Double.NaN
                : Math.toDegrees(JSOFA.jauSeps(Math.toRadians(longitude), Math.toRadians(latitude),
                        Math.toRadians(other.longitude), Math.toRadians(other.latitude)));
    }
}
