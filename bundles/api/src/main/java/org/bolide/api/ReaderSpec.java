package org.bolide.api;

import java.time.Instant;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * Where a reader starts, and whether the log keeps its place.
 *
 * @param name under which the place is kept across restarts; empty for a reader that is forgotten when it is closed
 * @param start where it begins if no place is known under its name
 * @param setsPace whether somebody waits for the events at the other end: when most such readers are behind, after they
 *     have once caught up, the intake slows down
 */
public record ReaderSpec(Optional<String> name, Start start, boolean setsPace) {

    /** A place to begin. */
    public sealed interface Start {

        /** After the newest event. */
        record Latest() implements Start {}

        /** With the oldest event that the log still has. */
        record Earliest() implements Start {}

        /** With the first event after the given sequence. */
        record After(long sequence) implements Start {}

        /** After the given sequence, for a reader that has been there before: as one that goes on and not as a replay. */
        record Again(long sequence) implements Start {}

        /** With the first event received at the given time or later. */
        record Since(Instant time) implements Start {

            public Since {
                requireNonNull(time);
            }
        }
    }

    public ReaderSpec {
        requireNonNull(name);
        requireNonNull(start);
    }

    /** A reader without a name. */
    public static ReaderSpec from(Start start) {
        return new ReaderSpec(Optional.empty(), start, false);
    }

    /** A reader whose place is kept. */
    public static ReaderSpec named(String name, Start start) {
        return new ReaderSpec(Optional.of(name), start, false);
    }

    /** The same for a reader that sets the pace. */
    public ReaderSpec settingPace() {
        return new ReaderSpec(name, start, true);
    }
}
