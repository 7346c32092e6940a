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
 * <p>Only for equatorial positions in FK5 or ICRS, which agree to far better than a cell; others have no cell.
 */
final class SkyCell {

    private static final int ZONES = 180;
    private static final int ZONE_STEP = 1000;
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
        int zone = Math.min(ZONES - 1, (int) (position.latitude() + 90));
        int cells = cells(zone);
        double turns = position.longitude() / 360;
        int cell = Math.min(cells - 1, (int) ((turns - Math.floor(turns)) * cells));
        return OptionalInt.of(zone * ZONE_STEP + cell);
    }

    /** How many cells a zone has. */
    static int cells(int zone) {
        return (int) Math.round(360 * Math.cos(Math.toRadians(zone - 89.5)));
    }
}
