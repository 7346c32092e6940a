package org.bolide.archive;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.Criterion;

/**
 * What a query selects: each key is one of voeventdb's filters. Of several values of a key any will do for {@code ivorn_prefix},
 * {@code ref_contains}, {@code ref_exact}, {@code role} and {@code stream}; all must hold for {@code ivorn_contains}; of the others
 * the first counts.
 */
final class Selection {

    static final Set<String> PAGING = Set.of("limit", "offset", "order");

    private static final Set<String> ROLES = new LinkedHashSet<>(List.of("observation", "prediction", "utility", "test"));
    private static final String IVO = "ivo://";

    /** A radius of 0 finds what has exactly that position, up to how numbers are rounded. */
    private static final double POINT = 1e-9;

    private Selection() {
    }

    /** What the keys select; those of {@link #PAGING} are left to others. */
    static EventQuery of(QueryString query) throws ApiError {
        List<Criterion> criteria = new ArrayList<>();
        for (Map.Entry<String, List<String>> entry : query.values().entrySet()) {
            if (!PAGING.contains(entry.getKey())) {
                criteria.addAll(criteria(entry.getKey(), entry.getValue()));
            }
        }
        return new EventQuery(criteria);
    }

    private static List<Criterion> criteria(String key, List<String> values) throws ApiError {
        Set<String> any = new LinkedHashSet<>(values);
        return switch (key) {
            case "ivorn_contains" -> any.stream().<Criterion>map(EventQuery.IdentifierPart::new).toList();
            case "ivorn_prefix" -> List.of(new EventQuery.IdentifierPrefix(any));
            case "ref_contains" -> List.of(new EventQuery.CitingPart(any));
            case "ref_exact" -> List.of(new EventQuery.CitingOne(any));
            case "role" -> List.of(new EventQuery.OfRole(roles(any)));
            case "stream" -> List.of(new EventQuery.OfStream(any.stream().flatMap(name -> Stream.of(name, IVO + name)).collect(Collectors.toSet())));
            default -> {
                List<Criterion> each = new ArrayList<>();
                for (String value : values) {
                    each.add(single(key, value));
                }
                yield each.subList(0, 1);
            }
        };
    }

    private static Criterion single(String key, String value) throws ApiError {
        return switch (key) {
            case "authored_since" -> new EventQuery.AuthoredSince(time(key, value));
            case "authored_until" -> new EventQuery.AuthoredUntil(time(key, value));
            case "cited" -> new EventQuery.Cited(truth(key, value));
            case "cone" -> cone(key, value);
            case "coord" -> new EventQuery.HasPosition(truth(key, value));
            case "dec_gt" -> new EventQuery.NorthOf(declination(key, value));
            case "dec_lt" -> new EventQuery.SouthOf(declination(key, value));
            case "ref_any" -> new EventQuery.Citing(truth(key, value));
            default -> throw ApiError.query(key, value, "there is no such key. Known are authored_since, authored_until, cited, cone, coord, dec_gt, dec_lt, "
                    + "ivorn_contains, ivorn_prefix, ref_any, ref_contains, ref_exact, role, stream; for lists limit, offset, order; for exports limit.");
        };
    }

    private static Set<String> roles(Set<String> names) throws ApiError {
        for (String name : names) {
            if (!ROLES.contains(name)) {
                throw ApiError.query("role", name, "a role is one of " + String.join(", ", ROLES) + ".");
            }
        }
        return names;
    }

    private static Instant time(String key, String value) throws ApiError {
        try {
            return IsoTime.parse(value.strip());
        } catch (DateTimeException e) {
            throw ApiError.query(key, value, "write a date such as 2015, 2015-10, 2015-10-09 or 2015-10-09T21:34:19Z, with %2B for the plus sign of a time zone.");
        }
    }

    private static boolean truth(String key, String value) throws ApiError {
        if (value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")) {
            return value.equalsIgnoreCase("true");
        }
        throw ApiError.query(key, value, "write true or false.");
    }

    private static double declination(String key, String value) throws ApiError {
        double declination;
        try {
            declination = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            throw noDeclination(key, value);
        }
        if (!(declination >= -90 && declination <= 90)) {
            throw noDeclination(key, value);
        }
        return declination;
    }

    private static ApiError noDeclination(String key, String value) {
        return ApiError.query(key, value, "invalid declination value: write degrees from -90 to 90.");
    }

    private static EventQuery.Cone cone(String key, String value) throws ApiError {
        double[] numbers = numbers(key, value);
        if (!(numbers[1] >= -90 && numbers[1] <= 90)) {
            throw noDeclination(key, value);
        }
        if (!Double.isFinite(numbers[0]) || !(numbers[2] >= 0 && numbers[2] <= 180)) {
            throw ApiError.query(key, value, "the radius is from 0 to 180 degrees.");
        }
        double turns = numbers[0] / 360;
        return new EventQuery.Cone(360 * (turns - Math.floor(turns)), numbers[1], Math.max(POINT, numbers[2]));
    }

    private static double[] numbers(String key, String value) throws ApiError {
        try {
            JsonElement json = JsonParser.parseString(value);
            if (json.isJsonArray() && json.getAsJsonArray().size() == 3) {
                JsonArray array = json.getAsJsonArray();
                double[] numbers = new double[3];
                for (int i = 0; i < 3; i++) {
                    if (!array.get(i).isJsonPrimitive() || !array.get(i).getAsJsonPrimitive().isNumber()) {
                        throw noCone(key, value);
                    }
                    numbers[i] = array.get(i).getAsDouble();
                }
                return numbers;
            }
        } catch (JsonParseException | NumberFormatException e) {
            throw noCone(key, value);
        }
        throw noCone(key, value);
    }

    private static ApiError noCone(String key, String value) {
        return ApiError.query(key, value, "write [ra,dec,radius] in degrees, such as [359.9,-30,5].");
    }
}
