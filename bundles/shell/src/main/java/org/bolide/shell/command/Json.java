package org.bolide.shell.command;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;

/**
 * Answers for scripts: keys in camel case; times as ISO 8601 in UTC; durations as numbers, in seconds, their keys ending in
 * {@code Seconds}; what is not known as null.
 */
final class Json {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

    private Json() {}

    /** The JSON of a value: text, number, truth, time, duration, element, a collection or map of such, or an optional one. */
    static JsonElement of(Object value) {
        if (value instanceof JsonElement element) {
            return element;
        } else if (value instanceof Optional<?> optional) {
            return optional.map(Json::of).orElse(JsonNull.INSTANCE);
        } else if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? new JsonPrimitive(optional.getAsLong()) : JsonNull.INSTANCE;
        } else if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? new JsonPrimitive(optional.getAsInt()) : JsonNull.INSTANCE;
        } else if (value instanceof OptionalDouble optional) {
            return optional.isPresent() ? new JsonPrimitive(optional.getAsDouble()) : JsonNull.INSTANCE;
        } else if (value instanceof Number number) {
            return new JsonPrimitive(number);
        } else if (value instanceof Boolean truth) {
            return new JsonPrimitive(truth);
        } else if (value instanceof Duration duration) {
            return new JsonPrimitive(duration.toMillis() / 1e3);
        } else if (value instanceof Collection<?> collection) {
            JsonArray array = new JsonArray();
            collection.forEach(item -> array.add(of(item)));
            return array;
        } else if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((key, item) -> object.add(key.toString(), of(item)));
            return object;
        } else if (value instanceof CharSequence || value instanceof Instant || value instanceof Enum<?>) {
            return new JsonPrimitive(value.toString());
        }
        throw new IllegalArgumentException("no JSON for " + value);
    }

    /** The document. What would move a terminal's cursor is escaped, so that it can be looked at, too. */
    static String text(JsonElement document) {
        StringBuilder text = new StringBuilder();
        GSON.toJson(document).codePoints().forEach(c -> {
            if (c == '\n' || Screen.isVisible(c)) {
                text.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    text.append("\\u%04x".formatted((int) unit));
                }
            }
        });
        return text.toString();
    }
}
