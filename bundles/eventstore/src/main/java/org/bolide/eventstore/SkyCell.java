package org.bolide.eventstore;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

import org.bolide.api.SkyPosition;

/**
 * A small area of the sky as an integer, for a column that a search around a position can use an index on.
 *
 * <p>The sky is cut into 180 zones of one degree of declination, numbered from the south pole, and each zone into
 * {@code round(360 cos(declination of its middle))} cells of equal width in right ascension, numbered from 0 h: 41,252
 * cells of about one square degree. The number is {@code 1000 zone + cell}, so that a circle on the sky is one or two
 * ranges of numbers in each zone that it touches.
 *
 * <p>The column has it only for equatorial positions in FK5 or ICRS, which agree to far better than a cell. The table
 * {@code sky_index}, which a search goes by, has it for every position by its bare numbers ({@link #anywhere}).
 */
final class SkyCell {

    static final int ZONES = 180;
    static final int ZONE_STEP = 1000;

    /** Stands for what {@link #anywhere} has no cell for. */
    static final int ELSEWHERE = -1;
    private static final List<String> FRAMES = List.of("FK5", "ICRS");

    private SkyCell() {
    }

    static OptionalInt of(SkyPosition position) {
        boolean equatorial = Arrays.stream(position.frame().toUpperCase(Locale.ROOT).split("-"))
                .anyMatch(FRAMES::contains);
        boolean onTheSky = Double.isFinite(position.longitude()) && Math.abs(position.latitude()) <= 90;
        if (!equatorial || !onTheSky) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(number(position.longitude(), position.latitude()));
    }

    /** The cell for any frame; {@link #ELSEWHERE} where the numbers are no place on the sky as they are. */
    static int anywhere(double longitude, double latitude) {
        boolean onTheSky = longitude >= -360 && longitude <= 720 && latitude >= -90 && latitude <= 90;
        return onTheSky ? number(longitude, latitude) : ELSEWHERE;
    }

    private static int number(double longitude, double latitude) {
        int zone = zone(latitude);
        return zone * ZONE_STEP + cell(longitude, cells(zone));
    }

    /** The zone of a latitude from -90 to 90. */
    static int zone(double latitude) {
        return Math.min(ZONES - 1, (int) (latitude + 90));
    }

    /** Which of a zone's cells it is. */
    static int cell(double longitude, int cells) {
        double turns = longitude / 360;
        return Math.min(cells - 1, (int) ((turns - Math.floor(turns)) * cells));
    }

    /** How many cells a zone has. */
    static int cells(int zone) {
        return (int) Math.round(360 * Math.cos(Math.toRadians(zone - 89.5)));
    }
}
