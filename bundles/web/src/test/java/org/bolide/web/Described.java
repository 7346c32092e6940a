package org.bolide.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

/** Whether a real answer is what the description of the API says: every key that must be there is, no other is, and all have their types. */
public final class Described {

    private final JsonObject document;

    public Described() {
        try (InputStream in = Described.class.getResourceAsStream("/OSGI-INF/bolide/openapi.json")) {
            document = JsonParser.parseString(new String(in.readAllBytes(), UTF_8)).getAsJsonObject();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fails if it is not. */
    public void check(String method, String path, int status, JsonElement answer) {
        JsonObject operation = document.getAsJsonObject("paths").getAsJsonObject(path).getAsJsonObject(method.toLowerCase(Locale.ROOT));
        JsonObject response = operation.getAsJsonObject("responses").getAsJsonObject(Integer.toString(status));
        assertNotNull(response, method + " " + path + " is not said to answer " + status);
        JsonObject schema = resolved(response).getAsJsonObject("content").getAsJsonObject("application/json").getAsJsonObject("schema");
        List<String> problems = new ArrayList<>();
        check("", schema, answer, problems);
        assertEquals(List.of(), problems, method + " " + path + ": " + answer);
    }

    private JsonObject resolved(JsonObject object) {
        if (!object.has("$ref")) {
            return object;
        }
        JsonObject place = document;
        for (String part : object.get("$ref").getAsString().substring(2).split("/")) {
            place = place.getAsJsonObject(part);
        }
        return place;
    }

    private void check(String where, JsonObject given, JsonElement value, List<String> problems) {
        JsonObject schema = merged(given);
        String type = schema.has("type") ? schema.get("type").getAsString() : "";
        switch (type) {
            case "object" -> object(where, schema, value, problems);
            case "array" -> {
                if (value instanceof JsonArray array) {
                    array.forEach(item -> check(where + "[]", schema.getAsJsonObject("items"), item, problems));
                } else {
                    problems.add(where + " is no array");
                }
            }
            case "" -> { }
            default -> {
                boolean fits = value.isJsonPrimitive() && switch (type) {
                    case "string" -> value.getAsJsonPrimitive().isString();
                    case "boolean" -> value.getAsJsonPrimitive().isBoolean();
                    case "integer" -> value.getAsJsonPrimitive().isNumber() && value.getAsString().matches("-?[0-9]+");
                    default -> value.getAsJsonPrimitive().isNumber();
                };
                if (!fits) {
                    problems.add(where + " is no " + type);
                } else if (schema.get("enum") instanceof JsonArray known && !known.contains(value)) {
                    problems.add(where + " is none of " + known);
                }
            }
        }
    }

    private void object(String where, JsonObject schema, JsonElement value, List<String> problems) {
        if (!(value instanceof JsonObject object)) {
            problems.add(where + " is no object");
            return;
        }
        if (schema.get("required") instanceof JsonArray required) {
            required.forEach(key -> {
                if (!object.has(key.getAsString())) {
                    problems.add(where + "." + key.getAsString() + " is missing");
                }
            });
        }
        if (schema.get("properties") instanceof JsonObject properties) {
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                if (properties.get(entry.getKey()) instanceof JsonObject property) {
                    check(where + "." + entry.getKey(), property, entry.getValue(), problems);
                } else {
                    problems.add(where + "." + entry.getKey() + " is not described");
                }
            }
        }
    }

    /** Those of {@code allOf} as one. */
    private JsonObject merged(JsonObject given) {
        JsonObject schema = resolved(given);
        if (!(schema.get("allOf") instanceof JsonArray parts)) {
            return schema;
        }
        JsonObject all = new JsonObject();
        JsonArray required = new JsonArray();
        JsonObject properties = new JsonObject();
        parts.forEach(part -> {
            JsonObject one = merged(part.getAsJsonObject());
            required.addAll(one.getAsJsonArray("required"));
            one.getAsJsonObject("properties").entrySet().forEach(entry -> properties.add(entry.getKey(), entry.getValue()));
        });
        all.addProperty("type", "object");
        all.add("required", required);
        all.add("properties", properties);
        return all;
    }
}
