package org.bolide.api;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

import static java.util.Objects.requireNonNull;

/**
 * What to look for in the log. All that is given must hold; {@link #all()} is the beginning. Immutable.
 *
 * @param identifierPart what the identifier contains, whatever the case of its letters
 * @param stream see {@link EventHeader#stream()}
 * @param role exactly this one
 * @param since received at this time or later
 * @param until received before this time
 * @param cone where on the sky it happened
 */
public record EventQuery(
        Optional<String> identifierPart,
        Optional<String> stream,
        Optional<String> role,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Cone> cone) {

    /**
     * A circle on the sky. An event is in it if its {@link SkyPosition} is, whatever its error and its frame.
     *
     * @param longitude of the centre, degrees, 0 to 360
     * @param latitude of the centre, degrees, -90 to 90
     * @param radius degrees, above 0, up to 180
     */
    public record Cone(double longitude, double latitude, double radius) {

        public Cone {
            if (!(longitude >= 0 && longitude <= 360 && latitude >= -90 && latitude <= 90 && radius > 0 && radius <= 180)) {
                throw new IllegalArgumentException("no circle on the sky: longitude " + longitude + ", latitude " + latitude + ", radius " + radius
                        + " degrees; allowed are 0 to 360, -90 to 90, and a radius above 0 up to 180");
            }
        }

        /** Whether the position is in it. */
        public boolean contains(SkyPosition position) {
            double half = Math.toRadians(position.latitude() - latitude) / 2;
            double across = Math.toRadians(position.longitude() - longitude) / 2;
            double haversine = Math.pow(Math.sin(half), 2)
                    + Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(position.latitude())) * Math.pow(Math.sin(across), 2);
            return Math.toDegrees(2 * Math.asin(Math.sqrt(Math.min(1, haversine)))) <= radius;
        }
    }

    public EventQuery {
        requireNonNull(identifierPart);
        requireNonNull(stream);
        requireNonNull(role);
        requireNonNull(since);
        requireNonNull(until);
        requireNonNull(cone);
    }

    /** Whether this is what is looked for. */
    public boolean matches(EventHeader header, Instant receivedAt) {
        return identifierPart.map(part -> contains(header.identifier().orElse(""), part)).orElse(true)
                && stream.map(header.stream()::equals).orElse(true)
                && role.map(name -> header.role().equals(role)).orElse(true)
                && since.map(time -> !receivedAt.isBefore(time)).orElse(true)
                && until.map(receivedAt::isBefore).orElse(true)
                && cone.map(circle -> header.position().filter(circle::contains).isPresent()).orElse(true);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    /** Every event. */
    public static EventQuery all() {
        return new EventQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public EventQuery withIdentifierPart(String part) {
        return new EventQuery(Optional.of(part), stream, role, since, until, cone);
    }

    public EventQuery ofStream(String name) {
        return new EventQuery(identifierPart, Optional.of(name), role, since, until, cone);
    }

    public EventQuery ofRole(String name) {
        return new EventQuery(identifierPart, stream, Optional.of(name), since, until, cone);
    }

    public EventQuery since(Instant time) {
        return new EventQuery(identifierPart, stream, role, Optional.of(time), until, cone);
    }

    public EventQuery until(Instant time) {
        return new EventQuery(identifierPart, stream, role, since, Optional.of(time), cone);
    }

    public EventQuery within(Cone circle) {
        return new EventQuery(identifierPart, stream, role, since, until, Optional.of(circle));
    }
}
