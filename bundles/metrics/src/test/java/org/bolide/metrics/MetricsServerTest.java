package org.bolide.metrics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

import javax.management.ObjectName;

import org.bolide.api.management.HealthCheck.Weight;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MetricsServerTest {

    private record Config(int port, String address) implements MetricsConfig {

        @Override
        public Class<? extends Annotation> annotationType() {
            return MetricsConfig.class;
        }
    }

    private final TestHost host = new TestHost();
    private final HttpClient client = HttpClient.newHttpClient();
    private Exposition exposition;
    private MetricsServer server;

    @BeforeEach
    void open() throws IOException {
        exposition = new Exposition(host);
        server = open(0, "127.0.0.1");
        host.started();
    }

    private MetricsServer open(int port, String address) throws IOException {
        return new MetricsServer(new Config(port, address), Map.of("service.pid", "org.bolide.metrics~test"), exposition);
    }

    @AfterEach
    void close() {
        server.close();
        exposition.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The first line of the answer to a request as it stands. */
    private String status(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(UTF_8));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8).lines().findFirst().orElse("");
        }
    }

    @Test
    void shouldShowTheMetricsOfBrokerAndJava() throws Exception {
        host.counts("intake", Map.of("intake.accepted", 7L));

        HttpResponse<String> answer = get("/metrics");

        assertEquals(200, answer.statusCode());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(answer.body().contains("\nbolide_events_total{result=\"accepted\"} 7.0\n"), answer.body());
        assertTrue(answer.body().contains("\njvm_memory_used_bytes{"), answer.body());
        assertTrue(answer.body().contains("\nprocess_files_open_files "), answer.body());
    }

    @Test
    void shouldSpeakOpenMetricsToWhoAsksForIt() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/metrics").header("Accept", "application/openmetrics-text;version=1.0.0,text/plain;q=0.5").build(),
                HttpResponse.BodyHandlers.ofString());

        assertTrue(answer.headers().firstValue("Content-Type").orElseThrow().startsWith("application/openmetrics-text"));
        assertTrue(answer.body().endsWith("# EOF\n"), answer.body());
    }

    @Test
    void shouldCompressForWhoAsksForIt() throws Exception {
        HttpResponse<byte[]> answer = client.send(request("/metrics").header("Accept-Encoding", "deflate, gzip").build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertEquals("gzip", answer.headers().firstValue("Content-Encoding").orElseThrow());
        String text = new String(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), UTF_8);
        assertTrue(text.contains("bolide_ready 1.0"), text);
    }

    @Test
    void shouldBeReadyOnlyWhenTheStartIsComplete() throws Exception {
        host.run = Optional.empty();
        assertEquals(503, get("/health/ready").statusCode());
        assertEquals(200, get("/health/live").statusCode());

        host.started();
        HttpResponse<String> answer = get("/health/ready");
        assertEquals(200, answer.statusCode());
        assertEquals("{\"status\": \"ready\", \"problems\": []}\n", answer.body());
    }

    @ParameterizedTest
    @CsvSource({"WARNING, 200, 200", "NOT_READY, 200, 503", "NOT_LIVE, 503, 503"})
    void shouldTellWhatIsWrong(Weight weight, int live, int ready) throws Exception {
        host.problem(weight, "log", "The disk is \"full\":\n\\data.");

        HttpResponse<String> answer = get("/health/ready");

        assertEquals(ready, answer.statusCode());
        assertEquals(live, get("/health/live").statusCode());
        assertEquals("application/json", answer.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(answer.body().contains("\"text\": \"The disk is \\\"full\\\":\\u000a\\\\data.\", \"command\": \"bolide log\"}"), answer.body());
    }

    @Test
    void shouldHaveNothingElse() throws Exception {
        assertEquals(404, get("/metrics/../etc/passwd").statusCode());
        assertEquals(404, get("/").statusCode());
        HttpResponse<String> answer = client.send(request("/metrics").POST(HttpRequest.BodyPublishers.ofString("x")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(405, answer.statusCode());
        assertEquals("GET, HEAD", answer.headers().firstValue("Allow").orElseThrow());
        assertTrue(status("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").contains(" 200 "));
    }

    @ParameterizedTest
    @CsvSource({"localhost:9464, 200", "127.0.0.1, 200", "[::1]:9464, 200", "a.localhost, 200", "evil.example.org, 403", "1.2.3.4.example.org:80, 403",
            "localhost.example.org, 403"})
    void shouldNotAnswerToAStrangersName(String name, int expected) throws Exception {
        String status = status("GET /metrics HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n");

        assertTrue(status.contains(" " + expected + " "), name + ": " + status);
    }

    @Test
    void shouldAnswerToAnyNameWhereItListensToOthers() throws Exception {
        assertTrue(Hosts.isAllowed(InetAddress.getByName("192.0.2.1"), "broker.example.org"));
        assertFalse(Hosts.isAllowed(InetAddress.getByName("::1"), "broker.example.org"));
    }

    @ParameterizedTest
    @ValueSource(ints = {49, 60})
    void shouldTakeABoundedNumberOfHeaders(int number) throws Exception {
        StringBuilder request = new StringBuilder("GET /health/live HTTP/1.1\r\nConnection: close\r\n");
        for (int i = 0; i < number; i++) {
            request.append("X-").append(i).append(": y\r\n");
        }

        assertEquals(number < 50, status(request.append("\r\n").toString()).contains(" 200 "));
    }

    @Test
    void shouldNotShowItsInsideWhenItFails() throws Exception {
        server.close();
        exposition.close();
        exposition = new Exposition(new BrokenHost(host));
        server = open(0, "127.0.0.1");

        HttpResponse<String> answer = get("/health/ready");

        assertEquals(500, answer.statusCode());
        assertEquals("The broker could not make this page; its log file says why.\n", answer.body());
    }

    @Test
    void shouldSayWhatToDoWhenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            IOException why = assertThrows(IOException.class, () -> open(taken.getLocalPort(), "127.0.0.1"));
            assertTrue(why.getMessage().contains("etc/org.bolide.metrics~test.cfg.json, or with --metrics-port"), why.getMessage());
        }
        assertTrue(assertThrows(IOException.class, () -> open(0, "no such.invalid")).getMessage().contains("key address"));
    }

    @Test
    void shouldShowTheSameByJmx() throws Exception {
        host.counts("intake", Map.of("intake.accepted", 7L));
        host.time("broadcaster.public", "deliver").record(2_000_000);
        var beans = ManagementFactory.getPlatformMBeanServer();

        assertEquals(7.0, beans.getAttribute(new ObjectName("org.bolide:type=Metrics,name=bolide_events_total"), "result=accepted"));
        assertEquals(1.0, beans.getAttribute(new ObjectName("org.bolide:type=Metrics,name=bolide_ready"), "Value"));
        ObjectName deliver = new ObjectName("org.bolide:type=Metrics,name=bolide_deliver_seconds");
        assertEquals(2, beans.getMBeanInfo(deliver).getAttributes().length);
        assertEquals(1L, beans.getAttribute(deliver, "broadcaster=public Count"));
        assertEquals(0.002, beans.getAttribute(deliver, "broadcaster=public SumSeconds"));

        server.close();
        exposition.close();
        assertFalse(beans.isRegistered(deliver));
    }
}
