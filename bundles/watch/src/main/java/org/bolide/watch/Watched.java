package org.bolide.watch;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

import org.bolide.api.management.Streams.Kind;
import org.bolide.api.management.Streams.StreamStatus;

/** One stream, or one remote broker: when it came, and how often it does. Not thread-safe. */
final class Watched {

    private static final double HOUR_MILLIS = 3_600_000;
    private static final int DAY_HOURS = 24;
    private static final String NONE = "-";

    private final Key key;
    private final Cadence cadence;
    /** Events by the hour since 1970 in which they came; of the last 24. */
    private final TreeMap<Long, Integer> byHour = new TreeMap<>();
    private Instant last;
    private String lastIdentifier;
    /** What the hearing showed then, in milliseconds. */
    private long lastHeard;
    private boolean silent;

    /** What is watched. */
    record Key(Kind kind, String name) {

        @Override
        public String toString() {
            return kind + " " + name;
        }

        /** For people: in a sentence. */
        String text() {
            return (kind == Kind.STREAM ? "stream " : "remote ") + name;
        }
    }

    private Watched(Key key, Cadence cadence) {
        this.key = key;
        this.cadence = cadence;
    }

    /** The first event has come. */
    Watched(Key key, Instant time, long hearing, String identifier) {
        this(key, new Cadence());
        arrived(time, hearing, identifier);
    }

    private void arrived(Instant time, long hearing, String identifier) {
        lastHeard = hearing;
        last = time;
        lastIdentifier = identifier;
        long hour = hour(time);
        byHour.merge(hour, 1, Integer::sum);
        byHour.headMap(hour - DAY_HOURS, true).clear();
    }

    private static long hour(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), 3_600L);
    }

    /**
     * One more event has come.
     *
     * @param hearing what the hearing shows
     * @return how long it had been silent, if that was an alarm
     */
    Optional<Duration> heard(Instant time, long hearing, String identifier, Cadence.Settings settings) {
        Optional<Duration> alarm = silent ? Optional.of(Duration.ofMillis(hearing - lastHeard)) : Optional.empty();
        silent = false;
        long at = Math.max(hearing, lastHeard);
        cadence.heard((at - lastHeard) / HOUR_MILLIS, settings);
        arrived(time, at, identifier);
        return alarm;
    }

    /** Time has passed. Returns whether it has just fallen silent. */
    boolean fallsSilent(long hearing, Cadence.Settings settings) {
        OptionalDouble alarm = cadence.alarmAfterHours(settings);
        boolean before = silent;
        silent = alarm.isPresent() && hearing - lastHeard > alarm.getAsDouble() * HOUR_MILLIS;
        return silent && !before;
    }

    Key key() {
        return key;
    }

    boolean isSilent() {
        return silent;
    }

    Instant last() {
        return last;
    }

    /** Whether enough is known of it. */
    boolean isKnown(Cadence.Settings settings) {
        return cadence.alarmAfterHours(settings).isPresent();
    }

    StreamStatus status(Instant now, Rules rules) {
        Cadence.Settings settings = rules.learning();
        OptionalDouble alarm = cadence.alarmAfterHours(settings);
        int today = byHour.tailMap(hour(now) - DAY_HOURS, false).values().stream().mapToInt(Integer::intValue).sum();
        return new StreamStatus(key.kind(), key.name(), cadence.events(), today, last,
                lastIdentifier.isEmpty() ? Optional.empty() : Optional.of(lastIdentifier), cadence.perDay(settings),
                alarm.isPresent() ? Optional.of(Duration.ofSeconds((long) (alarm.getAsDouble() * 3_600))) : Optional.empty(), silent && rules.alarm());
    }

    /** One line, for {@link #read}. */
    String write() {
        StringBuilder text = new StringBuilder().append(last).append(' ').append(lastHeard).append(' ').append(silent).append(' ')
                .append(cadence.write()).append(' ');
        byHour.forEach((hour, count) -> text.append(hour).append(':').append(count).append(','));
        return text.append(". ").append(lastIdentifier.isEmpty() ? NONE : lastIdentifier).toString();
    }

    /** @throws RuntimeException if it was not written so */
    static Watched read(Key key, String line) {
        String[] words = line.split(" ", Cadence.WORDS + 5);
        String[] cadence = Arrays.copyOfRange(words, 3, 3 + Cadence.WORDS);
        Watched read = new Watched(key, Cadence.read(cadence));
        read.last = Instant.parse(words[0]);
        read.lastHeard = Long.parseLong(words[1]);
        read.silent = Boolean.parseBoolean(words[2]);
        String hours = words[3 + Cadence.WORDS];
        for (String hour : hours.substring(0, hours.length() - 1).split(",")) {
            if (!hour.isEmpty()) {
                String[] parts = hour.split(":", 2);
                read.byHour.put(Long.valueOf(parts[0]), Integer.valueOf(parts[1]));
            }
        }
        String identifier = words[4 + Cadence.WORDS];
        read.lastIdentifier = identifier.equals(NONE) ? "" : identifier;
        return read;
    }
}
