package org.bolide.api.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

import org.bolide.api.EventHeader;

import static java.util.Objects.requireNonNull;

/**
 * An event read from the log; see {@link NewEvent} for the parts.
 *
 * @param sequence its place in the log
 */
public record StoredEvent(
        long sequence,
        EventHeader header,
        ByteBuffer content,
        String source,
        Instant receivedAt,
        List<String> faults,
        boolean quiet) {

    public StoredEvent {
        requireNonNull(header);
        content = content.asReadOnlyBuffer();
        requireNonNull(source);
        requireNonNull(receivedAt);
        faults = List.copyOf(faults);
    }
}
