package org.bolide.filtering.sky;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.SkyPosition;

/**
 * The coordinate systems whose positions are understood, by the names of Space-Time Coordinates 1.30, of which VOEvent
 * takes its {@code UTC-FK5-GEO} and {@code TT-ICRS-TOPO}: time scale, space frame, reference position.
 */
enum Frame {
    /** Also FK5 at J2000.0, which is nowhere further from it than 0.03 arcseconds. */
    ICRS, FK4, GALACTIC, ECLIPTIC;

    private static final Map<String, Frame> BY_NAME = Map.of("ICRS", ICRS, "FK5", ICRS, "FK4", FK4,
            "GALACTIC", GALACTIC, "GALACTIC_II", GALACTIC, "ECLIPTIC", ECLIPTIC);

    private static final double B1950 = 1950;

    /**
     * The position in ICRS; none if its frame is not known, such as {@code UTC-GEOD-TOPO}, which is a place on Earth. A
     * frame that the event does not name is ICRS.
     *
     * @param time when it was observed, which matters only to FK4
     */
    static Direction toIcrs(SkyPosition position, Optional<Instant> time) {
        Direction stated = Direction.of(position.longitude(), position.latitude());
        Optional<Frame> frame = named(position.frame());
        if (frame.isEmpty() || stated.isNone()) {
            return Direction.NONE;
        }
        return switch (frame.get()) {
            case ICRS -> stated;
            case GALACTIC -> Direction.ofGalactic(stated.longitude(), stated.latitude());
            case ECLIPTIC -> Direction.ofEcliptic(stated.longitude(), stated.latitude());
            case FK4 -> Direction.ofFk4(stated.longitude(), stated.latitude(), time.map(Times::besselianYear).orElse(B1950));
        };
    }

    private static Optional<Frame> named(String name) {
        if (name.isBlank()) {
            return Optional.of(ICRS);
        }
        for (String part : name.toUpperCase(Locale.ROOT).split("[^A-Z0-9_]+")) {
            if (BY_NAME.containsKey(part)) {
                return Optional.of(BY_NAME.get(part));
            }
        }
        return Optional.empty();
    }
}
