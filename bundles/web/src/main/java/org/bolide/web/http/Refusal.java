package org.bolide.web.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** A request is not done as asked. The message is for people: what is wrong, and what to do. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final transient JsonObject answer = new JsonObject();

    /** @param status of HTTP */
    public Refusal(int status, String message) {
        super(message);
        this.status = status;
        answer.addProperty("error", message);
    }

    /** The same, with more to tell in the answer. */
    public Refusal with(String key, JsonElement value) {
        answer.add(key, value);
        return this;
    }

    int status() {
        return status;
    }

    JsonObject answer() {
        return answer;
    }
}
