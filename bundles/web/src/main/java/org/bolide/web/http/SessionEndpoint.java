package org.bolide.web.http;

import java.io.IOException;

import javax.servlet.Servlet;

import com.google.gson.JsonObject;
import org.bolide.api.management.Users.Role;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Who the visitor is. */
@Component(service = Servlet.class, property = {Endpoint.NAME + "session", Endpoint.PATTERN + Endpoint.BASE + "/session", Endpoint.CONTEXT})
public final class SessionEndpoint extends Endpoint {

    @Activate
    public SessionEndpoint() {
        route(Route.get("/session", Access.OPEN, SessionEndpoint::show));
    }

    private static void show(Exchange exchange) throws IOException {
        exchange.answer(json(exchange.visitor()));
    }

    private static JsonObject json(Visitor visitor) {
        JsonObject session = new JsonObject();
        Json.put(session, "user", visitor.user());
        Json.put(session, "role", visitor.user().map(user -> (visitor.isAdmin() ? Role.ADMIN : Role.VIEWER).label()));
        session.addProperty("local", visitor.isLocal());
        session.addProperty("mayLook", visitor.mayLook());
        session.addProperty("mayChange", visitor.mayChange());
        return session;
    }
}
