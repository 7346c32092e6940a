package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The page's API on the product: who may what, events, users and their acts, files; and its configuration while the broker runs. */
class WebProcessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SHOWN = "page at http://127\\.0\\.0\\.1:(\\d+)/";
    private static final String PASSWORD = "correct horse";
    private static final String SWIFT = "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_700101-352";
    private static final String CITING = "ivo://survey.example/catot#1203180100094126017";
    private static final String[] FROM_AFAR = {"X-Forwarded-For", "192.0.2.7"};
    private static final String JSON = "application/json";

    @TempDir
    static Path directory;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Broker broker;
    private static int page;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(directory.resolve("shown")).startBoth("--web", "--web-port=0", "--save-event");
        page = port(broker.awaitLog(SHOWN));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static int port(String line) {
        Matcher shown = Pattern.compile(SHOWN).matcher(line);
        assertTrue(shown.find(), line);
        return Integer.parseInt(shown.group(1));
    }

    private static HttpRequest.Builder request(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return CLIENT.send(request(page, path, headers).build(), BodyHandlers.ofByteArray());
    }

    private static HttpResponse<String> post(String path, String type, byte[] body, String... headers) throws IOException, InterruptedException {
        return CLIENT.send(request(page, "/api/v1/" + path, headers).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, JsonObject asked, String... headers) throws IOException, InterruptedException {
        return post(path, JSON, asked.toString().getBytes(StandardCharsets.UTF_8), headers);
    }

    private static JsonElement json(String path, String... headers) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = get("/api/v1/" + path, headers);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertEquals(200, answer.statusCode(), () -> path + ": " + text);
        assertTrue(answer.headers().firstValue("Content-Type").orElse("").startsWith(JSON), path);
        return JsonParser.parseString(text);
    }

    private static JsonObject object(HttpResponse<String> answer, int status) {
        assertEquals(status, answer.statusCode(), answer.body());
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }

    private static List<String> texts(JsonElement objects, String key) {
        return StreamSupport.stream(objects.getAsJsonArray().spliterator(), false).map(each -> each.getAsJsonObject().get(key).getAsString()).toList();
    }

    private static JsonObject with(JsonElement objects, String key, String text) {
        return StreamSupport.stream(objects.getAsJsonArray().spliterator(), false).map(JsonElement::getAsJsonObject)
                .filter(each -> each.get(key).getAsString().equals(text)).findFirst().orElseThrow(() -> new AssertionError(text + " in " + objects));
    }

    private static Product.Result bolide(String input, String... words) throws IOException, InterruptedException {
        String[] line = new String[words.length + 1];
        line[0] = "--base=" + broker.base;
        System.arraycopy(words, 0, line, 1, words.length);
        return Product.run(directory, new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), "bolide", line);
    }

    @Test
    void shouldShowEventsWithCitationsBothWaysAndWhoHasTakenThem() throws Exception {
        String taker;
        try (VtpPeer subscriber = VtpPeer.subscribe(broker.broadcastPort)) {
            taker = "127.0.0.1:" + subscriber.localPort();
            for (byte[] event : List.of(SampleEvents.swift(), SampleEvents.citing())) {
                assertTrue(RelayProcessIT.submit(broker.receivePort, event).contains("role=\"ack\""));
                assertArrayEquals(event, subscriber.takeEvent());
            }
            JsonObject list = json("events?role=observation").getAsJsonObject();
            List<String> shown = texts(list.get("events"), "identifier");
            assertTrue(shown.indexOf(CITING) >= 0 && shown.indexOf(CITING) < shown.indexOf(SWIFT), "newest first: " + list);
            JsonObject cited = with(list.get("events"), "identifier", SWIFT);
            JsonObject citing = with(list.get("events"), "identifier", CITING);
            assertEquals(1, cited.get("cited").getAsInt());
            assertEquals(SampleEvents.swift().length, cited.get("bytes").getAsInt());
            assertEquals(104.2718, cited.get("position").getAsJsonObject().get("longitude").getAsDouble(), 1e-4);

            String path = "events/" + cited.get("sequence").getAsLong();
            assertEquals(List.of(CITING), texts(json(path).getAsJsonObject().get("citedBy"), "identifier"));
            JsonArray cites = json("events/" + citing.get("sequence").getAsLong()).getAsJsonObject().get("cites").getAsJsonArray();
            JsonObject citation = with(cites, "identifier", SWIFT);
            assertEquals("followup", citation.get("relation").getAsString());
            assertEquals(cited.get("sequence"), citation.get("sequence"));
            await("the acknowledgement").atMost(PATIENCE).untilAsserted(() -> {
                JsonElement deliveries = json(path).getAsJsonObject().get("deliveries");
                assertEquals("acknowledged", delivery(deliveries, taker).get("answer").getAsString(), deliveries.toString());
                assertTrue(delivery(deliveries, taker).has("answeredAt"), deliveries.toString());
            });
            assertTrue(json(path).getAsJsonObject().has("source"), "who looks may know who brought it");
            JsonObject afar = json(path, FROM_AFAR).getAsJsonObject();
            assertFalse(afar.has("deliveries") || afar.has("source"), "they name subscribers and authors: " + afar);

            HttpResponse<byte[]> content = get("/api/v1/" + path + "/content");
            assertArrayEquals(SampleEvents.swift(), content.body());
            assertEquals("application/xml", content.headers().firstValue("Content-Type").orElse(""));
            assertEquals(List.of(SWIFT), texts(json("events?identifier=" + URLEncoder.encode(SWIFT, StandardCharsets.UTF_8)).getAsJsonObject().get("events"),
                    "identifier"));
            assertEquals(404, get("/api/v1/events/999999").statusCode());
            assertEquals(400, get("/api/v1/events?rolle=test").statusCode());
        }
    }

    private static JsonObject delivery(JsonElement deliveries, String receiver) {
        return StreamSupport.stream(deliveries.getAsJsonArray().spliterator(), false).map(JsonElement::getAsJsonObject)
                .filter(each -> each.get("receiver").getAsString().contains(receiver)).findFirst()
                .orElseThrow(() -> new AssertionError(receiver + " in " + deliveries));
    }

    @Test
    void shouldLetStrangersReadAndNoMore() throws Exception {
        JsonObject session = json("session").getAsJsonObject();
        assertTrue(session.get("local").getAsBoolean() && session.get("mayLook").getAsBoolean() && !session.get("mayChange").getAsBoolean(),
                session.toString());
        for (String shown : List.of("status", "clients", "remotes", "handlers", "refusals", "streams", "dead-letters", "rules")) {
            json(shown);
        }
        assertTrue(json("openapi.json").getAsJsonObject().get("paths").getAsJsonObject().has("/events"));

        JsonObject stranger = json("session", FROM_AFAR).getAsJsonObject();
        assertTrue(!stranger.get("local").getAsBoolean() && !stranger.get("mayLook").getAsBoolean(), stranger.toString());
        json("events", FROM_AFAR);
        assertEquals(401, get("/api/v1/clients", FROM_AFAR).statusCode());
        JsonObject filter = JsonParser.parseString("{\"name\": \"mine\", \"language\": \"xpath\", \"text\": \"true()\"}").getAsJsonObject();
        object(post("filters", filter, FROM_AFAR), 401);
        assertEquals(0, json("filters").getAsJsonObject().get("filters").getAsJsonArray().size());

        assertEquals(403, post("filters", filter, "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(403, post("filters", filter, "Origin", "http://evil.example").statusCode());
        assertEquals(415, post("filters", "text/plain", filter.toString().getBytes(StandardCharsets.UTF_8)).statusCode());
        assertEquals(401, post("commands", words("test-event")).statusCode(), "not without a login, on this machine neither");
        assertEquals(401, post("events", "application/xml", SampleEvents.test()).statusCode());
        assertEquals("HTTP/1.1 421", statusFor("evil.example"));
        assertEquals("HTTP/1.1 200", statusFor("localhost:" + page));
    }

    /** The beginning of the answer to who asks by that name; Java's client says its own. */
    private static String statusFor(String host) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write(("GET /api/v1/session HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).substring(0, "HTTP/1.1 200".length());
        }
    }

    private static JsonObject words(String... words) {
        JsonArray all = new JsonArray();
        List.of(words).forEach(all::add);
        JsonObject asked = new JsonObject();
        asked.add("words", all);
        return asked;
    }

    private static JsonObject credentials(String user, String password) {
        JsonObject asked = new JsonObject();
        asked.addProperty("user", user);
        asked.addProperty("password", password);
        return asked;
    }

    private static String[] login(String user, String role) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("session", credentials(user, PASSWORD));
        assertEquals(role, object(answer, 200).get("role").getAsString());
        String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), cookie);
        return new String[] {"Cookie", cookie.substring(0, cookie.indexOf(';'))};
    }

    @Test
    void shouldLetUsersInAsFarAsTheirRolesGo() throws Exception {
        assertEquals(0, bolide(PASSWORD + "\n", "user", "add", "--role=admin", "anna").exit());
        assertEquals(0, bolide(PASSWORD + "\n", "user", "add", "carl").exit());
        object(post("session", credentials("anna", "wrong horse")), 401);
        object(post("session", credentials("nobody", PASSWORD)), 401);

        String[] carl = login("carl", "viewer");
        String[] afar = {carl[0], carl[1], FROM_AFAR[0], FROM_AFAR[1]};
        json("clients", afar);
        object(post("commands", words("handlers", "pause", "save-event"), carl), 403);

        String[] anna = login("anna", "admin");
        JsonObject paused = object(post("commands", words("handlers", "pause", "save-event"), anna), 200);
        assertEquals(0, paused.get("status").getAsInt(), paused.toString());
        await("the pause").atMost(PATIENCE).until(() -> with(json("handlers"), "handler", "save-event").get("state").getAsString().equals("paused"));
        assertEquals(0, object(post("commands", words("handlers", "resume", "save-event"), anna), 200).get("status").getAsInt());
        object(post("commands", words("user", "list"), anna), 400);
        checkSubmission(anna);

        assertEquals(200, CLIENT.send(request(page, "/api/v1/session", anna).DELETE().build(), BodyHandlers.ofString()).statusCode());
        object(post("commands", words("test-event"), anna), 401);
        String log = Files.readString(broker.base.resolve("log/bolide.log"));
        for (String line : List.of("a visitor|anna \\(the page, from 127.0.0.1\\): log in: failed: wrong name or password", "carl \\(the page, .*: log in: done",
                "anna \\(the page\\): handlers pause save-event: ", "anna \\(the page\\): submit: accepted ivo://test.author/web#1", "anna \\(the page\\): submit: refused",
                "anna \\(the page\\): log out: done")) {
            assertTrue(Pattern.compile("audit.*(" + line + ")").matcher(log).find(), line + " in\n" + log);
        }
        assertFalse(log.contains(PASSWORD) || log.contains("wrong horse"));
    }

    private void checkSubmission(String[] anna) throws Exception {
        byte[] event = SampleEvents.event("ivo://test.author/web#1").bytes();
        JsonObject receipt = object(post("events", "application/xml", event, anna), 201);
        assertEquals("ivo://test.author/web#1", receipt.get("identifier").getAsString());
        assertArrayEquals(event, get("/api/v1/events/" + receipt.get("sequence").getAsLong() + "/content").body());
        assertEquals("duplicate", object(post("events", "application/xml", event, anna), 200).get("status").getAsString());
        JsonObject refused = object(post("events", "application/xml", "<VOEvent".getBytes(StandardCharsets.UTF_8), anna), 422);
        assertFalse(refused.get("error").getAsString().isEmpty());
        assertTrue(json("refusals").toString().contains("the page, by anna"), "who sent it");
    }

    @Test
    void shouldServeThePage() throws Exception {
        HttpResponse<byte[]> plain = get("/");
        assertEquals(200, plain.statusCode());
        assertEquals("text/html;charset=utf-8", plain.headers().firstValue("Content-Type").orElse("").replace("; ", ";").toLowerCase());
        assertTrue(plain.headers().firstValue("Content-Security-Policy").orElse("").contains("default-src 'self'"));
        String html = new String(plain.body(), StandardCharsets.UTF_8);
        Matcher named = Pattern.compile("(?:src|href)=\"/?([a-z][^\":]*)\"").matcher(html);
        assertTrue(named.find(), html);
        for (boolean more = true; more; more = named.find()) {
            assertEquals(200, get("/" + named.group(1)).statusCode(), named.group(1));
        }

        HttpResponse<byte[]> zipped = get("/page.css", "Accept-Encoding", "gzip");
        assertEquals("gzip", zipped.headers().firstValue("Content-Encoding").orElse(""));
        assertArrayEquals(get("/page.css").body(), new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes());
        String tag = zipped.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> same = get("/page.css", "Accept-Encoding", "gzip", "If-None-Match", tag);
        assertEquals(304, same.statusCode());
        assertEquals(0, same.body().length);
        assertEquals(404, get("/nothing.js").statusCode());
    }

    @Test
    void shouldFollowItsFileWhileTheBrokerRuns() throws Exception {
        try (Broker edited = new Broker(directory.resolve("edited")).startBoth()) {
            edited.awaitLog("Bolide runs");
            assertEquals(List.of(), edited.log(SHOWN));
            Path file = edited.base.resolve("etc/org.bolide.web.cfg");
            Files.writeString(file, "port = 0\n");
            int first = port(edited.awaitLog(SHOWN));
            assertEquals(200, status(first));

            int other = Product.freePort();
            Files.writeString(file, "port = " + other + "\n");
            edited.awaitLog("page at http://127\\.0\\.0\\.1:" + other + "/");
            assertEquals(200, status(other));
            assertClosed(first);

            Files.delete(file);
            assertClosed(other);
            Files.writeString(file, "port = 0\nhosts = page.example\n");
            await("the page again").atMost(PATIENCE).until(() -> edited.log(SHOWN).size() == 3);
            assertEquals(200, status(port(edited.log(SHOWN).get(2))));
            assertEquals(List.of(), edited.log(" (WARN|ERROR) "), () -> String.join("\n", edited.log("")));
        }
    }

    private static int status(int port) throws IOException, InterruptedException {
        return CLIENT.send(request(port, "/api/v1/session").build(), BodyHandlers.discarding()).statusCode();
    }

    private static void assertClosed(int port) {
        await("port " + port + " is closed").atMost(PATIENCE).untilAsserted(() ->
                assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close()));
    }

    @Test
    void shouldNameThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Product.Result result = Product.run(directory, "bolide", "--base=" + directory.resolve("taken/base"), "--local-ivo=" + Broker.IVOID,
                    "--receive", "--receive-port=" + Product.freePort(), "--web", "--web-port=" + taken.getLocalPort());
            assertEquals(1, result.exit(), result.toString());
            for (String word : List.of("cannot listen on port " + taken.getLocalPort(), "--web-port", "in use")) {
                assertTrue(result.err().contains(word), word + " in\n" + result.err());
            }
        }
    }
}
