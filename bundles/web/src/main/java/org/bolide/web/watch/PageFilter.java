package org.bolide.web.watch;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import org.bolide.web.http.Json;

/**
 * A filter as somebody registered it on the page. Immutable.
 *
 * @param name by which it is watched and shared
 * @param language see {@link org.bolide.api.FilterLanguage#LANGUAGE}
 * @param remote the remote broker whose events it is for, in addition to those that come anyway
 * @param keyDigest what the key for its deletion is checked by
 * @param takenAway why it is not used any more
 */
record PageFilter(
        String name, String language, String text, Optional<RemoteBroker> remote, Instant createdAt, String keyDigest,
        Optional<String> takenAway) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    PageFilter takenAway(String why) {
        return new PageFilter(name, language, text, remote, createdAt, keyDigest, Optional.of(why));
    }

    /** How it is kept. */
    String kept() {
        JsonObject kept = new JsonObject();
        kept.addProperty("language", language);
        kept.addProperty("text", text);
        Json.put(kept, "remote", remote.map(RemoteBroker::toString));
        kept.addProperty("createdAt", createdAt.toString());
        kept.addProperty("keyDigest", keyDigest);
        Json.put(kept, "takenAway", takenAway);
        return Json.text(kept);
    }

    /**
     * Reads what was kept.
     *
     * @throws IllegalArgumentException if this is not what {@link #kept} wrote
     */
    static PageFilter read(String name, String kept) {
        try {
            JsonObject json = JsonParser.parseString(kept).getAsJsonObject();
            return new PageFilter(name, json.get("language").getAsString(), json.get("text").getAsString(),
                    text(json, "remote").map(RemoteBroker::parse), Instant.parse(json.get("createdAt").getAsString()),
                    json.get("keyDigest").getAsString(), text(json, "takenAway"));
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException | NullPointerException | DateTimeException e) {
            throw new IllegalArgumentException("what is kept of the page's filter \"" + name + "\" cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<String> text(JsonObject json, String key) {
        return Optional.ofNullable(json.get(key)).map(value -> value.getAsString());
    }
}
