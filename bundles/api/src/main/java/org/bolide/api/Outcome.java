package org.bolide.api;

/** What a lane does after a handler was called. */
public enum Outcome {
    /** Go on with the next event. */
    DONE,
    /** Hold the lane and call again after 1 s, doubling to 60 s, ten times; then the event is a dead letter. */
    RETRY,
    /** Count the event as discarded and go on with the next. */
    DISCARD
}
