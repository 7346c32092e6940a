package org.bolide.handler.httppost;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;

/** A web server that records what is posted to it, and answers as it is told; the last of the answers holds for ever. */
final class Receiver implements AutoCloseable {

    record Answer(int status, Map<String, String> headers) {}

    record Post(String method, String path, Headers headers, byte[] body, long at) {}

    final List<Post> posts = new CopyOnWriteArrayList<>();
    final CountDownLatch gate;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private Receiver(HttpServer server, boolean hanging, List<Answer> answers) {
        this.server = server;
        gate = new CountDownLatch(hanging ? 1 : 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                posts.add(new Post(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                        exchange.getRequestHeaders(), body, System.nanoTime()));
                gate.await();
                Answer answer = answers.get(Math.min(posts.size(), answers.size()) - 1);
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status(), -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    static Receiver answering(int... statuses) throws IOException {
        return new Receiver(server(0), false, java.util.Arrays.stream(statuses).mapToObj(s -> new Answer(s, Map.of())).toList());
    }

    static Receiver answering(Answer... answers) throws IOException {
        return new Receiver(server(0), false, List.of(answers));
    }

    static Receiver hanging() throws IOException {
        return new Receiver(server(0), true, List.of(new Answer(200, Map.of())));
    }

    /** One on the given server, which is not started yet. */
    static Receiver on(HttpServer server) {
        return new Receiver(server, false, List.of(new Answer(200, Map.of())));
    }

    static HttpServer server(int port) throws IOException {
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hooks/secret-path?key=1";
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
