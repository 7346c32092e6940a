package org.bolide.web.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.Objects;

import javax.servlet.Servlet;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The description of the API, for people and for programs: OpenAPI 3.1. */
@Component(service = {Servlet.class, Endpoint.class}, property = {
        Endpoint.NAME + "openapi", Endpoint.PATTERN + Endpoint.BASE + "/openapi.json", Endpoint.CONTEXT})
public final class OpenApiEndpoint extends Endpoint {

    private static final String FILE = "/OSGI-INF/bolide/openapi.json";

    @Activate
    public OpenApiEndpoint() {
        route(Route.get("/openapi.json", Access.OPEN, exchange -> exchange.answer(document())));
    }

    static JsonElement document() throws IOException {
        try (InputStream in = OpenApiEndpoint.class.getResourceAsStream(FILE)) {
            return JsonParser.parseReader(new InputStreamReader(Objects.requireNonNull(in, FILE), UTF_8));
        }
    }
}
