package org.bolide.watch;

import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How often a stream comes, learned from the pauses between its events. What is long ago counts less, so that a changed cadence
 * is learned within weeks. It changes only when an event comes: silence does not make silence usual. All times are hours in
 * which the broker could hear. Not thread-safe.
 *
 * <p>The longest usual pause is the largest of what was set, of what comes by chance in one of ten thousand long pauses, and of one and
 * a half times the longest pause of five weeks. What comes by chance: pauses above the mean are taken to exceed it by an exponential
 * time of their own mean. Where events come at random (a Poisson process) that makes 10.2 mean pauses; where they come in bursts it
 * is more, as the pauses between bursts are. Before a stream is known for some days a pause of a day is usual: many come by night only.
 */
final class Cadence {

    private static final double MEMORY_HOURS = 14 * 24;
    /** Of what comes seldom, so many pauses count, however long ago. */
    private static final double MEMORY_PAUSES = 100;
    private static final double WEEK_HOURS = 7 * 24;
    private static final int WEEKS = 5;
    private static final double LN_CHANCE = Math.log(1e4);
    private static final double LONGEST_FACTOR = 1.5;
    /** What comes like a clock may still miss an event or two. */
    private static final double LEAST_SPREAD = 1.0 / 3;
    /** A pause counts for no more than so many times the longest usual one: beyond, the stream was broken and not slow. */
    private static final double MOST_OF_ALARM = 2;
    private static final double RHYTHM_HOURS = 24;

    private long events = 1;
    private double pauses;
    private double pausedHours;
    /** Those of the pauses that were above the mean, and by how much together. */
    private double longPauses;
    private double longExcessHours;
    private double spanHours;
    private int activeHours = 1;
    private final TreeMap<Integer, Double> longestByWeek = new TreeMap<>();

    /**
     * From when on a stream is known, and how long it may be silent in any case.
     *
     * @param leastSilenceHours no shorter silence is an alarm
     * @param learnEvents fewer say too little
     * @param learnHours over a shorter time, or within fewer different hours up to five, they say too little
     * @param rhythmDays until then a pause of a day is usual
     */
    record Settings(double leastSilenceHours, int learnEvents, int learnHours, int rhythmDays) {}

    /** An event has come, so long after the one before. */
    void heard(double hours, Settings settings) {
        OptionalDouble alarm = alarmAfterHours(settings);
        double pause = alarm.isPresent() ? Math.min(hours, MOST_OF_ALARM * alarm.getAsDouble()) : hours;
        double fading = Math.max(Math.exp(-pause / MEMORY_HOURS), 1 - 1 / MEMORY_PAUSES);
        double mean = pauses == 0 ? Double.MAX_VALUE : pausedHours / pauses;
        events++;
        pauses = pauses * fading + 1;
        pausedHours = pausedHours * fading + pause;
        boolean isLong = pause > mean;
        longPauses = longPauses * fading + (isLong ? 1 : 0);
        longExcessHours = longExcessHours * fading + (isLong ? pause - mean : 0);
        activeHours += Math.floor(spanHours + hours) > Math.floor(spanHours) ? 1 : 0;
        spanHours += hours;
        int week = (int) (spanHours / WEEK_HOURS);
        longestByWeek.merge(week, pause, Math::max);
        longestByWeek.headMap(week - WEEKS, true).clear();
    }

    private boolean isKnown(Settings settings) {
        return events >= settings.learnEvents() && spanHours >= settings.learnHours() && activeHours >= Math.min(5, settings.learnHours());
    }

    /** How many events there have been, the first one included. */
    long events() {
        return events;
    }

    /** How many events come in a day; empty while too little is known. */
    OptionalDouble perDay(Settings settings) {
        return isKnown(settings) && pausedHours > 0 ? OptionalDouble.of(24 * pauses / pausedHours) : OptionalDouble.empty();
    }

    /** After how long a silence is not usual any more; empty while too little is known. */
    OptionalDouble alarmAfterHours(Settings settings) {
        if (!isKnown(settings)) {
            return OptionalDouble.empty();
        }
        double mean = pausedHours / pauses;
        double excess = longPauses == 0 ? 0 : longExcessHours / longPauses * (1 + 1.5 / Math.sqrt(longPauses));
        double byChance = mean + Math.max(excess, mean * LEAST_SPREAD) * LN_CHANCE;
        double longest = longestByWeek.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double rhythm = spanHours < 24.0 * settings.rhythmDays() ? RHYTHM_HOURS : 0;
        return OptionalDouble.of(Math.max(Math.max(settings.leastSilenceHours(), rhythm), Math.max(byChance, LONGEST_FACTOR * longest)));
    }

    /** In a form that {@link #read} understands: words without blanks inside. */
    String write() {
        StringBuilder text = new StringBuilder();
        for (double number : new double[] {pauses, pausedHours, longPauses, longExcessHours, spanHours}) {
            text.append(number).append(' ');
        }
        text.append(events).append(' ').append(activeHours).append(' ');
        longestByWeek.forEach((week, longest) -> text.append(week).append(':').append(longest.doubleValue()).append(','));
        return text.append('.').toString();
    }

    /** How many words {@link #write} makes. */
    static final int WORDS = 8;

    /** @throws IllegalArgumentException if it was not written so */
    static Cadence read(String[] words) {
        Cadence read = new Cadence();
        read.pauses = number(words[0]);
        read.pausedHours = number(words[1]);
        read.longPauses = number(words[2]);
        read.longExcessHours = number(words[3]);
        read.spanHours = number(words[4]);
        read.events = Long.parseLong(words[5]);
        read.activeHours = Integer.parseInt(words[6]);
        for (String week : words[7].substring(0, words[7].length() - 1).split(",")) {
            if (!week.isEmpty()) {
                String[] parts = week.split(":", 2);
                read.longestByWeek.put(Integer.valueOf(parts[0]), number(parts[1]));
            }
        }
        return read;
    }

    private static double number(String word) {
        double number = Double.parseDouble(word);
        if (!(number >= 0) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(word + " is no number of hours or pauses");
        }
        return number;
    }
}
