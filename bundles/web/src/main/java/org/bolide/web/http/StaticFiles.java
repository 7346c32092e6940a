package org.bolide.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import javax.servlet.Servlet;
import javax.servlet.ServletConfig;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The files of the page, out of the bundle: {@code /} is {@code index.html}. A browser asks each time whether a file has changed, and
 * mostly hears that it has not; a library's address, {@code /webjars/NAME/VERSION/…}, has its version, and it is kept. Each file is read, digested and
 * compressed once.
 */
@Component(service = Servlet.class, property = {Endpoint.NAME + "page", Endpoint.PATTERN + "/", Endpoint.CONTEXT, "load-on-startup:Integer=1"})
public final class StaticFiles implements Servlet {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "json", "application/json",
            "webmanifest", "application/manifest+json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "txt", "text/plain;charset=utf-8");
    private static final String ALWAYS_ASK = "no-cache";
    private static final String LIBRARIES = "/webjars/";
    private static final String KEEP = "public, max-age=31536000, immutable";

    private final String root;
    private final Runnable served;
    private final Map<String, Content> contents = new ConcurrentHashMap<>();

    private record Content(String type, String caching, byte[] plain, Optional<byte[]> compressed, String tag) {}

    @Activate
    public StaticFiles(@Reference PageServer page) {
        this("/page", page::isServed);
    }

    /**
     * @param root where the files are on the class path
     * @param served told when the HTTP server has taken it up
     */
    StaticFiles(String root, Runnable served) {
        this.root = root;
        this.served = served;
    }

    @Override
    public void service(ServletRequest anyRequest, ServletResponse anyResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) anyRequest;
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.setHeader("Allow", "GET, HEAD");
            text(response, 405, "This can only be read.");
            return;
        }
        Optional<Content> content = content(path.isEmpty() || path.equals("/") ? "/index.html" : path);
        if (content.isEmpty()) {
            text(response, 404, "There is no such page here; the broker's page is at /.");
        } else {
            send(content.get(), request, response);
        }
    }

    private Optional<Content> content(String path) throws IOException {
        Content known = contents.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        try (InputStream in = StaticFiles.class.getResourceAsStream(path.startsWith(LIBRARIES) ? "/META-INF/resources" + path : root + path)) {
            if (in == null) {
                return Optional.empty();
            }
            Content content = content(path, type, in.readAllBytes());
            contents.put(path, content);
            return Optional.of(content);
        }
    }

    private static Content content(String path, String type, byte[] plain) throws IOException {
        byte[] compressed = Gzip.of(plain);
        boolean isWorth = plain.length > Gzip.WORTH_BYTES && compressed.length < plain.length * 9 / 10;
        return new Content(type, path.startsWith(LIBRARIES) ? KEEP : ALWAYS_ASK, plain,
                isWorth ? Optional.of(compressed) : Optional.empty(), digest(plain));
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void send(Content content, HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean isCompressed = content.compressed.isPresent() && Gzip.isAccepted(request);
        String tag = "\"" + content.tag + (isCompressed ? "-gz" : "") + "\"";
        response.setHeader("ETag", tag);
        response.setHeader("Cache-Control", content.caching);
        response.setHeader("Vary", "Accept-Encoding");
        String known = request.getHeader("If-None-Match");
        if (known != null && (known.contains(tag) || known.equals("*"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        byte[] body = isCompressed ? content.compressed.get() : content.plain;
        response.setHeader("Content-Type", content.type);
        if (isCompressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static void text(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setHeader("Content-Type", "text/plain;charset=utf-8");
        response.getOutputStream().print(text + "\n");
    }

    @Override
    public void init(ServletConfig config) {
        served.run();
    }

    @Override
    public ServletConfig getServletConfig() {
        return null;
    }

    @Override
    public String getServletInfo() {
        return "the files of the page";
    }

    @Override
    public void destroy() {}
}
