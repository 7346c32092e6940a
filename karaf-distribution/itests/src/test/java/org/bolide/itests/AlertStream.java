package org.bolide.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/** Server-sent events of the page as a browser reads them, one connection; the place with which it would come back is known. */
final class AlertStream implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final int PATIENCE_SECONDS = 30;

    private final LinkedBlockingQueue<JsonObject> told = new LinkedBlockingQueue<>();
    private final Stream<String> lines;
    private volatile String place = "";

    /** Watches; {@code place} is empty for what comes from now on. */
    static AlertStream open(int port, String query, String place) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/watch" + query));
        HttpResponse<Stream<String>> answer = CLIENT.send((place.isEmpty() ? request : request.header("Last-Event-ID", place)).build(),
                HttpResponse.BodyHandlers.ofLines());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body().toList());
        }
        return new AlertStream(answer.body());
    }

    private AlertStream(Stream<String> lines) {
        this.lines = lines;
        Thread reader = new Thread(this::read, "alert-stream");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        String id = "";
        String data = "";
        try {
            for (Iterator<String> each = lines.iterator(); each.hasNext();) {
                String line = each.next();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty()) {
                    place = id;
                    if (!data.isEmpty()) {
                        told.add(JsonParser.parseString(data).getAsJsonObject());
                    }
                    data = "";
                }
            }
        } catch (RuntimeException e) {
            System.out.println("the stream of alerts ended: " + e);
        }
    }

    /** The next thing that is told. */
    JsonObject take() throws InterruptedException {
        JsonObject next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was told in " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    String place() {
        return place;
    }

    @Override
    public void close() {
        lines.close();
    }
}
