package org.bolide.archive;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;

/** Positions as the archive tells them: right ascension and declination. */
final class Sky {

    private static final List<String> FRAMES = List.of("ICRS", "FK5");

    private Sky() {
    }

    /**
     * The event's position if it is one in ICRS or FK5, which nobody here tells apart, or in a frame that the event does not name.
     * That of a place on Earth or in galactic coordinates is none: it would be taken for right ascension and declination.
     */
    static Optional<SkyPosition> equatorial(EventHeader header) {
        return header.position().filter(position -> position.frame().isBlank()
                || List.of(position.frame().toUpperCase(Locale.ROOT).split("[^A-Z0-9_]+")).stream().anyMatch(FRAMES::contains));
    }
}
