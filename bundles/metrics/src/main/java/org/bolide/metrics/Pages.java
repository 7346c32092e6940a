package org.bolide.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.metrics.Exposition.Page;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The pages of a metrics port. Safe for any number of threads. */
final class Pages implements HttpHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    private final Exposition exposition;

    Pages(Exposition exposition) {
        this.exposition = exposition;
    }

    private record Answer(int status, Page page) {

        static Answer of(int status, String type, String text) {
            return new Answer(status, new Page(type, text.getBytes(UTF_8)));
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (RuntimeException e) {
                LOG.warn("{} could not be answered; this is a defect, please report it", exchange.getRequestURI().getPath(), e);
                answer = Answer.of(500, TEXT, "The broker could not make this page; its log file says why.\n");
            }
            send(exchange, answer);
        }
    }

    private Answer answer(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        if (!Hosts.isAllowed(exchange.getLocalAddress().getAddress(), headers.getFirst("Host"))) {
            return Answer.of(403, TEXT, "This port answers to addresses and to localhost only.\n");
        }
        String path = exchange.getRequestURI().getPath();
        if (!List.of("/metrics", "/health/live", "/health/ready").contains(path)) {
            return Answer.of(404, TEXT, "Not here. This port has /metrics, /health/live and /health/ready.\n");
        }
        if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return Answer.of(405, TEXT, "This page can only be read: GET or HEAD.\n");
        }
        return switch (path) {
            case "/metrics" -> new Answer(200, exposition.metrics(headers.getFirst("Accept")));
            case "/health/live" -> {
                List<Problem> problems = exposition.problems();
                yield health(Health.isLive(problems), "live", problems);
            }
            default -> {
                List<Problem> problems = exposition.problems();
                yield health(Health.isReady(problems), "ready", problems);
            }
        };
    }

    private static Answer health(boolean good, String word, List<Problem> problems) {
        return Answer.of(good ? 200 : 503, JSON, HealthPage.of(good ? word : "not " + word, problems));
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.page.contentType());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        byte[] content = answer.page.content();
        if (acceptsGzip(exchange.getRequestHeaders().getFirst("Accept-Encoding"))) {
            content = gzip(content);
            headers.set("Content-Encoding", "gzip");
        }
        headers.set("Vary", "Accept, Accept-Encoding");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status, -1);
        } else {
            exchange.sendResponseHeaders(answer.status, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private static boolean acceptsGzip(String encodings) {
        return encodings != null && encodings.matches("(?i)(.*[,\\s])?gzip(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*");
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }
}
