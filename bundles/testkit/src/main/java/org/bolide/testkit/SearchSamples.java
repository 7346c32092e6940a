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
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.AuthoredSince;
import org.bolide.api.EventQuery.AuthoredUntil;
import org.bolide.api.EventQuery.Cited;
import org.bolide.api.EventQuery.Citing;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventQuery.CitingPart;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventQuery.Criterion;
import org.bolide.api.EventQuery.HasPosition;
import org.bolide.api.EventQuery.IdentifierPart;
import org.bolide.api.EventQuery.IdentifierPrefix;
import org.bolide.api.EventQuery.NorthOf;
import org.bolide.api.EventQuery.OfRole;
import org.bolide.api.EventQuery.OfStream;
import org.bolide.api.EventQuery.ReceivedBefore;
import org.bolide.api.EventQuery.ReceivedSince;
import org.bolide.api.EventQuery.SouthOf;
import org.bolide.api.EventSummary.Order;
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
    private static final List<Instant> AUTHORED = List.of(T0, T0.plusNanos(1), T0.plusNanos(999), T0.plusNanos(1000), T0.minusNanos(1),
            Instant.parse("2026-11-30T23:59:59.999999999Z"), Instant.parse("2026-12-01T00:00:00Z"), Instant.parse("0000-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T23:59:59.999999999Z"), Instant.parse("+10000-01-01T00:00:00Z"), Instant.parse("+20000-05-01T00:00:00.123Z"),
            Instant.parse("+123456-05-01T00:00:00.123456789Z"), Instant.parse("-0001-12-31T23:59:59.5Z"), Instant.parse("-0002-01-31T23:59:59Z"),
            Instant.parse("-12345-01-31T23:59:59.123456Z"));
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
                    sometimes(authored()), Optional.empty(), sometimes(position()), citations());
            list.add(new NewEvent(digest(content), header, ByteBuffer.wrap(content), "s", time(), List.of(),
                    events % 17 == 0 ? Optional.of(END) : Optional.empty(), events % 5 == 0));
        }
        return list;
    }

    /** Most ask for one to three things, now and then for several of a kind. */
    EventQuery query() {
        EventQuery query = EventQuery.all();
        for (int i = random.nextInt(4); i >= 0; i--) {
            query = query.and(criterion());
        }
        return query;
    }

    private Criterion criterion() {
        return switch (random.nextInt(16)) {
            case 0 -> new IdentifierPart(any(PARTS));
            case 1 -> new IdentifierPrefix(some(this::prefix));
            case 2 -> new OfStream(some(this::stream));
            case 3 -> new OfRole(some(() -> any(ROLES)));
            case 4 -> new ReceivedSince(bound());
            case 5 -> new ReceivedBefore(bound());
            case 6 -> new AuthoredSince(authored());
            case 7 -> new AuthoredUntil(authored());
            case 8 -> new HasPosition(random.nextInt(4) > 0);
            case 9 -> new NorthOf(latitude());
            case 10 -> new SouthOf(latitude());
            case 11 -> new Citing(random.nextBoolean());
            case 12 -> new CitingOne(some(() -> any(IDENTIFIERS)));
            case 13 -> new CitingPart(some(() -> any(PARTS)));
            case 14 -> new Cited(random.nextBoolean());
            default -> cone();
        };
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
        for (String text : IDENTIFIERS) {
            queries.add(EventQuery.all().and(new IdentifierPrefix(Set.of(text))));
            queries.add(EventQuery.all().and(new CitingOne(Set.of(text))));
        }
        PARTS.forEach(part -> queries.add(EventQuery.all().and(new CitingPart(Set.of(part)))));
        AUTHORED.forEach(time -> queries.add(EventQuery.all().and(new AuthoredSince(time))));
        AUTHORED.forEach(time -> queries.add(EventQuery.all().and(new AuthoredUntil(time))));
        for (boolean is : new boolean[] {false, true}) {
            List.of(new Cited(is), new Citing(is), new HasPosition(is)).forEach(criterion -> queries.add(EventQuery.all().and(criterion)));
        }
        List.of(new IdentifierPrefix(Set.of()), new OfStream(Set.of()), new OfRole(Set.of()), new CitingOne(Set.of()), new CitingPart(Set.of()))
                .forEach(criterion -> queries.add(EventQuery.all().and(criterion)));
        for (double latitude : new double[] {Double.NaN, Double.NEGATIVE_INFINITY, -90, -0.0, 0, 45, 90, Double.POSITIVE_INFINITY}) {
            queries.add(EventQuery.all().and(new NorthOf(latitude)));
            queries.add(EventQuery.all().and(new SouthOf(latitude)));
        }
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

    long skip() {
        return random.nextInt(3) == 0 ? random.nextInt(200) : 0;
    }

    Order order() {
        return any(List.of(Order.values()));
    }

    boolean isDescending() {
        return random.nextBoolean();
    }

    /** The beginning of an identifier, never half a character. */
    private String prefix() {
        String identifier = any(IDENTIFIERS);
        int length = random.nextInt(identifier.codePointCount(0, identifier.length()) + 1);
        return identifier.substring(0, identifier.offsetByCodePoints(0, length));
    }

    /** As a rule one, sometimes several, seldom none. */
    private Set<String> some(Supplier<String> value) {
        int count = random.nextInt(20) == 0 ? 0 : random.nextInt(3) == 0 ? 3 : 1;
        return Stream.generate(value).limit(count).collect(Collectors.toSet());
    }

    private List<Citation> citations() {
        int count = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(3);
        return Stream.generate(() -> new Citation(any(IDENTIFIERS), random.nextBoolean() ? "followup" : "")).limit(count).toList();
    }

    private Instant authored() {
        return random.nextBoolean() ? any(AUTHORED) : T0.minusSeconds(random.nextInt(200_000_000)).plusNanos(random.nextInt(3000));
    }

    private double latitude() {
        return random.nextBoolean() ? LATITUDES[random.nextInt(LATITUDES.length)] : 180 * random.nextDouble() - 90;
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
