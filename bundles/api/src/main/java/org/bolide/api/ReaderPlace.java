package org.bolide.api;

import java.time.Instant;

import static java.util.Objects.requireNonNull;

/**
 * Where a named reader is.
 *
 * @param sequence the last sequence that it has done
 * @param usedAt when the place was last written
 */
public record ReaderPlace(long sequence, Instant usedAt) {

    public ReaderPlace {
        requireNonNull(usedAt);
    }
}
