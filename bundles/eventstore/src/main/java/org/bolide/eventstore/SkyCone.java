package org.bolide.eventstore;

import java.util.ArrayList;
import java.util.List;

import org.bolide.api.EventQuery.Cone;

/** The cells of {@link SkyCell} that a circle on the sky touches, a few more at its edge, as ranges. */
final class SkyCone {

    /** Degrees by which rounding may be wrong, and more: who is in a circle is decided by {@link Cone#contains}. */
    private static final double LATITUDE_MARGIN = 1e-5;
    private static final double LONGITUDE_MARGIN = 1e-2;

    /** Nearer than this to a pole a circle's width cannot be computed well. */
    private static final double SMALL_COSINE = 1e-3;

    private final Cone cone;

    SkyCone(Cone cone) {
        this.cone = cone;
    }

    /** The smallest latitude of the circle, -90 at least. */
    double south() {
        return Math.max(-90, cone.latitude() - cone.radius() - LATITUDE_MARGIN);
    }

    /** The largest latitude of the circle, 90 at most. */
    double north() {
        return Math.min(90, cone.latitude() + cone.radius() + LATITUDE_MARGIN);
    }

    /** Pairs of the first and the last cell, rising, neither touching nor overlapping one another. */
    List<int[]> cells() {
        List<int[]> ranges = new ArrayList<>();
        int last = SkyCell.zone(north());
        for (int zone = SkyCell.zone(south()); zone <= last; zone++) {
            int cells = SkyCell.cells(zone);
            double width = width(zone);
            if (2 * width >= 360 - 360.0 / cells) {
                add(ranges, zone, 0, cells - 1);
                continue;
            }
            int from = SkyCell.cell(cone.longitude() - width, cells);
            int to = SkyCell.cell(cone.longitude() + width, cells);
            if (from <= to) {
                add(ranges, zone, from, to);
            } else {
                add(ranges, zone, 0, to);
                add(ranges, zone, from, cells - 1);
            }
        }
        return ranges;
    }

    /** A zone's last cell is followed by the next one's first. */
    private static void add(List<int[]> ranges, int zone, int from, int to) {
        int first = zone * SkyCell.ZONE_STEP + from;
        int end = zone * SkyCell.ZONE_STEP + (to == SkyCell.cells(zone) - 1 ? SkyCell.ZONE_STEP - 1 : to);
        if (!ranges.isEmpty() && ranges.get(ranges.size() - 1)[1] == first - 1) {
            ranges.get(ranges.size() - 1)[1] = end;
        } else {
            ranges.add(new int[] {first, end});
        }
    }

    /**
     * How far from its centre the circle reaches in longitude within a zone, degrees. It is widest at an end of the zone, or where
     * a meridian touches it.
     */
    private double width(int zone) {
        double south = Math.max(south(), zone - 90);
        double north = Math.min(north(), zone - 89);
        double widest = Math.max(widthAt(south), widthAt(north));
        double touching = Math.toDegrees(Math.asin(Math.sin(Math.toRadians(cone.latitude())) / Math.cos(Math.toRadians(cone.radius()))));
        if (touching > south && touching < north) {
            widest = Math.max(widest, widthAt(touching));
        }
        return widest + LONGITUDE_MARGIN;
    }

    /** From the law of cosines for the triangle of the pole, the centre and the circle's point at this latitude. */
    private double widthAt(double latitude) {
        double center = Math.toRadians(cone.latitude());
        double there = Math.toRadians(latitude);
        if (Math.cos(center) < SMALL_COSINE || Math.cos(there) < SMALL_COSINE) {
            return 180;
        }
        double cosine = (Math.cos(Math.toRadians(Math.min(180, cone.radius() + LATITUDE_MARGIN))) - Math.sin(center) * Math.sin(there))
                / (Math.cos(center) * Math.cos(there));
        return Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
    }
}
