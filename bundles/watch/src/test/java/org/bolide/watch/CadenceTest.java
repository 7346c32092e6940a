package org.bolide.watch;

import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Simulated weeks. The seeds are fixed, so that the counts are. */
class CadenceTest {

    private static final Cadence.Settings SETTINGS = new Cadence.Settings(1, 20, 6, 3);
    private static final int DAYS = 60;
    private static final int STREAMS = 50;

    /** Pauses in hours, for ever. */
    private interface Pauses {

        double next(double now);
    }

    private static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log(1 - random.nextDouble());
    }

    private static Pauses poisson(SplittableRandom random, double perDay) {
        return now -> exponential(random, 24 / perDay);
    }

    /** Every six minutes by night, whose ends move with the season, and now and then a cloudy hour. */
    private static Pauses nights(SplittableRandom random) {
        return now -> {
            double pause = random.nextDouble() < 0.01 ? 1 : exponential(random, 0.1);
            double night = 10 + 2 * Math.sin(now / (24 * 58));
            double hour = (now + pause) % 24;
            return hour < night ? pause : pause + 24 - hour;
        };
    }

    /** Some ten events within minutes, at random times. */
    private static Pauses bursts(SplittableRandom random, double perDay) {
        return now -> random.nextDouble() < 0.1 ? exponential(random, 24 / perDay) : exponential(random, 0.02);
    }

    private static int alarms(Cadence cadence, Pauses pauses, double hours) {
        int alarms = 0;
        double now = 0;
        while (now < hours) {
            double pause = pauses.next(now);
            OptionalDouble after = cadence.alarmAfterHours(SETTINGS);
            alarms += after.isPresent() && pause > after.getAsDouble() ? 1 : 0;
            cadence.heard(pause, SETTINGS);
            now += pause;
        }
        return alarms;
    }

    private static double perStreamMonth(String what, Function<SplittableRandom, Pauses> pauses) {
        int alarms = 0;
        double after = 0;
        for (int i = 0; i < STREAMS; i++) {
            Cadence cadence = new Cadence();
            alarms += alarms(cadence, pauses.apply(new SplittableRandom(i)), 24 * DAYS);
            after += cadence.alarmAfterHours(SETTINGS).orElse(0) / STREAMS;
        }
        double rate = alarms * 30.0 / DAYS / STREAMS;
        System.out.printf("%-22s %d false alarms in %d streams of %d days: %.3f a stream and month; alarm after %.1f h%n", what, alarms, STREAMS, DAYS, rate, after);
        return rate;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 5, 20, 50, 100, 300, 1_000})
    void shouldSeldomAlarmWhereAllIsChance(double perDay) {
        double rate = perStreamMonth("random, " + perDay + " a day", random -> poisson(random, perDay));
        assertTrue(rate <= 0.05, "false alarms a stream and month: " + rate);
    }

    @Test
    void shouldNotAlarmByDay() {
        double rate = perStreamMonth("by night", CadenceTest::nights);
        assertTrue(rate <= 0.01, "false alarms a stream and month: " + rate);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 1, 5, 20})
    void shouldSeldomAlarmBetweenBursts(double perDay) {
        double rate = perStreamMonth("bursts, " + perDay + " a day", random -> bursts(random, perDay));
        assertTrue(rate <= 0.1, "false alarms a stream and month: " + rate);
    }

    private static double afterMonth(Pauses pauses) {
        Cadence cadence = new Cadence();
        alarms(cadence, pauses, 24 * 30);
        return cadence.alarmAfterHours(SETTINGS).orElseThrow();
    }

    @Test
    void shouldAlarmSoonWhenASteadyStreamStops() {
        for (int seed = 0; seed < STREAMS; seed++) {
            double after = afterMonth(poisson(new SplittableRandom(seed), 240));
            assertTrue(after >= 1 && after < 2.5, "one in six minutes: after " + after + " h");
        }
        assertEquals(1, afterMonth(poisson(new SplittableRandom(1), 10_000)), "one in nine seconds");
        double after = afterMonth(now -> 1);
        assertTrue(after > 2 && after < 5, "each hour: after " + after + " h");
    }

    @Test
    void shouldAlarmWhenANightIsMissed() {
        for (int seed = 0; seed < STREAMS; seed++) {
            double after = afterMonth(nights(new SplittableRandom(seed)));
            assertTrue(after > 14 && after < 24, "after " + after + " h");
        }
    }

    @Test
    void shouldSayNothingBeforeEnoughIsKnown() {
        Cadence few = new Cadence();
        DoubleStream.generate(() -> 1).limit(18).forEach(pause -> few.heard(pause, SETTINGS));
        assertEquals(OptionalDouble.empty(), few.alarmAfterHours(SETTINGS));
        few.heard(1, SETTINGS);
        assertTrue(few.alarmAfterHours(SETTINGS).isPresent());
        assertEquals(24, few.perDay(SETTINGS).orElseThrow(), 0.01);

        Cadence soon = new Cadence();
        DoubleStream.generate(() -> 0.01).limit(500).forEach(pause -> soon.heard(pause, SETTINGS));
        assertEquals(OptionalDouble.empty(), soon.perDay(SETTINGS));

        Cadence burst = new Cadence(); // 20 events over 7 h, but in two of them
        DoubleStream.generate(() -> 0.01).limit(20).forEach(pause -> burst.heard(pause, SETTINGS));
        burst.heard(7, SETTINGS);
        assertEquals(OptionalDouble.empty(), burst.alarmAfterHours(SETTINGS));
    }

    @Test
    void shouldLetANewStreamPauseForADay() {
        Cadence cadence = new Cadence();
        alarms(cadence, now -> 0.1, 8);
        assertEquals(24, cadence.alarmAfterHours(SETTINGS).orElseThrow());
        alarms(cadence, now -> 0.1, 72);
        assertEquals(1, cadence.alarmAfterHours(SETTINGS).orElseThrow());
        assertEquals(1, afterMonth(now -> 0.1));
    }

    @Test
    void shouldLearnAChangedCadenceWithinWeeks() {
        SplittableRandom random = new SplittableRandom(1);
        Cadence cadence = new Cadence();
        alarms(cadence, poisson(random, 144), 24 * 30);
        int first = alarms(cadence, poisson(random, 8), 24 * 7);
        int later = alarms(cadence, poisson(random, 8), 24 * 28);
        System.out.println("from 144 to 8 a day: " + first + " alarms in the first week, " + later + " in four weeks after it");
        assertTrue(first <= 6 && later <= 1, first + " and " + later);
        assertTrue(cadence.perDay(SETTINGS).orElseThrow() < 30, "of 144 and 8 a day: " + cadence.perDay(SETTINGS));

        alarms(cadence, poisson(random, 144), 24 * 36);
        double after = cadence.alarmAfterHours(SETTINGS).orElseThrow();
        assertTrue(after < 3, "back to 144 a day: alarm after " + after + " h");
    }

    @Test
    void shouldNotTakeABreakdownForUsual() {
        Cadence cadence = new Cadence();
        alarms(cadence, now -> 0.1, 24 * 30);
        double before = cadence.alarmAfterHours(SETTINGS).orElseThrow();
        cadence.heard(24 * 10, SETTINGS);
        double after = cadence.alarmAfterHours(SETTINGS).orElseThrow();
        assertTrue(after <= 3.01 * before, before + " h, then " + after + " h");
        assertEquals(240, cadence.perDay(SETTINGS).orElseThrow(), 5);
    }

    @Test
    void shouldKnowWhatComesSeldom() {
        Cadence cadence = new Cadence();
        SplittableRandom random = new SplittableRandom(3);
        int alarms = alarms(cadence, poisson(random, 1 / 7.0), 24 * 365 * 2);
        assertTrue(alarms <= 1, alarms + " alarms in two years of one a week");
        assertEquals(1 / 7.0, cadence.perDay(SETTINGS).orElseThrow(), 0.1);
    }

    @Test
    void shouldBeTheSameWhenItIsReadAgain() {
        Cadence cadence = new Cadence();
        alarms(cadence, nights(new SplittableRandom(1)), 24 * 50);
        String text = cadence.write();
        Cadence read = Cadence.read(text.split(" "));
        assertEquals(text, read.write());
        assertEquals(Cadence.WORDS, text.split(" ").length);
        assertEquals(cadence.alarmAfterHours(SETTINGS).orElseThrow(), read.alarmAfterHours(SETTINGS).orElseThrow(), 1e-3);
        assertEquals(cadence.events(), read.events());
        assertFalse(text.contains("NaN"), text);
        assertThrows(IllegalArgumentException.class, () -> Cadence.read("1 2 NaN 4 5 6 7 .".split(" ")));
    }
}
