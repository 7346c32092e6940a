package org.bolide.filtering.sky;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;

/**
 * What an event tells of place and time, in the one frame and scale of the functions. Made once for each event, and only
 * if somebody asks; Sun, Moon and citations again apart, for they cost more.
 *
 * @param position in ICRS; {@link Direction#NONE} if it states none, or one in an unknown frame
 * @param time when it happened, or else when it was written
 */
record SkyEvent(BrokerEvent event, Direction position, Optional<Instant> time) {

    /** Longer texts are no identifiers; a stranger may still ask for one again and again. */
    private static final int MAX_IDENTIFIER_LENGTH = 1024;

    private record SunSeparation(double degrees) {
    }

    private record MoonSeparation(double degrees) {
    }

    private record CitedIdentifiers(Set<String> identifiers) {
    }

    static SkyEvent of(BrokerEvent event) {
        return event.derived(SkyEvent.class, SkyEvent::read);
    }

    private static SkyEvent read(BrokerEvent event) {
        EventHeader header = event.header();
        Optional<Instant> time = header.observedAt().or(header::authoredAt);
        Direction position = header.position().map(stated -> Frame.toIcrs(stated, time)).orElse(Direction.NONE);
        return new SkyEvent(event, position, time);
    }

    /** In degrees; NaN if there is none, or no position that it could belong to. */
    double errorRadius() {
        OptionalDouble radius = position.isNone() ? OptionalDouble.empty()
                : event.header().position().map(SkyPosition::errorRadius).orElse(OptionalDouble.empty());
        return radius.orElse(Double.NaN);
    }

    double sunSeparation() {
        return event.derived(SunSeparation.class, e -> new SunSeparation(
                time.map(t -> position.separation(Ephemeris.sun(t))).orElse(Double.NaN))).degrees;
    }

    double moonSeparation() {
        return event.derived(MoonSeparation.class, e -> new MoonSeparation(
                time.map(t -> position.separation(Ephemeris.moon(t))).orElse(Double.NaN))).degrees;
    }

    double mjd() {
        return time.map(Times::mjd).orElse(Double.NaN);
    }

    /** In seconds, to the microsecond, which is what the log keeps of the time of receipt. */
    double ageSeconds() {
        Instant received = event.receivedAt().truncatedTo(ChronoUnit.MICROS);
        return time.map(t -> {
            Duration age = Duration.between(t, received);
            return age.getSeconds() + age.getNano() / 1e9;
        }).orElse(Double.NaN);
    }

    boolean isA(String relation) {
        return event.header().citations().stream().anyMatch(citation -> citation.relation().equals(relation));
    }

    boolean cites(String identifier) {
        return identifier.length() <= MAX_IDENTIFIER_LENGTH
                && event.derived(CitedIdentifiers.class, e -> cited()).identifiers.contains(comparable(identifier));
    }

    private CitedIdentifiers cited() {
        Set<String> identifiers = new HashSet<>();
        for (Citation citation : event.header().citations()) {
            identifiers.add(comparable(citation.identifier()));
        }
        return new CitedIdentifiers(identifiers);
    }

    /** Upper and lower case count only after {@code #} and {@code ?} (IVOA Identifiers 2.0). */
    private static String comparable(String identifier) {
        int local = 0;
        while (local < identifier.length() && "#?".indexOf(identifier.charAt(local)) < 0) {
            local++;
        }
        return identifier.substring(0, local).toLowerCase(Locale.ROOT) + identifier.substring(local);
    }
}
