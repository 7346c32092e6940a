package org.bolide.web.broker;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

import javax.servlet.Servlet;

import com.google.gson.JsonObject;
import org.bolide.api.Ephemeris;
import org.bolide.api.SkyPosition;
import org.bolide.web.http.Endpoint;
import org.bolide.web.http.Exchange;
import org.bolide.web.http.Refusal;
import org.bolide.web.http.Route;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Where the Sun and the Moon are, for the map. */
@Component(service = {Servlet.class, Endpoint.class}, property = {
        Endpoint.NAME + "sky", Endpoint.PATTERN + Endpoint.BASE + "/sky", Endpoint.CONTEXT})
public final class SkyEndpoint extends Endpoint {

    private final Supplier<Optional<Ephemeris>> ephemeris;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Ephemeris known;

    @Activate
    public SkyEndpoint() {
        ephemeris = () -> Optional.ofNullable(known);
        route(Route.get("/sky", Access.OPEN, this::show, "at"));
    }

    SkyEndpoint(Ephemeris known) {
        ephemeris = () -> Optional.of(known);
        route(Route.get("/sky", Access.OPEN, this::show, "at"));
    }

    private void show(Exchange exchange) throws IOException, Refusal {
        Ephemeris now = ephemeris.get().orElseThrow(() -> new Refusal(503, "the bundle that knows Sun and Moon, org.bolide.filtering, does not run"));
        Instant at = exchange.time("at").orElseGet(Instant::now);
        JsonObject json = new JsonObject();
        json.addProperty("at", at.toString());
        json.add("sun", place(now.sun(at), at));
        json.add("moon", place(now.moon(at), at));
        exchange.answer(json);
    }

    private static JsonObject place(SkyPosition position, Instant at) throws Refusal {
        if (!Double.isFinite(position.longitude()) || !Double.isFinite(position.latitude())) {
            throw new Refusal(400, "where Sun and Moon were at " + at + " is not known");
        }
        JsonObject json = new JsonObject();
        json.addProperty("longitude", position.longitude());
        json.addProperty("latitude", position.latitude());
        return json;
    }
}
