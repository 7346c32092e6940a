package org.bolide.api.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * A copy of an event that a handler gave up on. Kept for the retention, whatever becomes of the event itself.
 *
 * @param id given by the store, unique in it; 0 before
 * @param handler the handler's name
 * @param sequence the event's place in the log
 * @param identifier the event's identifier, where it has one
 * @param content the event's bytes
 * @param reason why the handler failed the last time
 * @param attempts how often the handler was called
 * @param buriedAt when it was given up
 */
public record DeadLetter(
        long id,
        String handler,
        long sequence,
        Optional<String> identifier,
        ByteBuffer content,
        String reason,
        int attempts,
        Instant buriedAt) {

    public DeadLetter {
        requireNonNull(handler);
        requireNonNull(identifier);
        content = content.asReadOnlyBuffer();
        requireNonNull(reason);
        requireNonNull(buriedAt);
    }
}
