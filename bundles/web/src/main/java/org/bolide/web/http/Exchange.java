package org.bolide.web.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One request of the API and its answer. For one thread. */
public final class Exchange {

    /** The longest JSON document that is read, in bytes: a filter has room. */
    private static final int MAX_JSON_BYTES = 128 * 1024;

    private static final int PART_BYTES = 8192;
    /** Who sends a byte now and then would hold one of few threads. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Map<String, String> path;

    Exchange(HttpServletRequest request, HttpServletResponse response, Map<String, String> path) {
        this.request = request;
        this.response = response;
        this.path = path;
    }

    public HttpServletRequest request() {
        return request;
    }

    public HttpServletResponse response() {
        return response;
    }

    public Visitor visitor() {
        return Visitor.of(request);
    }

    /** What stands in the path for these braces. */
    public String path(String name) {
        return path.get(name);
    }

    /** The number that stands in the path for these braces. */
    public long number(String name) throws Refusal {
        String text = path(name);
        if (!text.matches("[0-9]{1,18}")) {
            throw new Refusal(404, "\"" + text + "\" is no number");
        }
        return Long.parseLong(text);
    }

    /** The value of a parameter of the query; the last one if there are several. */
    public Optional<String> parameter(String name) {
        List<String> all = parameters(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    /** All values of a parameter of the query that are not empty. */
    public List<String> parameters(String name) {
        String[] all = request.getParameterValues(name);
        return all == null ? List.of() : Arrays.stream(all).filter(text -> !text.isEmpty()).toList();
    }

    /** A parameter's value, read. */
    public <T> Optional<T> parameter(String name, String form, Function<String, T> read) throws Refusal {
        Optional<String> text = parameter(name);
        try {
            return text.map(read);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new Refusal(400, "parameter " + name + ": \"" + text.orElseThrow() + "\" is not " + form);
        }
    }

    /** A time as {@code 2026-11-22T10:00:00Z}. */
    public Optional<Instant> time(String name) throws Refusal {
        return parameter(name, "a time such as 2026-11-22T10:00:00Z", Instant::parse);
    }

    /** The request's body as it came. */
    public byte[] body(int maxBytes) throws IOException, Refusal {
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLong(maxBytes);
        }
        InputStream in = request.getInputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[PART_BYTES];
        long begunAt = System.nanoTime();
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            body.write(part, 0, length);
            if (body.size() > maxBytes) {
                throw tooLong(maxBytes);
            }
            if (System.nanoTime() - begunAt > PATIENCE_NANOS) {
                throw new Refusal(408, "what was to be sent did not come within 20 s");
            }
        }
        return body.toByteArray();
    }

    private static Refusal tooLong(int maxBytes) {
        return new Refusal(413, "what was sent is longer than " + maxBytes + " bytes");
    }

    /** The request's body, a JSON object. */
    public JsonObject json() throws IOException, Refusal {
        if (!isJson(request.getContentType())) {
            throw new Refusal(415, "this must be sent as " + Json.TYPE);
        }
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body(MAX_JSON_BYTES))).toString();
            if (JsonParser.parseString(text) instanceof JsonObject object) {
                return object;
            }
            throw new Refusal(400, "a JSON object is expected");
        } catch (JsonParseException | CharacterCodingException e) {
            throw new Refusal(400, "what was sent is not JSON: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new Refusal(400, "what was sent is not JSON of ours: too deep");
        }
    }

    private static boolean isJson(String type) {
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(Json.TYPE);
    }

    /** A text of a JSON object. */
    public static String text(JsonObject object, String key) throws Refusal {
        return optionalText(object, key).orElseThrow(() -> new Refusal(400, "\"" + key + "\" is missing"));
    }

    /** A text of a JSON object that may be missing or empty. */
    public static Optional<String> optionalText(JsonObject object, String key) throws Refusal {
        JsonElement value = object.get(key);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
            throw new Refusal(400, "\"" + key + "\" must be a text");
        }
        return Optional.of(value.getAsString()).filter(text -> !text.isEmpty());
    }

    /** Answers 200 and a document. */
    public void answer(JsonElement document) throws IOException {
        answer(200, document);
    }

    /** Answers a document. */
    public void answer(int status, JsonElement document) throws IOException {
        byte[] content = Json.text(document).getBytes(UTF_8);
        response.setStatus(status);
        response.setHeader("Content-Type", Json.TYPE);
        response.setHeader("Cache-Control", "no-store");
        if (content.length > Gzip.WORTH_BYTES && Gzip.isAccepted(request)) {
            content = Gzip.of(content);
            response.setHeader("Content-Encoding", "gzip");
        }
        response.addHeader("Vary", "Accept-Encoding");
        response.setContentLength(content.length);
        response.getOutputStream().write(content);
    }
}
