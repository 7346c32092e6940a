package org.bolide.web.http;

import java.time.Instant;
import java.util.Optional;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** The API's JSON: keys in camel case, times as ISO 8601 in UTC; what is not known is not there. */
public final class Json {

    /** The media type. */
    public static final String TYPE = "application/json";

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private Json() {}

    /** The document, on one line. */
    public static String text(JsonElement document) {
        return GSON.toJson(document);
    }

    /** Adds a text if there is one. */
    public static void put(JsonObject object, String key, Optional<String> text) {
        text.ifPresent(value -> object.addProperty(key, value));
    }

    /** Adds a time if it is known. */
    public static void putTime(JsonObject object, String key, Optional<Instant> time) {
        time.ifPresent(value -> object.addProperty(key, value.toString()));
    }
}
