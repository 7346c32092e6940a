package org.bolide.web.events;

import java.net.URLEncoder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;

import javax.xml.namespace.QName;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.bolide.api.management.Deliveries;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.web.Described;
import org.bolide.web.http.TestPage;
import org.bolide.web.http.TestPage.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EventsEndpointTest {

    private static final String XML = "application/xml";
    private static final Instant SENT = Instant.parse("2026-11-22T10:00:00Z");

    private final MemoryBroker broker = new MemoryBroker();
    private TestPage page;

    private static final class Sent implements Deliveries {

        @Override
        public List<Delivery> of(long sequence) {
            return sequence != 1 ? List.of() : List.of(new Delivery("broadcaster.public", "dc3", SENT, Answer.ACKNOWLEDGED, Optional.of(SENT.plusMillis(5))));
        }

        @Override
        public Instant since() {
            return SENT.minusSeconds(60);
        }
    }

    @BeforeEach
    void open() throws Exception {
        page = new TestPage().with("/events", new EventsEndpoint(broker, broker, List.of(new Sent()))).start();
        broker.append(header("ivo://org.example/Swift#BAT-1", Optional.of(new SkyPosition(104.27, 41.31, OptionalDouble.of(0.05), "UTC-FK5-GEO"))),
                SampleEvents.swift());
        broker.append(header("ivo://org.example/Fermi#GBM-1", Optional.of(new SkyPosition(200, -80, OptionalDouble.empty(), "UTC-GALACTIC-TOPO"))),
                SampleEvents.fermi());
        broker.append(header("ivo://org.example/citing#1", Optional.empty(), new Citation("ivo://org.example/cited#1", "followup"), new Citation("", "")),
                SampleEvents.citing());
    }

    /** The memory's broker reads no more than the root element. */
    private static EventHeader header(String identifier, Optional<SkyPosition> position, Citation... citations) {
        return new EventHeader(new QName("VOEvent"), Optional.of(identifier), Optional.of("observation"), Optional.empty(), Optional.of(SENT),
                Optional.empty(), position, List.of(citations));
    }

    @AfterEach
    void close() {
        page.close();
        broker.close();
    }

    private JsonObject get(String path) throws Exception {
        Answer answer = page.get("/api/v1" + path);
        assertEquals(200, answer.status(), answer.body());
        return answer.json().getAsJsonObject();
    }

    @Test
    void shouldAnswerAsDescribed() throws Exception {
        Described described = new Described();
        broker.append(header("ivo://org.example/cited#1", Optional.empty()), SampleEvents.event("ivo://org.example/cited#1").bytes());
        described.check("GET", "/events", 200, get("/events?limit=2"));
        described.check("GET", "/events", 200, get("/events?limit=2&before=3"));
        for (int sequence = 1; sequence <= 4; sequence++) {
            described.check("GET", "/events/{sequence}", 200, get("/events/" + sequence));
        }
        described.check("GET", "/events", 400, page.get("/api/v1/events?limit=0").json());
        described.check("GET", "/events/{sequence}", 404, page.get("/api/v1/events/99").json());
        String admin = page.cookie("ada", true);
        String event = new String(SampleEvents.event("ivo://org.example/web#2").bytes(), UTF_8);
        for (int status : new int[] {201, 200}) {
            described.check("POST", "/events", status, page.post("/api/v1/events", XML, event, "Cookie", admin).json());
        }
        described.check("POST", "/events", 422, page.post("/api/v1/events", XML, "no event", "Cookie", admin).json());
        described.check("POST", "/events", 401, page.post("/api/v1/events", XML, event).json());
    }

    private static List<Long> sequences(JsonObject page) {
        return StreamSupport.stream(page.getAsJsonArray("events").spliterator(), false)
                .map(event -> event.getAsJsonObject().get("sequence").getAsLong()).toList();
    }

    @Test
    void shouldListTheNewestFirst() throws Exception {
        JsonObject list = get("/events");

        assertEquals(List.of(3L, 2L, 1L), sequences(list));
        assertFalse(list.has("next"));
        JsonObject swift = list.getAsJsonArray("events").get(2).getAsJsonObject();
        assertEquals("observation", swift.get("role").getAsString());
        assertTrue(swift.get("identifier").getAsString().startsWith(swift.get("stream").getAsString()));
        assertEquals(SampleEvents.swift().length, swift.get("bytes").getAsInt());
        JsonObject position = swift.getAsJsonObject("position");
        assertTrue(position.get("equatorial").getAsBoolean());
        assertEquals("{\"longitude\":104.27,\"latitude\":41.31,\"errorRadius\":0.05,\"frame\":\"UTC-FK5-GEO\",\"equatorial\":true}", position.toString());
        assertFalse(list.getAsJsonArray("events").get(1).getAsJsonObject().getAsJsonObject("position").get("equatorial").getAsBoolean());
        assertFalse(list.getAsJsonArray("events").get(0).getAsJsonObject().has("position"));
    }

    @Test
    void shouldListPageByPage() throws Exception {
        JsonObject first = get("/events?limit=2");
        assertEquals(List.of(3L, 2L), sequences(first));
        assertEquals(2, first.get("next").getAsLong());

        JsonObject second = get("/events?limit=2&before=" + first.get("next"));
        assertEquals(List.of(1L), sequences(second));
        assertFalse(second.has("next"));
        assertEquals(get("/events").getAsJsonArray("events").get(2), second.getAsJsonArray("events").get(0), "an event is the same on each page");
    }

    @Test
    void shouldFindWhatIsAskedFor() throws Exception {
        JsonObject swift = get("/events/1");
        String identifier = swift.get("identifier").getAsString();
        JsonObject at = swift.getAsJsonObject("position");
        String cone = at.get("longitude") + "," + at.get("latitude") + ",1";

        assertEquals(List.of(1L), sequences(get("/events?identifier=" + encoded(identifier))));
        assertEquals(List.of(), sequences(get("/events?identifier=" + encoded(identifier) + "&role=test")));
        assertEquals(List.of(1L), sequences(get("/events?prefix=" + encoded(identifier))));
        assertEquals(List.of(1L), sequences(get("/events?part=" + encoded(identifier.substring(8).toUpperCase(Locale.ROOT)))));
        assertEquals(List.of(1L), sequences(get("/events?stream=" + encoded(swift.get("stream").getAsString()))));
        assertEquals(List.of(1L), sequences(get("/events?cone=" + cone)));
        assertEquals(List.of(3L, 2L, 1L), sequences(get("/events?since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z")));
        assertEquals(List.of(), sequences(get("/events?until=2020-01-01T00:00:00Z")));
        assertEquals(List.of(2L, 1L), sequences(get("/events?position=true")));
        assertEquals(List.of(3L), sequences(get("/events?position=false")));
        assertEquals(List.of(3L), sequences(get("/events?cites=" + encoded("ivo://org.example/cited#1"))));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=501", "limit=many", "before=x", "since=yesterday", "cone=1,2", "cone=1,91,1", "cone=1,2,0", "cone=NaN,1,1",
            "position=maybe", "strem=x"})
    void shouldSayWhatIsWrongWithAQuestion(String query) throws Exception {
        Answer answer = page.get("/api/v1/events?" + query);

        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.error().contains(query.substring(0, query.indexOf('='))), answer.error());
    }

    @Test
    void shouldShowAnEventWithItsCitationsBothWaysAndItsDeliveries() throws Exception {
        String cited = "ivo://org.example/cited#1";
        assertEquals("[{\"identifier\":\"" + cited + "\",\"relation\":\"followup\"},{\"identifier\":\"\",\"relation\":\"\"}]",
                get("/events/3").getAsJsonArray("cites").toString());
        broker.append(header(cited, Optional.empty()), SampleEvents.event(cited).bytes());

        JsonObject citing = get("/events/3");
        JsonObject first = citing.getAsJsonArray("cites").get(0).getAsJsonObject();
        assertEquals(4, first.get("sequence").getAsLong());
        assertTrue(first.has("relation"));
        assertEquals(0, citing.getAsJsonArray("faults").size());

        JsonObject whole = get("/events/4");
        assertEquals(1, whole.get("cited").getAsLong());
        assertEquals(3, whole.getAsJsonArray("citedBy").get(0).getAsJsonObject().get("sequence").getAsLong());

        JsonObject sent = get("/events/1");
        assertEquals("{\"component\":\"broadcaster.public\",\"receiver\":\"dc3\",\"sentAt\":\"2026-11-22T10:00:00Z\",\"answer\":\"acknowledged\","
                + "\"answeredAt\":\"2026-11-22T10:00:00.005Z\"}", sent.getAsJsonArray("deliveries").get(0).toString());
        assertEquals("2026-11-22T09:59:00Z", sent.get("deliveriesSince").getAsString());
    }

    @Test
    void shouldTellStrangersNothingOfWhoBringsAndGetsEvents() throws Exception {
        JsonElement far = page.send(page.request("/api/v1/events/1").header("X-Forwarded-For", "192.0.2.7")).json();

        assertTrue(get("/events/1").has("source"));
        assertFalse(far.getAsJsonObject().has("source"));
        assertFalse(get("/events").getAsJsonArray("events").get(0).getAsJsonObject().has("source"));
        assertFalse(far.getAsJsonObject().has("deliveries"));
        assertFalse(far.getAsJsonObject().has("deliveriesSince"));
    }

    @ParameterizedTest
    @CsvSource({"/events/99", "/events/0", "/events/x", "/events/99/content", "/events/1/other", "/events/123456789012345678901"})
    void shouldSayWhatIsNotThere(String path) throws Exception {
        Answer answer = page.get("/api/v1" + path);
        assertEquals(404, answer.status());
        assertFalse(answer.error().isEmpty());
    }

    @Test
    void shouldGiveTheBytesAsTheyCameAndHarmless() throws Exception {
        Answer answer = page.get("/api/v1/events/1/content");

        assertArrayEquals(SampleEvents.swift(), answer.whole().body());
        assertEquals("application/xml", answer.header("Content-Type"));
        assertTrue(answer.header("Content-Security-Policy").contains("default-src 'none'; sandbox"));
        assertEquals(1, answer.whole().headers().allValues("Content-Security-Policy").size());
        assertEquals("nosniff", answer.header("X-Content-Type-Options"));
    }

    @Test
    void shouldTakeAnEventOfAnAdmin() throws Exception {
        String admin = page.cookie("ada", true);
        String event = new String(SampleEvents.event("ivo://org.example/web#1").bytes(), UTF_8);

        assertEquals(401, page.post("/api/v1/events", XML, event).status());
        assertEquals(403, page.post("/api/v1/events", XML, event, "Cookie", page.cookie("vera", false)).status());
        assertEquals(3, broker.events().size());

        Answer taken = page.post("/api/v1/events", XML, event, "Cookie", admin);
        assertEquals(201, taken.status(), taken.body());
        assertEquals("{\"status\":\"accepted\",\"sequence\":4,\"identifier\":\"ivo://org.example/web#1\"}", taken.body());
        assertEquals("the page, by ada", broker.events().get(3).source());
        assertEquals(200, page.post("/api/v1/events", XML, event, "Cookie", admin).status());

        assertEquals(415, page.post("/api/v1/events", "application/json", event, "Cookie", admin).status());
        Answer refused = page.post("/api/v1/events", XML, "no event", "Cookie", admin);
        assertEquals(422, refused.status(), refused.body());
        assertFalse(refused.error().isEmpty());
        broker.unavailable();
        assertEquals(503, page.post("/api/v1/events", XML, event + "<!-- other -->", "Cookie", admin).status());
    }

    @Test
    void shouldTakeNothingTooLong() throws Exception {
        assertEquals(413, page.post("/api/v1/events", XML, "x".repeat(EventsEndpoint.MAX_EVENT_BYTES + 1), "Cookie", page.cookie("ada", true)).status());
        String chunks = page.raw("POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/xml\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nCookie: "
                + page.cookie("ada", true) + "\r\n\r\n100001\r\n" + "x".repeat(0x100001) + "\r\n0\r\n\r\n");
        assertTrue(chunks.startsWith("HTTP/1.1 413 "), chunks);
    }
}
