package org.bolide.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

import javax.xml.namespace.QName;

import com.google.gson.JsonObject;
import org.bolide.api.EventHeader;
import org.bolide.api.SkyPosition;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ArchiveServletTest {

    private static final String SWIFT = "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_700101-352";
    private static final String FERMI = "ivo://nasa.gsfc.gcn/Fermi#GBM_Flt_Pos_2026-03-15T09:26:53.58_763260813_46-121";
    private static final String INTEGRAL = "ivo://nasa.gsfc.gcn/INTEGRAL#Point_Dir_2026-03-16T17:32:00.00_000000-0-233";
    private static final String UTILITY = "ivo://telescope.example/ALARRM-REQUEST#20260317-1";
    private static final String TEST = "ivo://broker.example/voevent-broadcast#TestEvent-2026-03-18T00:00:00";
    private static final String CITING = "ivo://survey.example/catot#1203180100094126017";
    private static final String V21 = "ivo://solar.example/voevent?storm-2026-03-19";

    private final MemoryBroker log = new MemoryBroker();
    private ArchiveServer server;

    @BeforeEach
    void start() throws Exception {
        SampleEvents.all().forEach(event -> ArchiveServer.read(log, event)); // swift, fermi, integral, utility, test, citing, v21
        server = new ArchiveServer(log);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        log.close();
    }

    @Test
    void shouldNameItsEndpoints() throws Exception {
        JsonObject root = server.json(200, "/apiv1/");

        assertEquals("apiv1", root.get("api_version").getAsString());
        assertEquals("1.2.3", root.get("version_tag").getAsString());
        for (String endpoint : List.of("/apiv1/", "/apiv1/count", "/apiv1/list/ivorn", "/apiv1/list/ivorn_ncites", "/apiv1/list/ivorn_nrefs",
                "/apiv1/map/authored_month_count", "/apiv1/map/role_count", "/apiv1/map/stream_count", "/apiv1/map/stream_role_count",
                "/apiv1/packet/synopsis/", "/apiv1/packet/xml/", "/apiv1/export.tar", "/apiv1/export.vot")) {
            assertTrue(root.get("endpoints").toString().contains('"' + endpoint + '"'), endpoint);
        }
        assertEquals(root, server.json(200, "/apiv1"));
    }

    @Test
    void shouldCount() throws Exception {
        JsonObject answer = server.json(200, "/apiv1/count?role=utility&stream=telescope.example%2FALARRM-REQUEST");

        assertEquals(("{'endpoint':'/apiv1/count','querystring':{'role':['utility'],'stream':['telescope.example/ALARRM-REQUEST']},'result':1,'url':'"
                + server.address() + "/apiv1/count?role=utility&stream=telescope.example%2FALARRM-REQUEST'}").replace('\'', '"'), answer.toString());
        assertEquals(7, server.result("/apiv1/count").getAsInt());
        assertEquals("{}", server.json(200, "/apiv1/count").get("querystring").toString());
    }

    /** Each filter, by the events that it selects: s(wift), f(ermi), i(ntegral), u(tility), t(est), c(iting), v(21). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            authored_since=2026-03-18                                   | tcv
            authored_since=2026-03-18T00:00:00                          | tcv
            authored_since=2026-03-18T00:00:00.001                      | cv
            authored_since=2026-03-18T01:00:00%2B01:00                  | tcv
            authored_since=2026-04                                      |
            authored_since=2026                                         | sfiutcv
            authored_until=2026-03-18                                   | sfiut
            authored_until=2026-03-14T15:09:26                          | s
            authored_until=2026                                         |
            authored_since=2026-03-15&authored_until=2026-03-17         | fi
            authored_since=2026-03-18&authored_since=2026               | tcv
            cited=true                                                  | s
            cited=False                                                 | fiutcv
            cone=[104.3,41.3,0.1]                                       | su
            cone=[104.2718,%2041.3101,%200]                             | su
            cone=[-255.7,41.3,0.1]                                      | su
            cone=[464.3,41.3,0.1]                                       | su
            cone=[0,-90,90]                                             | fic
            coord=true                                                  | sfiucv
            coord=FALSE                                                 | t
            dec_gt=22.05                                                | su
            dec_gt=22                                                   | suv
            dec_lt=-19.8167                                             | i
            dec_lt=-19.8&dec_gt=-28                                     | f
            ivorn_contains=Pos                                          | sf
            ivorn_contains=Pos&ivorn_contains=GRB                       | s
            ivorn_contains=%23T                                         | t
            ivorn_prefix=ivo://nasa.gsfc.gcn                            | sfi
            ivorn_prefix=ivo://nasa.gsfc.gcn/SWIFT%23BAT&ivorn_prefix=ivo://s | scv
            ref_any=true                                                | cv
            ref_any=false                                               | sfiut
            ref_contains=GRB_Pos                                        | c
            ref_contains=GRB_Pos&ref_contains=storm                     | cv
            ref_exact=ivo://survey.example/catot%231203180100094126016  | c
            ref_exact=ivo://survey.example/catot                        |
            ref_exact=x&ref_exact=ivo://solar.example/voevent?storm-2026-03-18 | v
            role=observation                                            | sfc
            role=utility&role=test                                      | iut
            role=prediction                                             | v
            stream=nasa.gsfc.gcn/SWIFT                                  | s
            stream=ivo://nasa.gsfc.gcn/SWIFT                            | s
            stream=nasa.gsfc.gcn/SWIFT&stream=survey.example/catot      | sc
            stream=nasa.gsfc.gcn                                        |
            limit=1&offset=3&order=-id                                  | sfiutcv
            """)
    void shouldFilter(String query, String expected) throws Exception {
        List<String> all = List.of(SWIFT, FERMI, INTEGRAL, UTILITY, TEST, CITING, V21);
        String encoded = query.strip().replace("[", "%5B").replace("]", "%5D");
        StringBuilder found = new StringBuilder();
        if (!query.contains("limit=")) {
            server.result("/apiv1/list/ivorn?" + encoded).getAsJsonArray()
                    .forEach(ivorn -> found.append("sfiutcv".charAt(all.indexOf(ivorn.getAsString()))));
            assertEquals(expected == null ? "" : expected, found.toString());
        }

        assertEquals(expected == null ? 0 : expected.length(), server.result("/apiv1/count?" + encoded).getAsInt());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            order=id                                 | sfiutcv
            order=-id                                | vctuifs
            order=author_datetime                    | sfiutcv
            order=-author_datetime                   | vctuifs
            order=ivorn                              | tfisvcu
            order=-ivorn                             | ucvsift
            order=                                   | sfiutcv
            limit=2                                  | sf
            limit=                                   | sfiutcv
            limit=0                                  |
            limit=3&offset=2                         | iut
            offset=6                                 | v
            offset=7                                 |
            offset=99999999999                       |
            limit=10000&order=-id&offset=5           | fs
            """)
    void shouldPageAndOrder(String query, String expected) throws Exception {
        List<String> all = List.of(SWIFT, FERMI, INTEGRAL, UTILITY, TEST, CITING, V21);
        StringBuilder found = new StringBuilder();
        server.result("/apiv1/list/ivorn?" + query.strip()).getAsJsonArray()
                .forEach(ivorn -> found.append("sfiutcv".charAt(all.indexOf(ivorn.getAsString()))));

        assertEquals(expected == null ? "" : expected, found.toString());
    }

    @Test
    void shouldTellTheLimitThatHolds() throws Exception {
        assertEquals(100, server.json(200, "/apiv1/list/ivorn").get("limit").getAsInt());
        assertEquals(7, server.json(200, "/apiv1/list/ivorn_nrefs?limit=7").get("limit").getAsInt());
    }

    @Test
    void shouldCountReferencesAndCitations() throws Exception {
        String references = "[[\"" + SWIFT + "\",0],[\"" + CITING + "\",3],[\"" + V21 + "\",1]]";
        String citations = "[[\"" + SWIFT + "\",1],[\"" + CITING + "\",0],[\"" + V21 + "\",0]]";
        String query = "?ivorn_prefix=ivo://s&ivorn_prefix=" + encoded(SWIFT);

        assertEquals(references, server.result("/apiv1/list/ivorn_nrefs" + query).toString());
        assertEquals(references, server.result("/apiv1/list/ivorn_reference_count" + query).toString());
        assertEquals(citations, server.result("/apiv1/list/ivorn_ncites" + query).toString());
        assertEquals(citations, server.result("/apiv1/list/ivorn_cited_count" + query).toString());
    }

    @Test
    void shouldMap() throws Exception {
        ArchiveServer.read(log, SampleEvents.event("ivo://nasa.gsfc.gcn/SWIFT#x").date("2025-12-31T23:59:59").bytes());
        ArchiveServer.read(log, "<other/>".getBytes(StandardCharsets.US_ASCII));
        log.append(EventHeader.of(new QName("urn:x", "bare")), "<bare/>".getBytes(StandardCharsets.US_ASCII));

        assertEquals("{\"2025-12\":1,\"2026-03\":7,\"null\":2}", server.result("/apiv1/map/authored_month_count").toString());
        assertEquals("{\"null\":1,\"observation\":4,\"prediction\":1,\"test\":2,\"utility\":2}", server.result("/apiv1/map/role_count").toString());
        assertEquals("{\"nasa.gsfc.gcn/Fermi\":1,\"nasa.gsfc.gcn/SWIFT\":2,\"other\":1,\"{urn:x}bare\":1}", server.result("/apiv1/map/stream_count?"
                + "stream=nasa.gsfc.gcn/SWIFT&stream=nasa.gsfc.gcn/Fermi&stream=other&stream=%7Burn:x%7Dbare").toString());
        assertEquals("{\"nasa.gsfc.gcn/SWIFT\":{\"observation\":1,\"test\":1}}",
                server.result("/apiv1/map/stream_role_count?stream=nasa.gsfc.gcn/SWIFT").toString());
        assertEquals("{}", server.result("/apiv1/map/authored_month_count?dec_gt=90").toString());
    }

    private static Stream<String> forms(String ivorn) {
        return Stream.of(encoded(ivorn), ivorn.replace("#", "%23").replace("?", "%3F"), ivorn.replace("/", "%2f").replace("#", "%23").replace("?", "%3F"));
    }

    @Test
    void shouldFindAPacketHoweverItsIvornIsEncoded() throws Exception {
        for (String form : forms(SWIFT).toList()) {
            HttpResponse<byte[]> answer = server.get("/apiv1/packet/xml/" + form);

            assertEquals(200, answer.statusCode(), form);
            assertArrayEquals(SampleEvents.swift(), answer.body());
            assertEquals("text/xml;charset=utf-8", answer.headers().firstValue("Content-Type").orElseThrow().toLowerCase());
            assertTrue(answer.headers().firstValue("Content-Security-Policy").orElseThrow().contains("sandbox"));
        }
        for (String form : forms(V21).toList()) {
            assertEquals(V21, server.result("/apiv1/packet/synopsis/" + form).getAsJsonObject().getAsJsonObject("voevent").get("ivorn").getAsString());
        }
    }

    @Test
    void shouldTakeEveryCharacterInAnIvorn() throws Exception {
        String ivorn = "ivo://a.b/../c;d=1&e//f%2F+g h#Straße 100%\\";
        byte[] event = ArchiveServer.read(log, SampleEvents.event(ivorn).bytes());

        assertArrayEquals(event, server.get("/apiv1/packet/xml/" + encoded(ivorn).replace("+", "%20")).body());
    }

    @Test
    void shouldNameTheEncodingOfAPacket() throws Exception {
        byte[] latin = SampleEvents.event("ivo://a.b/latin#1").contactName("Kepler é").toString().replace("UTF-8", "ISO-8859-1")
                .getBytes(StandardCharsets.ISO_8859_1);
        ArchiveServer.read(log, latin);

        HttpResponse<byte[]> answer = server.get("/apiv1/packet/xml/ivo%3A%2F%2Fa.b%2Flatin%231");

        assertEquals("text/xml;charset=iso-8859-1", answer.headers().firstValue("Content-Type").orElseThrow().toLowerCase());
        assertArrayEquals(latin, answer.body());
    }

    @Test
    void shouldTellASynopsis() throws Exception {
        JsonObject answer = server.json(200, "/apiv1/packet/synopsis/" + encoded(CITING));

        assertEquals("/apiv1/packet/synopsis/<path:url_encoded_ivorn>", answer.get("endpoint").getAsString());
        JsonObject synopsis = answer.getAsJsonObject("result");
        String received = IsoTime.format(log.events().get(5).receivedAt());
        String description = "The last citation is empty, as in a real stream.";
        assertEquals(("{'coords':[{'dec':-11.3,'error':5.0E-4,'ra':190.51,'time':'2026-03-18T10:04:48+00:00'}],'refs':["
                + "{'cite_type':'followup','description':'" + description + "','ref_ivorn':'" + SWIFT + "'},"
                + "{'cite_type':'supersedes','description':'" + description + "','ref_ivorn':'ivo://survey.example/catot#1203180100094126016'},"
                + "{'cite_type':'retraction','description':'" + description + "','ref_ivorn':'ivo://survey.example/catot#1203180100094126001'}],"
                + "'relevant_urls':[],'voevent':{'author_datetime':'2026-03-18T10:12:00.500000+00:00','author_ivorn':'ivo://survey.example/team','ivorn':'" + CITING
                + "','received':'" + received + "','role':'observation','stream':'survey.example/catot','version':'2.0'}}").replace('\'', '"'),
                synopsis.toString());
    }

    @Test
    void shouldTellWhatIsNotKnownAsNull() throws Exception {
        ArchiveServer.read(log, SampleEvents.event("ivo://a.b/c#1").bytes());
        assertEquals("[]", server.result("/apiv1/packet/synopsis/" + encoded("ivo://a.b/c#1")).getAsJsonObject().get("coords").toString());
        log.append(header("ivo://bare/x#1", Optional.empty()), "<bare/>".getBytes(StandardCharsets.US_ASCII));

        assertEquals("{\"author_datetime\":null,\"author_ivorn\":null,\"ivorn\":\"ivo://bare/x#1\",\"received\":\""
                + IsoTime.format(log.events().get(8).receivedAt()) + "\",\"role\":null,\"stream\":\"bare/x\",\"version\":null}",
                server.result("/apiv1/packet/synopsis/" + encoded("ivo://bare/x#1")).getAsJsonObject().get("voevent").toString());
    }

    @Test
    void shouldTellNoPositionThatIsNotEquatorial() throws Exception {
        for (String frame : List.of("UTC-GAL-GEO", "UTC-GEOD-TOPO", "UTC-FK5-GEO", "tdb-icrs-bary", "")) {
            String ivorn = "ivo://a.b/frame#" + frame;
            log.append(header(ivorn, Optional.of(new SkyPosition(10, 20, OptionalDouble.of(1), frame))), "<x/>".getBytes(StandardCharsets.US_ASCII));

            assertEquals(frame.contains("GAL") || frame.contains("GEOD") ? 0 : 1,
                    server.result("/apiv1/packet/synopsis/" + encoded(ivorn)).getAsJsonObject().getAsJsonArray("coords").size(), frame);
        }
    }

    @Test
    void shouldGiveTheFirstOfSeveralPacketsOfOneIvorn() throws Exception {
        ArchiveServer.read(log, new String(SampleEvents.swift(), StandardCharsets.UTF_8).replace("GEOLUN", "ELSEWHERE").getBytes(StandardCharsets.UTF_8));

        assertArrayEquals(SampleEvents.swift(), server.get("/apiv1/packet/xml/" + encoded(SWIFT)).body());
        assertEquals(2, server.result("/apiv1/count?ivorn_prefix=" + encoded(SWIFT)).getAsInt());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /apiv1/nothing                      | 404 | Not Found                     | /apiv1/ lists
            /apiv1/list                         | 404 | Not Found                     | /apiv1/ lists
            /apiv1/packet                       | 404 | Not Found                     | /apiv1/ lists
            /apiv1/list/ivorn/                  | 404 | Not Found                     | /apiv1/ lists
            /apiv1/list/ivorn?limit=10001       | 413 | Max 'limit' value exceeded    | 10000
            /apiv1/list/ivorn?limit=foobar      | 400 | Invalid query-string          | 'limit=foobar'
            /apiv1/list/ivorn?limit=1.23        | 400 | Invalid query-string          | integer
            /apiv1/list/ivorn?limit=-1          | 400 | Invalid query-string          | integer
            /apiv1/list/ivorn_ncites?offset=x   | 400 | Invalid query-string          | 'offset=x'
            /apiv1/list/ivorn?order=name        | 400 | Invalid query-string          | author_datetime
            /apiv1/list/ivorn?order=-           | 400 | Invalid query-string          | 'order=-'
            /apiv1/count?ivorn=x                | 400 | Invalid query-string          | ivorn_contains
            /apiv1/count?role=Observation       | 400 | Invalid query-string          | 'role=Observation'
            /apiv1/count?role                   | 400 | Invalid query-string          | prediction
            /apiv1/count?cited=yes              | 400 | Invalid query-string          | true or false
            /apiv1/count?coord=1                | 400 | Invalid query-string          | true or false
            /apiv1/count?ref_any=               | 400 | Invalid query-string          | true or false
            /apiv1/count?cone=1,2,3             | 400 | Invalid query-string          | [ra,dec,radius]
            /apiv1/count?cone=%5B1,2%5D         | 400 | Invalid query-string          | [ra,dec,radius]
            /apiv1/count?cone=%5B1,2,%5B%5D%5D  | 400 | Invalid query-string          | [ra,dec,radius]
            /apiv1/count?cone=%5B1,2,%22a%22%5D | 400 | Invalid query-string          | [ra,dec,radius]
            /apiv1/count?cone=%5B1,2            | 400 | Invalid query-string          | [ra,dec,radius]
            /apiv1/count?cone=%5B0,-90.1,1%5D   | 400 | Invalid query-string          | invalid declination value
            /apiv1/count?cone=%5B0,NaN,1%5D     | 400 | Invalid query-string          |
            /apiv1/count?cone=%5B1e999,0,1%5D   | 400 | Invalid query-string          |
            /apiv1/count?cone=%5B0,0,-1%5D      | 400 | Invalid query-string          | from 0 to 180
            /apiv1/count?cone=%5B0,0,181%5D     | 400 | Invalid query-string          | from 0 to 180
            /apiv1/count?dec_gt=91              | 400 | Invalid query-string          | invalid declination value
            /apiv1/count?dec_lt=south           | 400 | Invalid query-string          | invalid declination value
            /apiv1/count?dec_lt=nan             | 400 | Invalid query-string          | invalid declination value
            /apiv1/count?authored_since=today   | 400 | Invalid query-string          | 2015-10-09T21:34:19Z
            /apiv1/count?authored_until=2015-13 | 400 | Invalid query-string          | 'authored_until=2015-13'
            /apiv1/count?authored_since=2015&authored_since=x | 400 | Invalid query-string | 'authored_since=x'
            /apiv1/export.tar?order=id          | 400 | Invalid query-string          | newest
            /apiv1/export.vot?offset=1          | 400 | Invalid query-string          | newest
            /apiv1/export.vot?limit=x           | 400 | Invalid query-string          | integer
            /apiv1/export.tar?stream=a&b=1      | 400 | Invalid query-string          | 'b=1'
            /apiv1/packet/xml/                  | 400 | No IVORN supplied             | %23
            /apiv1/packet/xml                   | 400 | No IVORN supplied             | %23
            /apiv1/packet/synopsis/             | 400 | No IVORN supplied             | %23
            /apiv1/packet/synopsis/foobar       | 422 | IVORN not found               | 'foobar'
            /apiv1/packet/xml/ivo%3A%2F%2Fnasa.gsfc.gcn%2FSWIFT | 422 | IVORN not found  | 'ivo://nasa.gsfc.gcn/SWIFT'
            """)
    void shouldRefuseWithAReason(String path, int status, String description, String message) throws Exception {
        JsonObject error = server.json(status, path.strip()).getAsJsonObject("error");

        assertEquals(status, error.get("code").getAsInt());
        assertEquals(description, error.get("description").getAsString());
        assertTrue(error.get("message").getAsString().contains(message == null ? "" : message), error.toString());
    }

    /** What a Java URI could not be. */
    @ParameterizedTest
    @ValueSource(strings = {"/apiv1/count?role=%zz", "/apiv1/packet/xml/%zz", "/apiv1/packet/xml/ivo:%"})
    void shouldRefuseWhatIsNotUrlEncoded(String path) throws Exception {
        assertTrue(raw("GET " + path).startsWith("HTTP/1.1 400 "), path);
    }

    @Test
    void shouldTakeAConeWithoutUrlEncoding() throws Exception {
        assertTrue(raw("GET /apiv1/count?cone=[104.3,41.3,0.1]").contains("\"result\":2"));
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write((request + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldOnlyRead() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
            HttpResponse<byte[]> answer = server.send(method, "/apiv1/count");

            assertEquals(405, answer.statusCode());
            assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/apiv1/", "/apiv1/count", "/apiv1/list/ivorn", "/apiv1/packet/xml/", "/apiv1/export.tar", "/apiv1/export.vot"})
    void shouldAnswerHeadWithoutContent(String path) throws Exception {
        HttpResponse<byte[]> head = server.send("HEAD", path);

        assertEquals(server.get(path).statusCode(), head.statusCode());
        assertEquals(server.get(path).headers().firstValue("Content-Type"), head.headers().firstValue("Content-Type"));
        assertEquals(0, head.body().length);
    }

    private static EventHeader header(String ivorn, Optional<SkyPosition> position) {
        return new EventHeader(new QName("bare"), Optional.of(ivorn), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), position,
                List.of());
    }

    private static String encoded(String ivorn) {
        return URLEncoder.encode(ivorn, StandardCharsets.UTF_8);
    }
}
