package org.bolide.api.management;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.bolide.api.Outcome;
import org.bolide.api.store.DeadLetter;
import org.osgi.annotation.versioning.ProviderType;

/** Events that handlers gave up on. Registered by the broker. All methods may read or write the disk. */
@ProviderType
public interface DeadLetters {

    /**
     * Dead letters, oldest first.
     *
     * @param afterId only those with a higher id: the last one of the page before; 0 for the first page
     */
    List<DeadLetter> list(long afterId, int max) throws IOException;

    /** The dead letter with this id. */
    Optional<DeadLetter> find(long id) throws IOException;

    /**
     * Has its handler handle the event once more, between two others, whatever the handler's filter is. If that is done or does not want it, the
     * dead letter is forgotten; otherwise it stays as it is. Waits for the handler.
     *
     * @return what the handler said; RETRY also if it threw
     * @throws IllegalStateException if there is no such dead letter, its handler does not run or is paused, or the event has expired and can be
     *     read by no vocabulary; for people
     */
    Outcome retry(long id) throws IOException, InterruptedException;

    /** Forgets one. Returns whether there was one with this id. */
    boolean drop(long id) throws IOException;
}
