package org.bolide.handler.httppost;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Outcome;
import org.bolide.handler.httppost.Receiver.Answer;
import org.bolide.testkit.CapturedLog;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.TestEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class HttpPostTest {

    private static final String IVOID = "ivo://example.org/stream#1";
    private static final BrokerEvent EVENT = TestEvent.of(42, IVOID, "<event/>");
    private static final byte[] KEY = new SecureRandom().generateSeed(32);

    @TempDir
    Path folder;

    private HttpPost handler;

    @AfterEach
    void stop() {
        if (handler != null) {
            handler.close();
        }
    }

    @Test
    void shouldPostTheBytesAsTheyAreAndTellTheEvent() throws Exception {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        try (Receiver receiver = Receiver.answering(204)) {
            assertEquals(Outcome.DONE, handler(receiver.url()).handle(TestEvent.of(42, TestEvent.header(Optional.of(IVOID)), bytes)));

            Receiver.Post post = receiver.posts.get(0);
            assertArrayEquals(bytes, post.body());
            assertEquals("POST /hooks/secret-path?key=1", post.method() + " " + post.path());
            for (Map.Entry<String, String> header : Map.of("Content-Type", "application/xml", "Bolide-Ivoid", IVOID,
                    "Bolide-Role", "test", "Bolide-Sequence", "42", "Bolide-Stream", "ivo://example.org/stream",
                    "Bolide-Handler", "hook").entrySet()) {
                assertEquals(header.getValue(), post.headers().getFirst(header.getKey()), header.getKey());
            }
            assertNull(post.headers().getFirst("webhook-signature"));
        }
    }

    @Test
    void shouldSignAsTheSpecificationShows() {
        // The example that the specification's own libraries are tested with.
        assertEquals("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                Signature.of(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        1614265330, ByteBuffer.wrap("{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void shouldSignWhatAReceiverCanVerify() throws Exception {
        Path secret = secret("whsec_" + Base64.getEncoder().encodeToString(KEY) + "\n");
        byte[] bytes = SampleEvents.swift();
        try (Receiver receiver = Receiver.answering(200); CapturedLog log = new CapturedLog()) {
            handler = new HttpPost("hook", receiver.url(), Optional.of(secret), Duration.ofSeconds(30), Duration.ZERO, "retry");
            handler.handle(TestEvent.of(1, TestEvent.header(Optional.of(IVOID)), bytes));
            handler.handle(TestEvent.of(1, TestEvent.header(Optional.of(IVOID)), bytes));

            Receiver.Post post = receiver.posts.get(0);
            assertEquals(sign(post), post.headers().getFirst("webhook-signature"));
            long age = Instant.now().getEpochSecond() - Long.parseLong(post.headers().getFirst("webhook-timestamp"));
            assertTrue(age >= 0 && age < 60, "sent " + age + " s ago");
            assertEquals(post.headers().getFirst("webhook-id"), receiver.posts.get(1).headers().getFirst("webhook-id"),
                    "an event that comes again is known by it");
            assertFalse(log.text().contains(Base64.getEncoder().encodeToString(KEY)), log.text());
            assertFalse(log.text().contains("secret-path"), log.text());
        }
    }

    @Test
    void shouldTakeANewSecretAtOnceAndPostNothingWithoutOne() throws Exception {
        Path secret = folder.resolve("secret");
        try (Receiver receiver = Receiver.answering(200); CapturedLog log = new CapturedLog()) {
            handler = new HttpPost("hook", receiver.url(), Optional.of(secret), Duration.ofSeconds(30), Duration.ZERO, "retry");
            assertTrue(log.text().contains("WARN") && log.text().contains("no event is posted until this is mended"), log.text());
            assertThrows(IOException.class, () -> handler.handle(EVENT));
            secret("not a secret, but hunter2");
            IOException wrong = assertThrows(IOException.class, () -> handler.handle(EVENT));
            assertTrue(wrong.getMessage().contains("openssl") && !wrong.getMessage().contains("hunter2"), wrong.getMessage());
            assertEquals(0, receiver.posts.size());

            secret("whsec_" + Base64.getEncoder().encodeToString(KEY));
            assertEquals(Outcome.DONE, handler.handle(EVENT));
            assertEquals(sign(receiver.posts.get(0)), receiver.posts.get(0).headers().getFirst("webhook-signature"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
    void shouldHoldTheEventWhileTheReceiverCannotTakeIt(int status) throws Exception {
        try (Receiver receiver = Receiver.answering(status, 200)) {
            HttpPost post = new HttpPost("hook", receiver.url(), Optional.empty(), Duration.ofSeconds(30), Duration.ZERO, "discard");

            IOException failure = assertThrows(IOException.class, () -> post.handle(EVENT));

            assertTrue(failure.getMessage().contains("answered " + status), failure.getMessage());
            assertEquals(Outcome.DONE, post.handle(EVENT));
            post.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"301, not followed", "307, not followed", "400, refuses", "401, refuses", "404, refuses", "410, refuses", "422, refuses"})
    void shouldMakeARefusalVisible(int status, String why) throws Exception {
        try (Receiver other = Receiver.answering(200);
                Receiver receiver = Receiver.answering(new Answer(status, Map.of("Location", other.url())));
                CapturedLog log = new CapturedLog()) {
            IOException failure = assertThrows(IOException.class, () -> handler(receiver.url()).handle(EVENT));
            assertTrue(failure.getMessage().contains("answered " + status) && failure.getMessage().contains(why), failure.getMessage());

            HttpPost discarding = new HttpPost("hook", receiver.url(), Optional.empty(), Duration.ofSeconds(30), Duration.ZERO, "discard");
            assertEquals(Outcome.DISCARD, discarding.handle(EVENT));
            discarding.close();

            assertTrue(log.lines().stream().anyMatch(line -> line.contains("WARN") && line.contains("answered " + status)
                    && line.endsWith("discarded id=" + IVOID + " position=42 source=testkit")), log.text());
            assertEquals(0, other.posts.size(), "no redirection is followed");
        }
    }

    @Test
    void shouldWaitAsLongAsTheReceiverAsks() throws Exception {
        try (Receiver receiver = Receiver.answering(new Answer(429, Map.of("Retry-After", "2")), new Answer(200, Map.of()))) {
            assertThrows(IOException.class, () -> handler(receiver.url()).handle(EVENT));
            handler.handle(EVENT);

            assertTrue(between(receiver) >= 1900, between(receiver) + " ms");
        }
    }

    @Test
    void shouldNotWaitLongerThanTheOperatorAllows() throws Exception {
        try (Receiver receiver = Receiver.answering(new Answer(503, Map.of("Retry-After", "86400")), new Answer(200, Map.of()))) {
            handler = new HttpPost("hook", receiver.url(), Optional.empty(), Duration.ofSeconds(30), Duration.ofSeconds(1), "retry");
            assertThrows(IOException.class, () -> handler.handle(EVENT));
            handler.handle(EVENT);

            assertTrue(between(receiver) >= 900 && between(receiver) < 30_000, between(receiver) + " ms");
        }
    }

    @ParameterizedTest
    @CsvSource({"120, 120", "99999999999999999999, 999999999", "soon, -1", "-5, -1", "1.5, -1", "'', -1"})
    void shouldReadSeconds(String value, long seconds) {
        assertEquals(seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)),
                RetryAfter.of(Optional.of(value), Instant.EPOCH));
    }

    @Test
    void shouldReadDates() {
        Instant now = Instant.parse("2026-11-22T07:00:00Z");
        DateTimeFormatter http = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
        assertEquals(Optional.of(Duration.ofSeconds(90)), RetryAfter.of(Optional.of(http.format(now.plusSeconds(90))), now));
        assertEquals(Optional.of(Duration.ZERO), RetryAfter.of(Optional.of(http.format(now.minusSeconds(90))), now));
        assertEquals(Optional.empty(), RetryAfter.of(Optional.empty(), now));
    }

    @Test
    void shouldNotWaitForAReceiverThatHangs() throws Exception {
        try (Receiver receiver = Receiver.hanging()) {
            handler = new HttpPost("hook", receiver.url(), Optional.empty(), Duration.ofSeconds(1), Duration.ZERO, "retry");

            IOException failure = assertThrows(IOException.class, () -> handler.handle(EVENT));

            assertTrue(failure.getMessage().contains("did not answer within 1 s (timeLimitSeconds)"), failure.getMessage());
            receiver.gate.countDown();
            assertEquals(Outcome.DONE, handler.handle(EVENT));
        }
    }

    @Test
    void shouldGoOnWhenAReceiverThatWasAwayIsThere() throws Exception {
        int port;
        try (Receiver receiver = Receiver.answering(200)) {
            port = receiver.port();
        }
        String url = "http://127.0.0.1:" + port + "/";
        IOException failure = assertThrows(IOException.class, () -> handler(url).handle(EVENT));
        assertTrue(failure.getMessage().startsWith("cannot post to http://127.0.0.1:" + port + " (java.net.ConnectException"),
                failure.getMessage());

        try (Receiver receiver = Receiver.on(Receiver.server(port))) {
            assertEquals(Outcome.DONE, handler.handle(EVENT));
            assertEquals(1, receiver.posts.size());
        }
    }

    @Test
    void shouldLeaveWhenItIsReplacedAndItsSuccessorPostsTheEvent() throws Exception {
        try (Receiver receiver = Receiver.hanging()) {
            HttpPost first = handler(receiver.url());
            FutureTask<Outcome> call = new FutureTask<>(() -> first.handle(EVENT));
            Thread lane = new Thread(call, "lane-hook");
            lane.start();
            await().until(() -> receiver.posts.size() == 1);
            lane.interrupt();
            assertInstanceOf(InterruptedException.class, assertThrows(ExecutionException.class, call::get).getCause());
            first.close();
            await().until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals("hook-http")));

            receiver.gate.countDown();
            assertEquals(Outcome.DONE, handler(receiver.url()).handle(EVENT));
            assertArrayEquals(receiver.posts.get(0).body(), receiver.posts.get(1).body());
        }
    }

    @Test
    void shouldTrustNoCertificateThatNobodyHasSigned() throws Exception {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
        try (Receiver receiver = Receiver.on(server)) {
            IOException failure = assertThrows(IOException.class,
                    () -> handler("https://localhost:" + receiver.port() + "/").handle(EVENT));

            assertTrue(failure.getMessage().contains("SSLHandshakeException"), failure.getMessage());
            assertEquals(0, receiver.posts.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ivo://x/y#a\r\nX-Evil: 1", "ivo://x/y#\u0000 \u00e4\u20ac", "\ud800"})
    void shouldLetNoEventWriteHeaders(String ivoid) throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            assertEquals(Outcome.DONE, handler(receiver.url()).handle(TestEvent.of(1, ivoid, "<event/>")));

            assertFalse(receiver.posts.get(0).headers().containsKey("X-Evil"));
            assertTrue(receiver.posts.get(0).headers().getFirst("Bolide-Ivoid").matches("[!-~]+"));
        }
    }

    @Test
    void shouldLeaveOutWhatIsMissingOrTooLong() throws Exception {
        try (Receiver receiver = Receiver.answering(200)) {
            handler(receiver.url()).handle(TestEvent.of(1, TestEvent.header(Optional.empty()), new byte[0]));
            handler.handle(TestEvent.of(2, "x".repeat(1_000_000), ""));

            receiver.posts.forEach(post -> assertNull(post.headers().getFirst("Bolide-Ivoid")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org/hook", "ftp://example.org/", "http:///hook", "https://user:hunter2@example.org/", "https://a b/"})
    void shouldRefuseAUrlThatCannotBe(String url) {
        IllegalArgumentException failure = assertThrows(IllegalArgumentException.class, () -> handler(url));
        assertTrue(failure.getMessage().startsWith("url in org.bolide.handler.httppost must be"), failure.getMessage());
    }

    private HttpPost handler(String url) {
        handler = new HttpPost("hook", url, Optional.empty(), Duration.ofSeconds(30), Duration.ofSeconds(60), "retry");
        return handler;
    }

    private Path secret(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text);
    }

    /** As a receiver does it. */
    private static String sign(Receiver.Post post) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        String start = post.headers().getFirst("webhook-id") + "." + post.headers().getFirst("webhook-timestamp") + ".";
        mac.update(start.getBytes(StandardCharsets.US_ASCII));
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(post.body()));
    }

    private static long between(Receiver receiver) {
        return (receiver.posts.get(1).at() - receiver.posts.get(0).at()) / 1_000_000;
    }

    private SSLContext selfSigned() throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
                "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "SAN=DNS:localhost", "-storepass", "changeit",
                "-keystore", file.toString()).inheritIO().start();
        assertEquals(0, keytool.waitFor());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }
}
