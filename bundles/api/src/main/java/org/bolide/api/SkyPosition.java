package org.bolide.api;

import java.util.OptionalDouble;

import static java.util.Objects.requireNonNull;

/**
 * A position on the sky as the event states it, not converted.
 *
 * @param longitude degrees, as a rule right ascension
 * @param latitude degrees, as a rule declination
 * @param errorRadius degrees, of a circle around the position
 * @param frame the coordinate system by its name in the event, for example {@code UTC-FK5-GEO} (VOEvent 2.0, section
 *     3.4.1); empty where the event names none
 */
public record SkyPosition(double longitude, double latitude, OptionalDouble errorRadius, String frame) {

    public SkyPosition {
        requireNonNull(errorRadius);
        requireNonNull(frame);
    }
}
