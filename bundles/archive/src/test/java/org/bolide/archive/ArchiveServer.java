package org.bolide.archive;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.EventLog;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.TestEvent;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** The servlet in the Jetty that Karaf's http-whiteboard has, and a client of it. */
final class ArchiveServer implements AutoCloseable {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();
    final ArchiveServlet servlet;

    ArchiveServer(EventLog log) throws Exception {
        this(log, 100, 10_000, 2);
    }

    ArchiveServer(EventLog log, int defaultRows, int maxRows, int maxExports) throws Exception {
        servlet = new ArchiveServlet("1.2.3", new Config(defaultRows, maxRows, maxExports), log);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(new ServletHolder(servlet), "/apiv1/*");
        server.setHandler(context);
        server.start();
    }

    /** An event with the header that its text tells. */
    static byte[] read(MemoryBroker log, byte[] event) {
        log.append(TestEvent.read(1, event).header(), event);
        return event;
    }

    String address() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    int port() {
        return connector.getLocalPort();
    }

    /** @param path with its query, as it is sent */
    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    HttpResponse<byte[]> send(String method, String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address() + path)).method(method, HttpRequest.BodyPublishers.noBody()).build(),
                BodyHandlers.ofByteArray());
    }

    HttpResponse<InputStream> open(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(address() + path)).build(), BodyHandlers.ofInputStream());
    }

    JsonObject json(int status, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(path);
        String text = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(status, response.statusCode(), () -> path + ": " + text);
        assertEquals("application/json", response.headers().firstValue("Content-Type").orElse("none"));
        return JsonParser.parseString(text).getAsJsonObject();
    }

    JsonElement result(String path) throws IOException, InterruptedException {
        return json(200, path).get("result");
    }


    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private record Config(int defaultRows, int maxRows, int maxExports) implements ArchiveConfig {

        @Override
        public Class<ArchiveConfig> annotationType() {
            return ArchiveConfig.class;
        }
    }
}
