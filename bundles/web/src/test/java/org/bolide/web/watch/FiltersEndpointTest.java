package org.bolide.web.watch;

import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Filters;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.web.http.TestPage;
import org.bolide.web.http.TestPage.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class FiltersEndpointTest {

    private static final String FILTERS = "/api/v1/filters";
    private static final String[] BY_PROXY = {"X-Forwarded-For", "192.0.2.7"};

    @TempDir
    Path etc;

    private final MemoryBroker broker = new MemoryBroker();
    private final FilterLanguages languages = new FilterLanguages();
    private final List<Connections> connections = new ArrayList<>();
    private TrialDesk desk;
    private FilterBook book;
    private TestPage page;

    /** Passes what the test language passes. */
    private final class Engine implements Filters {

        @Override
        public List<FilterStatus> filters() {
            return List.of();
        }

        @Override
        public Trial test(String language, String text, Instant since, int maxMatches) throws FilterSyntaxException {
            var filter = languages.compile(language, text);
            List<BrokerEvent> passed = broker.events().stream().filter(filter::matches).toList();
            return new Trial(broker.events().size(), passed.size(), 0, filter.overran(), since.plus(Duration.ofSeconds(text.equals("late") ? 1 : 0)),
                    passed.stream().map(event -> new Match(event.sequence(), event.header().identifier(), event.receivedAt())).toList());
        }

        @Override
        public Optional<Explanation> explain(String language, String text, long sequence) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void open() throws Exception {
        languages.put("xpath", new TestLanguage());
        book = new FilterBook(broker, languages, new RemoteSubscriptions(etc, Set::of), Runnable::run, InstantSource.system(), 100);
        desk = new TrialDesk(() -> Optional.of(new Engine()), InstantSource.system(), 5_000);
        page = new TestPage().with("/filters", new FiltersEndpoint(book, languages, desk, broker, () -> connections)).start();
    }

    @AfterEach
    void close() {
        page.close();
        desk.close();
        broker.close();
    }

    private Answer post(String path, String json, String... headers) throws Exception {
        return page.post(FILTERS + path, "application/json", json.replace('\'', '"'), headers);
    }

    private Answer delete(String name, String... headers) throws Exception {
        HttpRequest.Builder request = page.request(FILTERS + "/" + name).DELETE();
        return page.send(headers.length == 0 ? request : request.headers(headers));
    }

    private JsonArray list(String... headers) throws Exception {
        HttpRequest.Builder request = page.request(FILTERS);
        return page.send(headers.length == 0 ? request : request.headers(headers)).json().getAsJsonObject().get("filters").getAsJsonArray();
    }

    @Test
    void shouldRegisterListAndDeleteAFilter() throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Answer answer = post("", "{'name': 'swift', 'language': 'xpath', 'text': 'Swift'}");
            assertEquals(201, answer.status(), answer.body());
            String key = answer.json().getAsJsonObject().get("key").getAsString();
            JsonObject listed = list().get(0).getAsJsonObject();
            assertEquals("swift", listed.get("name").getAsString());
            assertEquals("xpath", listed.get("language").getAsString());
            assertEquals("Swift", listed.get("text").getAsString());
            assertTrue(Instant.parse(listed.get("createdAt").getAsString()).isAfter(Instant.now().minusSeconds(60)));
            assertFalse(listed.has("fault") || listed.has("remote") || listed.has("key"), listed.toString());

            assertEquals(403, delete("swift").status());
            assertEquals("this is not the key of the filter \"swift\"", delete("swift", FiltersEndpoint.KEY_HEADER, "guessed").error());
            assertEquals(1, list().size());
            assertEquals(204, delete("swift", FiltersEndpoint.KEY_HEADER, key).status());
            assertEquals(0, list().size());
            assertEquals(404, delete("swift", FiltersEndpoint.KEY_HEADER, key).status());
            String text = log.text();
            assertTrue(text.contains("a visitor on this machine (the page): register the xpath filter \"swift\": done"), text);
            assertTrue(text.contains("a visitor on this machine (the page): delete the filter \"swift\": done"), text);
            assertTrue(text.contains("delete the filter \"swift\": failed: this is not the key"), text);
            assertFalse(text.contains(key), text);
        }
    }

    @Test
    void shouldLetAnAdminDoWithoutAKeyAndFromAnywhere() throws Exception {
        String[] admin = {"X-Forwarded-For", "192.0.2.7", "Cookie", page.cookie("ada", true)};
        String[] viewer = {"X-Forwarded-For", "192.0.2.7", "Cookie", page.cookie("vera", false)};
        String json = "{'name': 'swift', 'language': 'xpath', 'text': 'Swift'}";
        assertEquals(401, post("", json, BY_PROXY).status());
        assertEquals(403, post("", json, viewer).status());
        assertEquals(401, post("/check", json, BY_PROXY).status());
        assertEquals(401, post("/trial", json, BY_PROXY).status());
        assertEquals(201, post("", json, admin).status());
        assertEquals(1, list(BY_PROXY).size(), "whoever may watch it may see it");
        assertEquals(403, delete("swift", viewer).status());
        assertEquals(204, delete("swift", admin).status());
    }

    @Test
    void shouldSayWhereAFilterIsWrong() throws Exception {
        for (String path : List.of("", "/trial")) {
            Answer answer = post(path, "{'name': 'a', 'language': 'xpath', 'text': 'ab!'}");
            assertEquals(400, answer.status());
            assertEquals("{\"error\":\"! is not expected here\",\"offset\":2}", answer.body());
        }
        Answer answer = post("/check", "{'language': 'xpath', 'text': 'ab!'}");
        assertEquals(200, answer.status(), "it was asked whether it is right, and that was answered");
        assertEquals("{\"error\":\"! is not expected here\",\"offset\":2}", answer.body());
        assertEquals("{}", post("/check", "{'language': 'xpath', 'text': 'ab'}").body());
        assertTrue(post("/check", "{'language': 'sql', 'text': 'ab'}").error().contains("there is xpath"));
        assertEquals(400, post("/check", "{'language': 'xpath'}").status());
        assertEquals(201, post("", "{'name': 'a', 'text': 'a'}").status());
        assertEquals(409, post("", "{'name': 'a', 'text': 'b'}").status());
    }

    @Test
    void shouldTellHowOftenAFilterWouldHaveMatched() throws Exception {
        broker.append(SampleEvents.event("ivo://test.author/trial#1").description("late Swift").bytes());
        broker.append(SampleEvents.event("ivo://test.author/trial#2").description("Fermi").bytes());
        JsonObject trial = post("/trial", "{'language': 'xpath', 'text': 'Swift', 'days': 7}").json().getAsJsonObject();
        assertEquals(2, trial.get("events").getAsLong());
        assertEquals(1, trial.get("passed").getAsLong());
        assertEquals(0, trial.get("failed").getAsLong());
        assertFalse(trial.get("overran").getAsBoolean());
        assertTrue(trial.get("complete").getAsBoolean());
        assertTrue(Instant.parse(trial.get("since").getAsString()).isBefore(Instant.now().minus(Duration.ofDays(6))));
        assertEquals("ivo://test.author/trial#1", trial.get("newest").getAsJsonArray().get(0).getAsJsonObject().get("identifier").getAsString());
        assertEquals(1, trial.get("newest").getAsJsonArray().size());
        assertFalse(post("/trial", "{'language': 'xpath', 'text': 'late'}").json().getAsJsonObject().get("complete").getAsBoolean());
        assertTrue(post("/trial", "{'language': 'xpath', 'text': 'costly Swift'}").json().getAsJsonObject().get("overran").getAsBoolean());
        for (String days : List.of("0", "-1", "1.5", "'x'", "99999", "[]")) {
            assertEquals(400, post("/trial", "{'text': 'a', 'days': " + days + "}").status(), days);
        }
    }

    @Test
    void shouldSubscribeToARemoteBrokerAndTellHowThatDoes() throws Exception {
        assertEquals(400, post("", "{'name': 'far', 'text': 'a', 'remote': 'not a broker'}").status());
        assertEquals(201, post("", "{'name': 'far', 'text': 'a', 'remote': 'voevent.example.org:8098'}").status());
        assertTrue(Files.exists(etc.resolve("org.bolide.transport.subscription~page-voevent.example.org-8098.cfg.json")));
        assertEquals("{\"connected\":false}", list().get(0).getAsJsonObject().get("remoteState").toString());
        connections.add(new Remote("voevent.example.org:8098"));
        JsonObject far = list().get(0).getAsJsonObject();
        assertEquals("voevent.example.org:8098", far.get("remote").getAsString());
        assertEquals("{\"connected\":true,\"since\":\"1970-01-01T00:00:00Z\",\"lastFailure\":\"it was refused\"}", far.get("remoteState").toString());
        assertFalse(list(BY_PROXY).get(0).getAsJsonObject().has("remoteState"), "remote brokers are not for everybody");
    }

    private record Remote(String address) implements Connections {

        @Override
        public Endpoint endpoint() {
            return new Endpoint("subscription.x", Role.REMOTE_BROKER, address, "ivo://x/y");
        }

        @Override
        public List<Connection> connections() {
            return List.of(new Connection(Role.REMOTE_BROKER, "subscription.x", "192.0.2.1:8098", Optional.empty(), true, Instant.EPOCH, Optional.empty(),
                    0, 0, 0, Optional.empty(), Optional.of(new Uplink(2, Optional.of("it was refused"), Optional.empty()))));
        }

        @Override
        public List<Departure> departures() {
            return List.of();
        }

        @Override
        public int close(String peer, String reason) {
            return 0;
        }
    }
}
