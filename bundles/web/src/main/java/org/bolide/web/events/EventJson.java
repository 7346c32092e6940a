package org.bolide.web.events;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventSummary;
import org.bolide.api.SkyPosition;
import org.bolide.web.http.Json;

/** An event as the API tells everybody of it, without its content; who brought it is not for everybody: it may be an author's address. */
public final class EventJson {

    private static final Set<String> FRAMES = Set.of("ICRS", "FK5");

    private EventJson() {}

    /** An event of a list. */
    public static JsonObject of(EventSummary event) {
        return of(event.sequence(), event.header(), event.receivedAt(), event.bytes(), OptionalLong.of(event.cited()));
    }

    /** An event in memory; how often it is cited is not known there. */
    public static JsonObject of(BrokerEvent event) {
        return of(event.sequence(), event.header(), event.receivedAt(), event.content().remaining(), OptionalLong.empty());
    }

    private static JsonObject of(long sequence, EventHeader header, Instant receivedAt, int bytes, OptionalLong cited) {
        JsonObject json = new JsonObject();
        json.addProperty("sequence", sequence);
        Json.put(json, "identifier", header.identifier());
        json.addProperty("stream", header.stream());
        Json.put(json, "role", header.role());
        Json.put(json, "author", header.author());
        Json.putTime(json, "authoredAt", header.authoredAt());
        Json.putTime(json, "observedAt", header.observedAt());
        json.addProperty("receivedAt", receivedAt.toString());
        json.addProperty("bytes", bytes);
        cited.ifPresent(count -> json.addProperty("cited", count));
        header.position().filter(EventJson::isOnSky).ifPresent(position -> json.add("position", position(position)));
        if (!header.citations().isEmpty()) {
            JsonArray citations = new JsonArray();
            header.citations().forEach(citation -> citations.add(citation(citation)));
            json.add("citations", citations);
        }
        return json;
    }

    /** JSON has no word for what is not a number. */
    private static boolean isOnSky(SkyPosition position) {
        return Double.isFinite(position.longitude()) && Double.isFinite(position.latitude());
    }

    /** A position in degrees. */
    public static JsonObject position(SkyPosition position) {
        JsonObject json = new JsonObject();
        json.addProperty("longitude", position.longitude());
        json.addProperty("latitude", position.latitude());
        position.errorRadius().ifPresent(radius -> {
            if (Double.isFinite(radius)) {
                json.addProperty("errorRadius", radius);
            }
        });
        json.addProperty("frame", position.frame());
        json.addProperty("equatorial", isEquatorial(position.frame()));
        return json;
    }

    /** Whether the numbers are right ascension and declination, as those of most events are, ICRS or nowhere further from it than it matters here. */
    private static boolean isEquatorial(String frame) {
        return frame.isBlank() || Stream.of(frame.toUpperCase(Locale.ROOT).split("[^A-Z0-9_]+")).anyMatch(FRAMES::contains);
    }

    static JsonObject citation(Citation citation) {
        JsonObject json = new JsonObject();
        json.addProperty("identifier", citation.identifier());
        json.addProperty("relation", citation.relation());
        return json;
    }
}
