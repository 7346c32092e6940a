package org.bolide.benchmarks.load;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WatchersTest {

    private static final int WATCHERS = 3;
    private static final Duration SILENCE = Duration.ofSeconds(3);

    private final CountDownLatch begin = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(executor);
        server.start();
    }

    @AfterEach
    void stop() {
        begin.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    private Watchers watch() throws IOException, InterruptedException {
        return new Watchers("127.0.0.1", server.getAddress().getPort(), WATCHERS);
    }

    /** Five events, in pieces that end in the middle of a name; the last one who asks is told of one less. Then the connection is closed. */
    private void tell(HttpExchange exchange) throws IOException {
        int number = asked.incrementAndGet();
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(": hello\n\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            begin.await();
            for (int n = number == WATCHERS ? 1 : 0; n < 5; n++) {
                for (String piece : "event: alerts\nid: 1\ndata: {\"events\":[{\"seq#uence\":1,\"stream\":\"a\"}]}\n\n".split("#")) {
                    out.write(piece.getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldCountWhatEachIsToldOf() throws Exception {
        server.createContext("/api/v1/watch", this::tell);
        try (Watchers watchers = watch()) {
            assertEquals(0, watchers.missingOrRepeated(0));
            begin.countDown();
            IOException closed = assertThrows(IOException.class, () -> watchers.drain(5, SILENCE));
            assertTrue(closed.getMessage().contains("closed the connection of a watcher"), closed.getMessage());
            await().until(() -> watchers.missingOrRepeated(5) == 1);
        }
    }

    @Test
    void shouldSayWhatTheBrokerAnsweredInstead() {
        server.createContext("/api/v1/watch", exchange -> {
            exchange.sendResponseHeaders(403, -1);
            exchange.close();
        });
        IOException refused = assertThrows(IOException.class, this::watch);
        assertTrue(refused.getMessage().contains("403"), refused.getMessage());
    }
}
