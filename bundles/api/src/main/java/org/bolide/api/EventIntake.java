package org.bolide.api;

import java.util.concurrent.CompletionStage;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The broker's front door. Whoever brings events calls it: a protocol's listener, a subscription, the broker's own test
 * events. A source needs no interface of its own.
 */
@ProviderType
public interface EventIntake {

    /**
     * Checks the event and appends it to the log. May be called by any thread, at any time; never blocks and never
     * throws for what is wrong with an event. Events with the same {@link Submission#connection()} enter the log in the
     * order of the calls, others in order of completion.
     *
     * @return completed, never exceptionally, on a thread of the broker that must not be blocked. ACCEPTED and DUPLICATE
     *     say that the event is on disk
     */
    CompletionStage<Receipt> submit(Submission submission);

    /**
     * Whether so many events wait that a source whose peer can wait had better not submit more than one at a time: what it
     * does not read stays with the peer, and what does not fit in is UNAVAILABLE. Does not block.
     */
    default boolean isCrowded() {
        return false;
    }
}
