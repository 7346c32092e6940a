package org.bolide.api.store;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.bolide.api.EventHeader;

import static java.util.Objects.requireNonNull;

/**
 * An event to be appended.
 *
 * @param digest the key: two events with equal digests are the same event
 * @param header stored in columns
 * @param content the bytes as received
 * @param source see {@link org.bolide.api.BrokerEvent#source()}
 * @param receivedAt see {@link org.bolide.api.BrokerEvent#receivedAt()}; kept to the microsecond at least
 * @param faults see {@link org.bolide.api.BrokerEvent#faults()}
 * @param expiresAt when the event may be forgotten; empty for the store's retention
 * @param quiet see {@link org.bolide.api.Submission#quiet()}
 */
public record NewEvent(
        ByteBuffer digest,
        EventHeader header,
        ByteBuffer content,
        String source,
        Instant receivedAt,
        List<String> faults,
        Optional<Instant> expiresAt,
        boolean quiet) {

    public NewEvent {
        digest = digest.asReadOnlyBuffer();
        requireNonNull(header);
        content = content.asReadOnlyBuffer();
        requireNonNull(source);
        requireNonNull(receivedAt);
        faults = List.copyOf(faults);
        requireNonNull(expiresAt);
    }
}
