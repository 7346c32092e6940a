package org.bolide.api.management;

import java.util.List;
import java.util.Optional;

import org.osgi.annotation.versioning.ProviderType;

/** The handlers' lanes. Registered by the broker. */
@ProviderType
public interface Lanes {

    /** The lanes by name. Does not block. */
    List<LaneStatus> lanes();

    /** What a lane does just now. */
    enum State {
        /** It handles events as they come. */
        RUNNING,
        /** It holds one event and tries again after a while. */
        RETRYING,
        /** It waits for its filter: the language is missing, or the text is wrong. */
        SUSPENDED,
        /** Another handler has the same name. */
        NAME_TAKEN
    }

    /**
     * One handler's lane.
     *
     * @param handler the handler's name
     * @param state what it does
     * @param place the last sequence done
     * @param lag how many sequences the place is behind the newest event
     * @param handled events done since the lane was opened
     * @param discarded events that the handler did not want
     * @param retries calls that were repeated
     * @param buried events that became dead letters
     * @param lastFailure the last exception's text, or why the lane is suspended
     */
    record LaneStatus(
            String handler,
            State state,
            long place,
            long lag,
            long handled,
            long discarded,
            long retries,
            long buried,
            Optional<String> lastFailure) {}
}
