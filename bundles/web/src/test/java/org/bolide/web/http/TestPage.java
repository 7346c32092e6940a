package org.bolide.web.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Set;

import javax.servlet.DispatcherType;
import javax.servlet.Filter;
import javax.servlet.FilterChain;
import javax.servlet.FilterConfig;
import javax.servlet.Servlet;
import javax.servlet.ServletException;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.bolide.web.http.Sessions.Login;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.FilterHolder;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The product's HTTP server with some servlets, behind the guard, on a port of its own. */
public final class TestPage implements AutoCloseable {

    private final Server server = new Server();
    private final ServletContextHandler handler = new ServletContextHandler();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();
    final Sessions sessions;

    /** An answer, its JSON read where it is such. */
    public record Answer(int status, String body, HttpResponse<byte[]> whole) {

        public JsonElement json() {
            return JsonParser.parseString(body);
        }

        public String error() {
            return json().getAsJsonObject().get("error").getAsString();
        }

        public String header(String name) {
            return whole.headers().firstValue(name).orElse("");
        }
    }

    public TestPage() {
        this(Clock.systemUTC());
    }

    TestPage(InstantSource clock, String... hosts) {
        sessions = new Sessions(clock);
        Guard guard = new Guard(Set.of(hosts), sessions);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(handler);
        FilterHolder filter = new FilterHolder(new Door(guard));
        filter.setAsyncSupported(true);
        handler.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    /** What the whiteboard does with the context's {@code handleSecurity}. */
    private record Door(Guard guard) implements Filter {

        @Override
        public void init(FilterConfig config) {}

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
            if (guard.admits((HttpServletRequest) request, (HttpServletResponse) response)) {
                chain.doFilter(request, response);
            }
        }

        @Override
        public void destroy() {}
    }

    /** Adds a servlet; {@code asyncSupported} as in the product. */
    public TestPage with(String pattern, Servlet servlet) {
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        handler.addServlet(holder, pattern);
        return this;
    }

    /** Adds endpoints at the base of the API. */
    public TestPage with(String group, Endpoint endpoint) {
        return with(Endpoint.BASE + group, (Servlet) endpoint).with(Endpoint.BASE + group + "/*", (Servlet) endpoint);
    }

    public TestPage start() throws Exception {
        server.start();
        return this;
    }

    public int port() {
        return connector.getLocalPort();
    }

    /** The cookie of a session of a user. */
    public String cookie(String user, boolean isAdmin) {
        return Sessions.COOKIE + "=" + sessions.begin(new Login(user, isAdmin));
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> whole = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(whole.statusCode(), new String(whole.body(), UTF_8), whole);
    }

    public Answer post(String path, String type, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body)).header("Content-Type", type);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    /** What comes back for a request as it stands; the client's own would not let every header pass. */
    public String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(UTF_8));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("Jetty did not stop", e);
        }
    }
}
