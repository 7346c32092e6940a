package org.bolide.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides whether an event may enter the log: the owner's rules, rights, signatures. Registered as a service; all are
 * asked, in no particular order, until one refuses. Called by the broker's intake threads, by several at once; must not
 * block for long.
 */
@ConsumerType
public interface EventValidator {

    /**
     * Returns if the event may enter.
     *
     * @param candidate the event, with the header and the faults that its vocabulary read; its sequence is 0
     * @param submission how it comes in
     * @throws RefusedException if it may not; the message reaches the author
     * @throws IllegalStateException if it cannot be decided now: the author is to try again later; so it is for any other
     *     RuntimeException, which is logged as an error
     */
    void validate(BrokerEvent candidate, Submission submission) throws RefusedException;
}
