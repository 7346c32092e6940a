package org.bolide.web.watch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.web.events.EventJson;
import org.bolide.web.http.Json;

/**
 * One update for a browser: the events that pass its filters, as server-sent events have it (HTML Living Standard, section 9.2). The
 * {@code id} is the place up to which all was looked at; the browser names it when it comes back.
 */
final class Alerts {

    private static final byte[] BEGIN = bytes("event: alerts\ndata: {\"events\":[");

    private final ByteArrayOutputStream text = new ByteArrayOutputStream(4096);
    private int events;

    /** An event's JSON without the last brace; made once for all who watch. */
    private record EventText(byte[] open) {

        static EventText of(BrokerEvent event) {
            String json = Json.text(EventJson.of(event));
            return new EventText(bytes(json.substring(0, json.length() - 1)));
        }
    }

    /** @param filters the names of those that it passes */
    void add(BrokerEvent event, List<String> filters) {
        text.writeBytes(events == 0 ? BEGIN : bytes(","));
        text.writeBytes(event.derived(EventText.class, EventText::of).open());
        text.writeBytes(bytes(",\"filters\":["));
        for (int i = 0; i < filters.size(); i++) {
            text.writeBytes(bytes((i == 0 ? "\"" : ",\"") + filters.get(i) + '"'));
        }
        text.writeBytes(bytes("]}"));
        events++;
    }

    int size() {
        return text.size();
    }

    /**
     * The update.
     *
     * @param missed how many events expired before they could be looked at
     * @return empty if there is nothing to tell
     */
    byte[] upTo(long place, long missed) {
        if (events == 0 && missed == 0) {
            return new byte[0];
        }
        if (events == 0) {
            text.writeBytes(BEGIN);
        }
        text.writeBytes(bytes("],\"place\":" + place + (missed > 0 ? ",\"missed\":" + missed : "") + "}\nid: " + place + "\n\n"));
        return text.toByteArray();
    }

    /** How a stream begins: where, and after how long the browser is to come back when the connection is lost. */
    static byte[] beginning(long place, long retryMillis) {
        return bytes("retry: " + retryMillis + "\nid: " + place + "\n\n");
    }

    /** Nothing new: keeps the connection alive, and tells the browser a newer place to come back with. */
    static byte[] nothing(long place) {
        return bytes(": alive\nid: " + place + "\n\n");
    }

    /** A filter is watched no longer. */
    static byte[] lost(String name, String why, long place) {
        JsonObject lost = new JsonObject();
        lost.addProperty("name", name);
        lost.addProperty("fault", why);
        return bytes("event: filter\nid: " + place + "\ndata: " + Json.text(lost) + "\n\n");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
