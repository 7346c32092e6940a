package org.bolide.eventstore;

import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.bolide.api.SkyPosition;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SkyCellTest {

    @Test
    void shouldNumberCellsByZoneAndRightAscension() {
        assertEquals(OptionalInt.of(90_000), cell(0, 0, "UTC-FK5-GEO"));
        assertEquals(OptionalInt.of(90_001), cell(1.001, 0.999, "UTC-FK5-GEO"));
        assertEquals(OptionalInt.of(91_359), cell(359.999, 1.001, "UTC-ICRS-TOPO"));
        assertEquals(OptionalInt.of(89_090), cell(90.5, -0.001, "TDB-ICRS-BARY"));
        assertEquals(OptionalInt.of(0), cell(0, -90, "UTC-FK5-GEO"));
        assertEquals(OptionalInt.of(179_002), cell(359, 90, "UTC-FK5-GEO"));
    }

    @Test
    void shouldTakeTheSameDirectionForTheSameCell() {
        assertEquals(cell(350, 12, "UTC-FK5-GEO"), cell(-10, 12, "UTC-FK5-GEO"));
        assertEquals(cell(1, 12, "UTC-FK5-GEO"), cell(361, 12, "UTC-FK5-GEO"));
        assertEquals(cell(359.999, 12, "UTC-FK5-GEO"), cell(-1e-30, 12, "UTC-FK5-GEO"));
    }

    @Test
    void shouldGiveNoCellToWhatIsNotEquatorialOrNotOnTheSky() {
        assertEquals(OptionalInt.empty(), cell(10, 10, ""));
        assertEquals(OptionalInt.empty(), cell(10, 10, "UTC-GAL-GEO"));
        assertEquals(OptionalInt.empty(), cell(10, 10, "UTC-FK4-GEO"));
        assertEquals(OptionalInt.empty(), cell(10, 90.001, "UTC-FK5-GEO"));
        assertEquals(OptionalInt.empty(), cell(Double.NaN, 10, "UTC-FK5-GEO"));
        assertEquals(OptionalInt.empty(), cell(10, Double.NaN, "UTC-FK5-GEO"));
        assertEquals(OptionalInt.empty(), cell(Double.NEGATIVE_INFINITY, 10, "UTC-FK5-GEO"));
    }

    @Test
    void shouldCoverTheSkyWithCellsOfOneSquareDegree() {
        assertEquals(41_252, IntStream.range(0, 180).map(SkyCell::cells).sum());
        double largest = 0;
        double smallest = 100;
        for (int zone = 0; zone < 180; zone++) {
            double area = Math.toDegrees(360 * (Math.sin(Math.toRadians(zone - 89)) - Math.sin(Math.toRadians(zone - 90))))
                    / SkyCell.cells(zone);
            largest = Math.max(largest, area);
            smallest = Math.min(smallest, area);
        }
        assertTrue(largest < 1.1 && smallest > 0.9, smallest + " to " + largest);
        Random random = new Random(1);
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            double latitude = Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
            seen.add(cell(360 * random.nextDouble(), latitude, "UTC-ICRS-GEO").getAsInt());
        }
        assertEquals(41_252, seen.size());
    }

    private static OptionalInt cell(double longitude, double latitude, String frame) {
        return SkyCell.of(new SkyPosition(longitude, latitude, OptionalDouble.empty(), frame));
    }
}
