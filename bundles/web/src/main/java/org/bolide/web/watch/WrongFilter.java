package org.bolide.web.watch;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.bolide.api.FilterSyntaxException;
import org.bolide.web.http.Refusal;

/** How a mistake in a filter is told: with its place, where that is known. */
final class WrongFilter {

    private WrongFilter() {}

    /** As an answer to who asked whether it is right. */
    static JsonObject json(FilterSyntaxException mistake) {
        JsonObject json = new JsonObject();
        json.addProperty("error", mistake.getMessage());
        if (mistake.offset() >= 0) {
            json.addProperty("offset", mistake.offset());
        }
        return json;
    }

    static Refusal of(FilterSyntaxException mistake) {
        Refusal refusal = new Refusal(400, mistake.getMessage());
        return mistake.offset() < 0 ? refusal : refusal.with("offset", new JsonPrimitive(mistake.offset()));
    }
}
