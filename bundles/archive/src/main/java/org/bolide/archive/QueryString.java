package org.bolide.archive;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The keys of a query and their values, decoded. A key may come several times.
 *
 * @param values by key, in the order in which they came
 */
record QueryString(Map<String, List<String>> values) {

    /** @param text as it was sent; null if there was none */
    static QueryString of(String text) throws ApiError {
        Map<String, List<String>> values = new TreeMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
                values.computeIfAbsent(key, k -> new ArrayList<>()).add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return new QueryString(values);
    }

    private static String decoded(String text) throws ApiError {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiError.url("'" + text + "' is not URL-encoded: write %25 for a percent sign.");
        }
    }

    /** A part of a path, in which {@code +} is a plus sign. */
    static String decodedPath(String text) throws ApiError {
        return decoded(text.replace("+", "%2B"));
    }

    /** The first value; empty if there is none, or an empty one. */
    String first(String key) {
        return values.containsKey(key) ? values.get(key).get(0).strip() : "";
    }
}
