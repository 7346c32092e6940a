package org.bolide.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

import static java.util.Objects.requireNonNull;

/**
 * What to look for in the log. All criteria must hold; {@link #all()}, without any, is the beginning. Immutable.
 */
public record EventQuery(List<Criterion> criteria) {

    /** One thing that must hold of an event. Of several names or texts in one criterion any will do. */
    public sealed interface Criterion {}

    /** The identifier contains this, whatever the case of its letters. */
    public record IdentifierPart(String text) implements Criterion {

        public IdentifierPart {
            requireNonNull(text);
        }
    }

    /** The identifier begins with one of these. */
    public record IdentifierPrefix(Set<String> texts) implements Criterion {

        public IdentifierPrefix {
            texts = Set.copyOf(texts);
        }
    }

    /** See {@link EventHeader#stream()}. */
    public record OfStream(Set<String> names) implements Criterion {

        public OfStream {
            names = Set.copyOf(names);
        }
    }

    /** The role is one of these. */
    public record OfRole(Set<String> names) implements Criterion {

        public OfRole {
            names = Set.copyOf(names);
        }
    }

    /** Received at this time or later. */
    public record ReceivedSince(Instant time) implements Criterion {

        public ReceivedSince {
            requireNonNull(time);
        }
    }

    /** Received before this time. */
    public record ReceivedBefore(Instant time) implements Criterion {

        public ReceivedBefore {
            requireNonNull(time);
        }
    }

    /** Written by its author at this time or later, as the event says. */
    public record AuthoredSince(Instant time) implements Criterion {

        public AuthoredSince {
            requireNonNull(time);
        }
    }

    /** Written by its author at this time or before, as the event says. */
    public record AuthoredUntil(Instant time) implements Criterion {

        public AuthoredUntil {
            requireNonNull(time);
        }
    }

    /** Whether it has a position on the sky. */
    public record HasPosition(boolean has) implements Criterion {}

    /** It has a position, and the latitude is above this; degrees. */
    public record NorthOf(double latitude) implements Criterion {}

    /** It has a position, and the latitude is below this; degrees. */
    public record SouthOf(double latitude) implements Criterion {}

    /**
     * A circle on the sky. An event is in it if its {@link SkyPosition} is, whatever its error and its frame.
     *
     * @param longitude of the centre, degrees, 0 to 360
     * @param latitude of the centre, degrees, -90 to 90
     * @param radius degrees, above 0, up to 180
     */
    public record Cone(double longitude, double latitude, double radius) implements Criterion {

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

    /** Whether it cites any event. */
    public record Citing(boolean any) implements Criterion {}

    /** It cites one of these identifiers. */
    public record CitingOne(Set<String> identifiers) implements Criterion {

        public CitingOne {
            identifiers = Set.copyOf(identifiers);
        }
    }

    /** An identifier that it cites contains one of these, whatever the case of the letters. */
    public record CitingPart(Set<String> texts) implements Criterion {

        public CitingPart {
            texts = Set.copyOf(texts);
        }
    }

    /** Whether an event of the log cites it by its identifier. */
    public record Cited(boolean is) implements Criterion {}

    public EventQuery {
        criteria = List.copyOf(criteria);
    }

    /** Every event. */
    public static EventQuery all() {
        return new EventQuery(List.of());
    }

    public EventQuery withIdentifierPart(String text) {
        return and(new IdentifierPart(text));
    }

    public EventQuery ofStream(String name) {
        return and(new OfStream(Set.of(name)));
    }

    public EventQuery ofRole(String name) {
        return and(new OfRole(Set.of(name)));
    }

    public EventQuery since(Instant time) {
        return and(new ReceivedSince(time));
    }

    public EventQuery until(Instant time) {
        return and(new ReceivedBefore(time));
    }

    public EventQuery within(Cone circle) {
        return and(circle);
    }

    /** The same with one more criterion. */
    public EventQuery and(Criterion criterion) {
        List<Criterion> more = new ArrayList<>(criteria);
        more.add(criterion);
        return new EventQuery(more);
    }

    /** The criteria of one kind, in their order. */
    public <C extends Criterion> Stream<C> criteria(Class<C> kind) {
        return criteria.stream().filter(kind::isInstance).map(kind::cast);
    }

    /**
     * Whether this is what is looked for.
     *
     * @param isCited whether an event of the log cites this identifier
     */
    public boolean matches(EventHeader header, Instant receivedAt, Predicate<String> isCited) {
        return criteria.stream().allMatch(criterion -> matches(criterion, header, receivedAt, isCited));
    }

    private static boolean matches(Criterion criterion, EventHeader header, Instant receivedAt, Predicate<String> isCited) {
        String identifier = header.identifier().orElse("");
        if (criterion instanceof IdentifierPart part) {
            return contains(identifier, part.text());
        } else if (criterion instanceof IdentifierPrefix prefix) {
            return prefix.texts().stream().anyMatch(identifier::startsWith);
        } else if (criterion instanceof OfStream stream) {
            return stream.names().contains(header.stream());
        } else if (criterion instanceof OfRole role) {
            return header.role().filter(role.names()::contains).isPresent();
        } else if (criterion instanceof ReceivedSince since) {
            return !receivedAt.isBefore(since.time());
        } else if (criterion instanceof ReceivedBefore before) {
            return receivedAt.isBefore(before.time());
        } else if (criterion instanceof AuthoredSince since) {
            return header.authoredAt().filter(at -> !at.isBefore(since.time())).isPresent();
        } else if (criterion instanceof AuthoredUntil until) {
            return header.authoredAt().filter(at -> !at.isAfter(until.time())).isPresent();
        } else if (criterion instanceof HasPosition position) {
            return header.position().isPresent() == position.has();
        } else if (criterion instanceof NorthOf north) {
            return header.position().filter(position -> position.latitude() > north.latitude()).isPresent();
        } else if (criterion instanceof SouthOf south) {
            return header.position().filter(position -> position.latitude() < south.latitude()).isPresent();
        } else if (criterion instanceof Cone cone) {
            return header.position().filter(cone::contains).isPresent();
        } else if (criterion instanceof Citing citing) {
            return citing.any() != header.citations().isEmpty();
        } else if (criterion instanceof CitingOne citing) {
            return header.citations().stream().anyMatch(citation -> citing.identifiers().contains(citation.identifier()));
        } else if (criterion instanceof CitingPart citing) {
            return header.citations().stream()
                    .anyMatch(citation -> citing.texts().stream().anyMatch(text -> contains(citation.identifier(), text)));
        } else if (criterion instanceof Cited cited) {
            return header.identifier().filter(isCited).isPresent() == cited.is();
        }
        throw new IllegalArgumentException("unknown criterion " + criterion);
    }

    private static boolean contains(String text, String part) {
        return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }
}
