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
     * @param submission the event and where it comes from
     * @param reading what the vocabulary read
     * @throws RefusedException if it may not; the message reaches the author
     */
    void validate(Submission submission, Reading reading) throws RefusedException;
}
