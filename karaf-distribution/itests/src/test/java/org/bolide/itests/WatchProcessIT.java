package org.bolide.itests;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Filters of the page on the product: registered, tried, watched over a crash, for a remote broker, deleted. */
class WatchProcessIT {

    private static final String BRIGHT = "//Param[@name='magnitude' and @value<15]";
    private static final Duration SECONDS = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private Broker broker;
    private int page;

    @BeforeEach
    void prepare() throws IOException {
        broker = new Broker(directory.resolve("watched"));
        page = Product.freePort();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void start() {
        broker.startBoth("--web", "--web-port=" + page);
        await("the page").atMost(SECONDS).ignoreExceptions().until(() -> send(request("filters")).statusCode() == 200);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + page + "/api/v1/" + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonObject post(String path, int status, String... namesAndValues) throws IOException, InterruptedException {
        JsonObject asked = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            asked.addProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        HttpResponse<String> answer = send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(asked.toString())));
        assertEquals(status, answer.statusCode(), answer.body());
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    private int delete(String name, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("filters/" + name).DELETE();
        return send(headers.length == 0 ? request : request.headers(headers)).statusCode();
    }

    private JsonObject filter() throws IOException, InterruptedException {
        return JsonParser.parseString(send(request("filters")).body()).getAsJsonObject().get("filters").getAsJsonArray().get(0).getAsJsonObject();
    }

    private static byte[] magnitude(int number, int value) {
        return SampleEvents.event("ivo://test.author/watch#" + number).param("magnitude", "" + value).bytes();
    }

    private void submit(int number, int value) throws IOException {
        String answer = RelayProcessIT.submit(broker.receivePort, magnitude(number, value));
        assertTrue(answer.contains("role=\"ack\""), answer);
    }

    private static List<String> identifiers(JsonObject alerts) {
        List<String> all = new ArrayList<>();
        for (JsonElement event : alerts.get("events").getAsJsonArray()) {
            all.add(event.getAsJsonObject().get("identifier").getAsString().replace("ivo://test.author/watch", ""));
        }
        return all;
    }

    @Test
    void shouldRegisterTryWatchAndDeleteAFilter() throws Exception {
        start();
        JsonObject wrong = post("filters", 400, "name", "bright", "language", "xpath", "text", "//Param[@name=");
        assertEquals(14, wrong.get("offset").getAsInt(), wrong.toString());
        assertTrue(post("filters/check", 200, "language", "xquery", "text", "doc('file:///etc/passwd')").get("error").getAsString().contains("doc()"));

        submit(1, 14);
        submit(2, 16);
        JsonObject trial = post("filters/trial", 200, "language", "xpath", "text", BRIGHT);
        assertEquals(2, trial.get("events").getAsLong(), trial.toString());
        assertEquals(1, trial.get("passed").getAsLong());
        assertTrue(trial.get("complete").getAsBoolean());
        assertEquals("ivo://test.author/watch#1", trial.get("newest").getAsJsonArray().get(0).getAsJsonObject().get("identifier").getAsString());

        String key = post("filters", 201, "name", "bright", "language", "xpath", "text", BRIGHT).get("key").getAsString();
        try (AlertStream alerts = AlertStream.open(page, "?filter=bright", "")) {
            List<Double> seconds = new ArrayList<>();
            for (int number = 3; number < 8; number++) {
                long before = System.nanoTime();
                submit(number, 14);
                assertEquals(List.of("#" + number), identifiers(alerts.take()));
                seconds.add((System.nanoTime() - before) / 1e9);
            }
            System.out.println("in the browser so many seconds after their submission began: " + seconds);
            assertTrue(seconds.stream().sorted().toList().get(2) < 1, "as a rule within a second: " + seconds);

            assertEquals(403, delete("bright"));
            assertEquals(403, delete("bright", "Bolide-Filter-Key", "guessed"));
            assertEquals(204, delete("bright", "Bolide-Filter-Key", key));
            assertEquals("bright", alerts.take().get("name").getAsString());
        }
        assertEquals(2, broker.log("audit.*the filter \"bright\": failed").size());
        assertEquals(1, broker.log("audit.*delete the filter \"bright\": done").size());
        assertEquals(1, broker.log("audit.*register the xpath filter \"bright\": done").size());
    }

    @Test
    void shouldGoOnAfterACrashWithoutGapAndRepetition() throws Exception {
        start();
        post("filters", 201, "name", "bright", "language", "xpath", "text", BRIGHT);
        String place;
        try (AlertStream alerts = AlertStream.open(page, "?filter=bright", "")) {
            submit(1, 14);
            assertEquals(List.of("#1"), identifiers(alerts.take()));
            place = alerts.place();
        }
        submit(2, 14);
        submit(3, 16);
        broker.kill();
        start();
        submit(4, 14);
        try (AlertStream alerts = AlertStream.open(page, "?filter=bright", place)) {
            List<String> seen = new ArrayList<>();
            while (seen.size() < 2) {
                seen.addAll(identifiers(alerts.take()));
            }
            submit(5, 14);
            seen.addAll(identifiers(alerts.take()));
            assertEquals(List.of("#2", "#4", "#5"), seen);
        }
    }

    @Test
    void shouldListenToARemoteBrokerAsLongAsAFilterNamesIt() throws Exception {
        start();
        try (Broker remote = new Broker(directory.resolve("remote")).startBoth()) {
            String address = "localhost:" + remote.broadcastPort;
            Path file = broker.base.resolve("etc/org.bolide.transport.subscription~page-localhost-" + remote.broadcastPort + ".cfg.json");
            String key = post("filters", 201, "name", "far", "language", "xpath", "text", BRIGHT, "remote", address).get("key").getAsString();
            assertTrue(Files.exists(file));
            assertEquals(address, filter().get("remote").getAsString());
            await("the connection").atMost(SECONDS).until(() -> filter().get("remoteState").getAsJsonObject().get("connected").getAsBoolean());
            remote.awaitLog("asks for what passes");
            try (AlertStream alerts = AlertStream.open(page, "?filter=far", "")) {
                for (int i : IntStream.rangeClosed(1, 2).toArray()) {
                    RelayProcessIT.submit(remote.receivePort, magnitude(i, i == 1 ? 16 : 14));
                }
                assertEquals(List.of("#2"), identifiers(alerts.take()));
            }
            remote.kill();
            await("the connection is lost").atMost(SECONDS).until(() -> !filter().get("remoteState").getAsJsonObject().get("connected").getAsBoolean());
            await("and why").atMost(SECONDS).until(() -> filter().get("remoteState").getAsJsonObject().has("lastFailure"));
            assertEquals(204, delete("far", "Bolide-Filter-Key", key));
            assertFalse(Files.exists(file));
            broker.awaitLog("subscription.page-localhost-.*closed");
        }
    }
}
