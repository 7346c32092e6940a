package org.bolide.eventstore;

import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

import org.bolide.api.EventQuery.Cone;
import org.bolide.api.SkyPosition;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SkyConeTest {

    private final Random random = new Random(1);

    @Test
    void shouldHaveTheCellOfEveryPositionInTheCircle() {
        long inside = 0;
        for (int i = 0; i < 3000; i++) {
            double radius = i % 3 == 0 ? 180 * random.nextDouble() : i % 3 == 1 ? 3 * random.nextDouble() : 1e-3 * random.nextDouble();
            Cone cone = new Cone(i % 7 == 0 ? 0 : 360 * random.nextDouble(), latitude(i), Math.max(1e-9, radius));
            List<int[]> cells = new SkyCone(cone).cells();
            for (int j = 0; j < 300; j++) {
                SkyPosition position = near(cone, j);
                if (cone.contains(position)) {
                    inside++;
                    int cell = SkyCell.anywhere(position.longitude(), position.latitude());
                    assertTrue(cells.stream().anyMatch(range -> range[0] <= cell && cell <= range[1]), () -> cone + " " + position);
                }
            }
        }
        assertTrue(inside > 300_000, inside + " positions were in a circle");
    }

    @Test
    void shouldNotHaveMuchMore() {
        for (int i = 0; i < 1000; i++) {
            Cone cone = new Cone(360 * random.nextDouble(), latitude(i), 10);
            double touched = new SkyCone(cone).cells().stream().mapToInt(this::cells).sum();
            assertTrue(touched < 1.5 * 314, () -> cone + " touches " + touched + " cells of about a square degree");
        }
    }

    @Test
    void shouldGiveRangesThatRiseAndDoNotTouch() {
        for (int i = 0; i < 1000; i++) {
            Cone cone = new Cone(360 * random.nextDouble(), latitude(i), 180 * random.nextDouble() + 1e-6);
            List<int[]> cells = new SkyCone(cone).cells();
            for (int j = 0; j < cells.size(); j++) {
                assertTrue(cells.get(j)[0] <= cells.get(j)[1] && (j == 0 || cells.get(j - 1)[1] < cells.get(j)[0] - 1), cone::toString);
            }
        }
        List<int[]> all = new SkyCone(new Cone(10, 20, 180)).cells();
        assertEquals(1, all.size());
        assertEquals(0, all.get(0)[0]);
        assertEquals(179_999, all.get(0)[1]);
    }

    private int cells(int[] range) {
        int cells = 0;
        for (int cell = range[0]; cell <= range[1]; cell++) {
            cells += cell % SkyCell.ZONE_STEP < SkyCell.cells(cell / SkyCell.ZONE_STEP) ? 1 : 0;
        }
        return cells;
    }

    private double latitude(int i) {
        return i % 11 == 0 ? 90 : i % 13 == 0 ? -90 : i % 5 == 0 ? 90 - 2 * random.nextDouble() : Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
    }

    /** At a distance up to a little more than the radius, often just at the edge. */
    private SkyPosition near(Cone cone, int j) {
        double distance = Math.toRadians(Math.min(180, cone.radius() * (j % 3 == 0 ? 1 - 1e-9 : 1.02 * Math.sqrt(random.nextDouble()))));
        double bearing = 2 * Math.PI * random.nextDouble();
        double center = Math.toRadians(cone.latitude());
        double latitude = Math.asin(Math.max(-1, Math.min(1,
                Math.sin(center) * Math.cos(distance) + Math.cos(center) * Math.sin(distance) * Math.cos(bearing))));
        double longitude = Math.atan2(Math.sin(bearing) * Math.sin(distance) * Math.cos(center),
                Math.cos(distance) - Math.sin(center) * Math.sin(latitude));
        return new SkyPosition(cone.longitude() + Math.toDegrees(longitude), Math.toDegrees(latitude), OptionalDouble.empty(), "");
    }
}
