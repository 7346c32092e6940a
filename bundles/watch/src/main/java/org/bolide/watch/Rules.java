package org.bolide.watch;

/**
 * What is in force.
 *
 * @param alarm whether silence is reported
 * @param learning from when on a stream is known
 */
record Rules(boolean alarm, Cadence.Settings learning) {

    /** @throws IllegalArgumentException if a value is out of range; for people */
    static Rules of(WatchConfig config) {
        return new Rules(config.alarm(), new Cadence.Settings(within("minSilenceSeconds", config.minSilenceSeconds(), 1, 31_536_000) / 3_600.0,
                within("learnEvents", config.learnEvents(), 2, 1_000_000), within("learnHours", config.learnHours(), 0, 8_760),
                within("rhythmDays", config.rhythmDays(), 0, 365)));
    }

    private static int within(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("etc/" + WatchComponent.PID + ".cfg, key " + key + ": " + value + " is out of range; allowed are " + least + " to " + most);
        }
        return value;
    }
}
