package org.bolide.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.SkyPosition;
import org.bolide.api.store.NewEvent;

/** Events and queries made up at random of few and awkward values, so that many queries find something. */
final class SearchSamples {

    /** When those of the events end that end. */
    static final Instant END = Instant.parse("2026-12-01T00:00:00Z");

    private static final Instant T0 = Instant.parse("2026-11-21T20:00:00.123456Z");
    private static final QName VOEVENT = new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent");
    private static final List<QName> ROOTS = List.of(VOEVENT, VOEVENT, new QName("urn:x#y", "e"), new QName("plain"), new QName("ivo"));
    private static final List<String> IDENTIFIERS = List.of(
            "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_1", "ivo://nasa.gsfc.gcn/SWIFT#bat_grb_pos_2", "ivo://nasa.gsfc.gcn/SWIFT#",
            "ivo://nasa.gsfc.gcn/SWIFT", "ivo://nasa.gsfc.gcn/SWIFT$x", "ivo://nasa.gsfc.gcn/SWIFT?c=1#x", "ivo://nasa.gsfc.gcn/SWIFT>1", "?only", "plain?1", "ivo://nasa.gsfc.gcn/SWIFT2#a#b", "ivo://nasa.gsfc.gcn/swift#1",
            "ivo://a.b/100%#x_y", "ivo://a.b/100\\\\#x", "plain#1", "plain", "#only", "", "{urn:x}e#1", "ivo://a.b/ÄÖ#Straße", "ivo://a.b/äö#STRASSE",
            "ivo://a.b/\u212a#\u0130\u03a3", "ivo://a.b/\ud83d\udd2d#\ud83d\udd2d", "ivo://a.b/\uffff#z", "ivo://a.b/" + "l".repeat(600) + "#1",
            "ivo://a.b/" + "l".repeat(600) + "#2", "ivo://a.b/" + "l".repeat(601) + "#1", "ivo://a.b/c#" + "m".repeat(700));
    private static final List<String> PARTS = List.of("", "swift", "SWIFT#B", "_", "%", "100%", "\\", "grb_pos", "k", "i", "\u212a", "\u0130", "ß",
            "SS", "äö", "ÄÖ", "\u03c3", "\u03c2", "\ud83d\udd2d", "'", "#", "llll", "ivo://", "nothing has this", "m".repeat(700));
    private static final List<String> ROLES = List.of("observation", "test", "Test", "odd 'role'");
    private static final double[] LONGITUDES = {0, 359.9999, 360, 180, -10, 350, 719, 12.3, 90};
    private static final double[] LATITUDES = {0, 90, -90, 89.999, -89.5, 45, 91, -100, 1};
    private static final double[] RADII = {1e-9, 0.5, 1, 5, 30, 90, 120, 179.9, 180};
    private static final List<String> FRAMES = List.of("UTC-FK5-GEO", "UTC-ICRS-TOPO", "UTC-GAL-GEO", "");

    private final Random random;
    private int events;

    SearchSamples(long seed) {
        random = new Random(seed);
    }

    List<NewEvent> events(int count) {
        List<NewEvent> list = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] content = ("event " + ++events).getBytes(StandardCharsets.UTF_8);
            EventHeader header = new EventHeader(any(ROOTS), sometimes(any(IDENTIFIERS)), sometimes(any(ROLES)), Optional.empty(),
                    Optional.empty(), Optional.empty(), sometimes(position()),
                    events % 3 == 0 ? List.of(new Citation("ivo://a.b/c#" + events, "followup")) : List.of());
            list.add(new NewEvent(digest(content), header, ByteBuffer.wrap(content), "s", time(), List.of(),
                    events % 17 == 0 ? Optional.of(END) : Optional.empty(), events % 5 == 0));
        }
        return list;
    }

    EventQuery query() {
        EventQuery query = EventQuery.all();
        // most queries ask for one or two things
        if (random.nextInt(4) == 0) {
            query = query.withIdentifierPart(any(PARTS));
        }
        if (random.nextInt(4) == 0) {
            query = query.ofStream(stream());
        }
        if (random.nextInt(5) == 0) {
            query = query.ofRole(any(ROLES));
        }
        if (random.nextInt(5) == 0) {
            query = query.since(bound());
        }
        if (random.nextInt(5) == 0) {
            query = query.until(bound());
        }
        if (random.nextInt(3) == 0) {
            query = query.within(cone());
        }
        return query;
    }

    /** Queries of one criterion each, for all values that there are. */
    List<EventQuery> corners() {
        List<EventQuery> queries = new ArrayList<>(List.of(EventQuery.all(), EventQuery.all().since(Instant.MIN).until(Instant.MAX),
                EventQuery.all().since(Instant.MAX), EventQuery.all().until(Instant.MIN)));
        PARTS.forEach(part -> queries.add(EventQuery.all().withIdentifierPart(part)));
        ROLES.forEach(role -> queries.add(EventQuery.all().ofRole(role)));
        for (String identifier : IDENTIFIERS) {
            queries.add(EventQuery.all().ofStream(identifier));
            queries.add(EventQuery.all().ofStream(identifier.split("[#?]", 2)[0]));
        }
        ROOTS.forEach(root -> queries.add(EventQuery.all().ofStream(root.toString())));
        for (double radius : RADII) {
            for (double latitude : LATITUDES) {
                if (Math.abs(latitude) <= 90) {
                    queries.add(EventQuery.all().within(new Cone(random.nextBoolean() ? 0 : 359.5, latitude, radius)));
                }
            }
        }
        return queries;
    }

    long before() {
        return random.nextInt(3) == 0 ? random.nextInt(events + 2) - 1L : Long.MAX_VALUE;
    }

    int max() {
        return random.nextInt(3) == 0 ? random.nextInt(20) - 1 : Integer.MAX_VALUE;
    }

    private String stream() {
        String identifier = any(IDENTIFIERS);
        return switch (random.nextInt(3)) {
            case 0 -> any(ROOTS).toString();
            case 1 -> identifier;
            default -> identifier.split("[#?]", 2)[0];
        };
    }

    private Instant time() {
        return T0.plusSeconds(events).minusSeconds(random.nextInt(30));
    }

    /** Between two times of the log, too. */
    private Instant bound() {
        return T0.plusSeconds(random.nextInt(events + 20)).plusNanos(random.nextInt(3) - 1L);
    }

    private SkyPosition position() {
        boolean odd = random.nextInt(20) == 0;
        double longitude = odd ? Double.NaN : random.nextBoolean() ? LONGITUDES[random.nextInt(LONGITUDES.length)] : 360 * random.nextDouble();
        double latitude = random.nextBoolean() ? LATITUDES[random.nextInt(LATITUDES.length)]
                : Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
        return new SkyPosition(longitude, random.nextInt(50) == 0 ? 1e300 : latitude, OptionalDouble.empty(), any(FRAMES));
    }

    private Cone cone() {
        double longitude = random.nextBoolean() ? 360 * random.nextDouble() : random.nextBoolean() ? 0 : 360;
        double latitude = random.nextInt(3) == 0 ? random.nextBoolean() ? 90 : -89.9 : Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));
        double radius = random.nextBoolean() ? RADII[random.nextInt(RADII.length)] : 40 * random.nextDouble() + 0.001;
        return new Cone(longitude, latitude, radius);
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> Optional<T> sometimes(T value) {
        return random.nextInt(8) == 0 ? Optional.empty() : Optional.of(value);
    }

    private static ByteBuffer digest(byte[] content) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
