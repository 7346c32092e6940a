package org.bolide.benchmarks.load;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HistogramTest {

    @Test
    void shouldGivePercentilesWithinAHundredthOfTheTruth() {
        Random random = new Random(1);
        long[] values = random.longs(10_000, 1, 40_000_000_000L).toArray();
        Histogram histogram = new Histogram();
        for (long value : values) {
            histogram.add(value);
        }
        Arrays.sort(values);
        for (double share : new double[] {0.001, 0.5, 0.9, 0.99}) {
            double truth = values[(int) Math.ceil(share * values.length) - 1] / 1e6;
            assertTrue(histogram.millis(share) >= truth, "never too short");
            assertEquals(truth, histogram.millis(share), truth * 0.01);
        }
        assertEquals(values[values.length - 1] / 1e6, histogram.maxMillis());
        assertEquals(histogram.maxMillis(), histogram.millis(1));
    }

    @Test
    void shouldBeExactForTheShortest() {
        Histogram histogram = new Histogram();
        for (long value = 1; value <= 100; value++) {
            histogram.add(value);
        }
        assertEquals(50e-6, histogram.millis(0.5));
        assertEquals(99e-6, histogram.millis(0.99));
    }

    @Test
    void shouldAddUp() {
        Histogram one = new Histogram();
        Histogram other = new Histogram();
        one.add(1_000_000);
        other.add(9_000_000);
        one.add(other);
        assertEquals(2, one.total());
        assertEquals(9, one.maxMillis());
        assertEquals(1, one.millis(0.5), 0.01);
    }

    @Test
    void shouldHaveNoPercentileOfNothing() {
        assertTrue(Double.isNaN(new Histogram().millis(0.5)));
    }
}
