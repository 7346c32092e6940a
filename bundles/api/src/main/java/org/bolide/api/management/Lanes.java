package org.bolide.api.management;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;
import org.osgi.annotation.versioning.ProviderType;

/** The handlers' lanes. Registered by the broker. */
@ProviderType
public interface Lanes {

    /** The lanes by name. Does not block. */
    List<LaneStatus> lanes();

    /**
     * Has a handler stand still, also after a restart, until it is {@link #resume resumed}. The call that runs just now goes on to its end. May
     * wait for the disk.
     *
     * @throws IllegalArgumentException if no handler has this name; for people
     * @throws java.io.UncheckedIOException if it cannot be kept; then nothing is changed
     */
    void pause(String handler);

    /**
     * Has a handler go on from its place.
     *
     * @throws IllegalArgumentException if no handler has this name and none that is not there was paused; for people
     * @throws java.io.UncheckedIOException if it cannot be kept; then nothing is changed
     */
    void resume(String handler);

    /**
     * Has a handler go on at another place, back or ahead. An event that it tries again just now is left as it is. Waits for the call that
     * runs.
     *
     * @return the place: the sequence after which it goes on; with the oldest event that is still there at the earliest, after the newest
     *     at the latest
     * @throws IllegalArgumentException if no handler has this name; for people
     * @throws java.io.UncheckedIOException if the log cannot be read or written now
     */
    long move(String handler, ReaderSpec.Start to) throws InterruptedException;

    /**
     * Has a handler give up the event that it tries again just now, which becomes a dead letter at once.
     *
     * @return the event's sequence, of a batch the first one's; empty if it tries none again
     * @throws IllegalArgumentException if no handler has this name; for people
     */
    OptionalLong skip(String handler);

    /** What a lane does just now. */
    enum State {
        /** It handles events as they come. */
        RUNNING,
        /** It holds one event and tries again after a while. */
        RETRYING,
        /** An operator has it stand still. */
        PAUSED,
        /** It waits for its filter: the language is missing, or the text is wrong. */
        SUSPENDED,
        /** Another handler has the same name. */
        NAME_TAKEN
    }

    /**
     * One handler's lane.
     *
     * @param handler the handler's name
     * @param bundle the symbolic name and version of the bundle that it comes from
     * @param state what it does
     * @param place the last sequence done
     * @param lag how many sequences the place is behind the newest event
     * @param handled events done since the lane was opened
     * @param discarded events that the handler did not want
     * @param retries calls that were repeated
     * @param buried events that became dead letters
     * @param lastCall how the last call ended
     * @param lastFailure the last exception's text, or why the lane is suspended
     */
    record LaneStatus(
            String handler,
            String bundle,
            State state,
            long place,
            long lag,
            long handled,
            long discarded,
            long retries,
            long buried,
            Optional<LastCall> lastCall,
            Optional<String> lastFailure) {}

    /**
     * How a call of the handler ended.
     *
     * @param outcome what it said; RETRY also if it threw
     * @param sequence the event's place in the log; the last one's of a batch
     * @param at when
     */
    record LastCall(Outcome outcome, long sequence, Instant at) {}
}
