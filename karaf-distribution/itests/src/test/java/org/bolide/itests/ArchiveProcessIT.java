package org.bolide.itests;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.SharedData;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The archive of the product, as voeventdb's client, curl and tar see it. */
class ArchiveProcessIT {

    private static final String SWIFT = "ivo://nasa.gsfc.gcn/SWIFT#BAT_GRB_Pos_700101-352";
    private static final String CITING = "ivo://survey.example/catot#1203180100094126017";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port = Product.freePort();
    private Broker broker;

    @BeforeEach
    void start() throws IOException {
        broker = new Broker(directory).startBoth("--web", "--web-port=" + port);
        broker.awaitLog("Bolide runs");
        broker.awaitListening(port);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldAnswerAsVoeventdbDoes() throws Exception {
        for (byte[] event : SampleEvents.all()) {
            assertTrue(RelayProcessIT.submit(broker.receivePort, event).contains("role=\"ack\""));
        }

        assertTrue(get("/apiv1/").contains("/apiv1/packet/synopsis/"));
        assertEquals("7", result("count"));
        Map<String, Integer> counts = new TreeMap<>(Map.of("authored_since=2026-03-18", 3, "authored_until=2026-03-15", 1, "cited=true", 1, "coord=false", 1,
                "cone=%5B104.3,41.3,0.1%5D", 2, "dec_gt=22.05", 2, "dec_lt=-19", 2, "ivorn_contains=Pos", 2, "ivorn_prefix=ivo://nasa", 3, "ref_any=true", 2));
        counts.putAll(Map.of("ref_contains=GRB", 1, "ref_exact=" + encoded(SWIFT), 1, "role=utility&role=test", 3, "stream=nasa.gsfc.gcn/SWIFT", 1));
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            assertEquals(count.getValue().toString(), result("count?" + count.getKey()), count.getKey());
        }
        assertEquals("[\"" + CITING + "\",\"ivo://nasa.gsfc.gcn/Fermi#GBM_Flt_Pos_2026-03-15T09:26:53.58_763260813_46-121\"]",
                result("list/ivorn?role=observation&order=-author_datetime&limit=2"));
        assertEquals("[[\"" + SWIFT + "\",1]]", result("list/ivorn_ncites?cited=true"));
        assertEquals("[[\"" + CITING + "\",3]]", result("list/ivorn_nrefs?ref_any=true&role=observation"));
        assertEquals("{\"2026-03\":7}", result("map/authored_month_count"));
        assertEquals("{\"observation\":3,\"prediction\":1,\"test\":1,\"utility\":2}", result("map/role_count"));
        assertEquals("{\"nasa.gsfc.gcn/Fermi\":1,\"nasa.gsfc.gcn/INTEGRAL\":1,\"nasa.gsfc.gcn/SWIFT\":1}", result("map/stream_count?ivorn_prefix=ivo://nasa"));
        assertEquals("{\"nasa.gsfc.gcn/SWIFT\":{\"observation\":1}}", result("map/stream_role_count?cited=true"));
        checkPackets();
        checkRefusals();
    }

    private void checkPackets() throws Exception {
        for (String form : List.of(encoded(SWIFT), SWIFT.replace("#", "%23"), SWIFT.replace("/", "%2f").replace("#", "%23"))) {
            assertArrayEquals(SampleEvents.swift(), send("GET", "/apiv1/packet/xml/" + form).body(), form);
            assertTrue(result("packet/synopsis/" + form).contains("\"ra\":104.2718"), form);
        }
        String synopsis = result("packet/synopsis/" + encoded(CITING));
        assertTrue(synopsis.contains("{\"cite_type\":\"followup\",\"description\":\"The last citation is empty, as in a real stream.\",\"ref_ivorn\":\"" + SWIFT + "\"}"),
                synopsis);
        assertTrue(synopsis.contains("\"author_datetime\":\"2026-03-18T10:12:00.500000+00:00\",\"author_ivorn\":\"ivo://survey.example/team\""), synopsis);
    }

    private void checkRefusals() throws Exception {
        assertEquals(400, send("GET", "/apiv1/count?role=any").statusCode());
        assertEquals(413, send("GET", "/apiv1/list/ivorn?limit=10001").statusCode());
        assertEquals(422, send("GET", "/apiv1/packet/xml/foobar").statusCode());
        assertEquals(404, send("GET", "/apiv1/nothing").statusCode());
        assertTrue(send("POST", "/apiv1/count").statusCode() >= 400);
        assertTrue(send("GET", "/apiv1/count").headers().firstValue("X-Content-Type-Options").isPresent(), "the page's guard is not in front");
    }

    @Test
    void shouldExportWhatIsSelected() throws Exception {
        for (byte[] event : SampleEvents.all()) {
            assertTrue(RelayProcessIT.submit(broker.receivePort, event).contains("role=\"ack\""));
        }

        Map<String, byte[]> files = untar(send("GET", "/apiv1/export.tar?ivorn_prefix=ivo://nasa.gsfc.gcn").body());

        assertEquals("3 events\n", new String(files.remove(".complete"), StandardCharsets.US_ASCII));
        assertEquals(contents(List.of(SampleEvents.swift(), SampleEvents.fermi(), SampleEvents.integral())), contents(files.values()));
        Document table = DocumentBuilderFactory.newDefaultNSInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(send("GET", "/apiv1/export.vot").body()));
        assertEquals("VOTABLE", table.getDocumentElement().getLocalName());
        assertEquals(7, table.getElementsByTagName("TR").getLength());
        NodeList cells = table.getElementsByTagName("TD");
        assertEquals(70, cells.getLength());
        assertEquals("ivo://solar.example/voevent?storm-2026-03-19", cells.item(1).getTextContent());
        assertEquals("112.25", cells.item(4).getTextContent());
    }

    /** Ours where those are not there; the output says which. */
    @Test
    void shouldHaveEveryRealEventOnce() throws Exception {
        Map<ByteBuffer, String> events = new TreeMap<>();
        SharedData.events().stream().filter(event -> event.real() && event.comet().equals("accept") && !event.dtd())
                .forEach(event -> events.put(ByteBuffer.wrap(event.content()), event.ivoid()));
        if (events.isEmpty()) {
            SampleEvents.all().forEach(event -> events.put(ByteBuffer.wrap(event), TestEvent.read(1, event).header().identifier().orElseThrow()));
        }
        Path folder = Files.createDirectories(directory.resolve("events"));
        for (ByteBuffer event : events.keySet()) {
            Files.write(Files.createTempFile(folder, "event", ".xml"), event.array());
        }
        Product.Result imported = Product.run(directory, "bolide", "--base=" + broker.base, "import", folder.toString());
        assertEquals(0, imported.exit(), imported.out() + imported.err());

        assertEquals(events.size(), Integer.parseInt(result("count")));
        List<String> ivorns = new ArrayList<>();
        for (int offset = 0; offset < events.size(); offset += 100) {
            JsonParser.parseString(result("list/ivorn?order=ivorn&offset=" + offset)).getAsJsonArray().forEach(ivorn -> ivorns.add(ivorn.getAsString()));
        }
        assertEquals(events.values().stream().sorted().toList(), ivorns.stream().sorted().toList());
        assertEquals(events.size(), sum(result("map/role_count")));
        assertEquals(events.size(), sum(result("map/stream_count")));
        assertEquals(events.size(), sum(result("map/authored_month_count")));
        for (String ivorn : new TreeSet<>(ivorns)) {
            assertEquals(200, send("GET", "/apiv1/packet/synopsis/" + encoded(ivorn)).statusCode(), ivorn);
        }
        Map<String, byte[]> files = untar(send("GET", "/apiv1/export.tar").body());
        assertEquals(events.size() + " events\n", new String(files.remove(".complete"), StandardCharsets.US_ASCII));
        assertEquals(events.keySet(), contents(files.values()));
        System.out.println(events.size() + " events were in the archive");
    }

    private static long sum(String map) {
        return JsonParser.parseString(map).getAsJsonObject().entrySet().stream().map(Map.Entry::getValue).mapToLong(JsonElement::getAsLong).sum();
    }

    private static Set<ByteBuffer> contents(Iterable<byte[]> files) {
        Set<ByteBuffer> contents = new TreeSet<>();
        files.forEach(content -> contents.add(ByteBuffer.wrap(content)));
        return contents;
    }

    private Map<String, byte[]> untar(byte[] archive) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(directory, "untar");
        Files.write(folder.resolve("archive.tar"), archive);
        Process tar = new ProcessBuilder("tar", "xf", "archive.tar").directory(folder.toFile()).inheritIO().start();
        assertEquals(0, tar.waitFor());
        try (Stream<Path> files = Files.list(folder.resolve("events"))) {
            Map<String, byte[]> contents = new TreeMap<>();
            for (Path file : files.collect(Collectors.toList())) {
                contents.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
            return contents;
        }
    }

    private static String encoded(String ivorn) {
        return URLEncoder.encode(ivorn, StandardCharsets.UTF_8);
    }

    private String result(String query) throws IOException, InterruptedException {
        return JsonParser.parseString(get("/apiv1/" + query)).getAsJsonObject().get("result").toString();
    }

    private String get(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send("GET", path);
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(200, response.statusCode(), () -> path + ": " + text);
        return text;
    }

    private HttpResponse<byte[]> send(String method, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                BodyHandlers.ofByteArray());
    }
}
