package org.bolide.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what stands below {@code /apiv1}, on the threads of whoever serves HTTP, in the context of the page. */
@Component(name = ArchiveServlet.PID, configurationPid = ArchiveServlet.PID, configurationPolicy = ConfigurationPolicy.OPTIONAL,
        service = Servlet.class, property = {
                "osgi.http.whiteboard.servlet.name=" + ArchiveServlet.PID,
                "osgi.http.whiteboard.servlet.pattern=" + Endpoint.BASE + "/*",
                "osgi.http.whiteboard.context.select=(osgi.http.whiteboard.context.name=org.bolide)"})
@Designate(ocd = ArchiveConfig.class)
public final class ArchiveServlet extends HttpServlet {

    static final String PID = "org.bolide.archive";

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveServlet.class);
    private static final Gson JSON = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private final transient ArchiveConfig config;
    private final transient Answers answers;
    private final transient Exports exports;
    private final String version;

    @Activate
    public ArchiveServlet(BundleContext context, ArchiveConfig config, @Reference EventLog log) {
        this(context.getBundle().getVersion().toString(), config, log);
    }

    ArchiveServlet(String version, ArchiveConfig config, EventLog log) {
        this.version = version;
        this.config = config;
        answers = new Answers(log);
        exports = new Exports(log, config.maxExports());
    }

    @Deactivate
    void close() {
        exports.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (!Set.of("GET", "HEAD").contains(request.getMethod())) {
                response.setHeader("Allow", "GET, HEAD");
                throw ApiError.notAllowed(request.getMethod());
            }
            answer(request, response);
        } catch (ApiError e) {
            LOG.debug("{} {}: {}", e.code(), request.getRequestURI(), e.getMessage());
            refuse(e, request, response);
        } catch (UncheckedIOException e) {
            LOG.warn("The archive could not answer {}, for the log cannot be read: {}", request.getRequestURI(), e.getMessage(), e);
            refuse(ApiError.unreadable(), request, response);
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws ApiError, IOException {
        // As it was sent: the decoded path does not tell an IVORN's slashes from those of the URL.
        String path = request.getRequestURI().substring(Math.min(request.getRequestURI().length(),
                request.getContextPath().length() + Endpoint.BASE.length()));
        Endpoint endpoint = Endpoint.at(path).orElseThrow(() -> ApiError.noSuchEndpoint(path));
        QueryString query = QueryString.of(request.getQueryString());
        switch (endpoint) {
            case ROOT -> json(200, Answers.root(version), request, response);
            case EXPORT_TAR, EXPORT_VOT -> export(endpoint, query, request, response);
            case PACKET_XML -> packet(answers.event(QueryString.decodedPath(endpoint.rest(path))), request, response);
            case PACKET_SYNOPSIS -> json(200, envelope(endpoint, query, request, Map.of(
                    "result", answers.synopsis(answers.event(QueryString.decodedPath(endpoint.rest(path)))))), request, response);
            case LIST_IVORN, LIST_IVORN_CITED_COUNT, LIST_IVORN_NCITES, LIST_IVORN_NREFS, LIST_IVORN_REFERENCE_COUNT -> {
                Paging page = Paging.of(query, config.defaultRows(), config.maxRows());
                EventQuery selection = Selection.of(query);
                json(200, envelope(endpoint, query, request, Map.of("limit", page.limit(), "result", switch (endpoint) {
                    case LIST_IVORN -> answers.ivorns(selection, page);
                    case LIST_IVORN_NCITES, LIST_IVORN_CITED_COUNT -> answers.citations(selection, page);
                    default -> answers.references(selection, page);
                })), request, response);
            }
            default -> {
                EventQuery selection = Selection.of(query);
                json(200, envelope(endpoint, query, request, Map.of("result", switch (endpoint) {
                    case COUNT -> answers.count(selection);
                    case MAP_AUTHORED_MONTH_COUNT -> answers.months(selection);
                    case MAP_ROLE_COUNT -> answers.roles(selection);
                    case MAP_STREAM_COUNT -> answers.streams(selection);
                    default -> answers.rolesOfStreams(selection);
                })), request, response);
            }
        }
    }

    private static Map<String, Object> envelope(Endpoint endpoint, QueryString query, HttpServletRequest request, Map<String, Object> content) {
        Map<String, Object> envelope = new TreeMap<>(content);
        envelope.put("endpoint", endpoint.rule());
        envelope.put("querystring", query.values());
        envelope.put("url", request.getRequestURL() + (request.getQueryString() == null ? "" : "?" + request.getQueryString()));
        return envelope;
    }

    private static void packet(BrokerEvent event, HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] bytes = PacketText.bytes(event);
        String encoding = PacketText.of(bytes).encoding();
        response.setContentType("text/xml;charset=" + (Charset.isSupported(encoding) ? Charset.forName(encoding).name() : "utf-8"));
        // A stranger's XML shall not run in the page's name, should it be XHTML.
        response.addHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        send(bytes, request, response);
    }

    private void export(Endpoint endpoint, QueryString query, HttpServletRequest request, HttpServletResponse response) throws ApiError, IOException {
        for (String key : new String[] {"offset", "order"}) {
            if (query.values().containsKey(key)) {
                throw ApiError.query(key, query.first(key), "an export has no such key: it begins with the newest event.");
            }
        }
        boolean tar = endpoint == Endpoint.EXPORT_TAR;
        try (Exports.Export export = exports.begin(Selection.of(query), Paging.number(query, "limit", Long.MAX_VALUE))) {
            response.setContentType(tar ? "application/x-tar" : "application/x-votable+xml");
            response.setHeader("Content-Disposition", "attachment; filename=\"events." + (tar ? "tar" : "vot") + "\"");
            if (request.getMethod().equals("HEAD")) {
                return;
            }
            OutputStream out = response.getOutputStream();
            long events = export.write(tar ? new TarFormat(out) : new VotableFormat(out,
                    request.getRequestURL() + (request.getQueryString() == null ? "" : "?" + request.getQueryString())));
            LOG.debug("{} events exported to {}", events, request.getRemoteAddr());
        }
    }

    private static void refuse(ApiError error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (response.isCommitted()) {
            throw new IOException("the export ends before its end: " + error.getMessage());
        }
        response.resetBuffer();
        response.setHeader("Content-Disposition", null);
        if (error.code() == 503) {
            response.setHeader("Retry-After", "60");
        }
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("code", error.code());
        content.put("description", error.description());
        content.put("message", error.getMessage());
        json(error.code(), Map.of("error", content), request, response);
    }

    private static void json(int status, Map<String, Object> content, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(status);
        response.setContentType("application/json");
        send(JSON.toJson(content).getBytes(StandardCharsets.UTF_8), request, response);
    }

    private static void send(byte[] bytes, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentLength(bytes.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(bytes);
        }
    }
}
