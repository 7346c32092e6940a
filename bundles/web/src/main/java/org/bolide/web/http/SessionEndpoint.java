package org.bolide.web.http;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import javax.servlet.Servlet;
import javax.servlet.http.HttpServletRequest;

import com.google.gson.JsonObject;
import org.bolide.api.management.Users.Role;
import org.bolide.web.http.Route.Access;
import org.bolide.web.http.Sessions.Login;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who the visitor is: logged in, and out. */
@Component(service = {Servlet.class, Endpoint.class}, property = {
        Endpoint.NAME + "session", Endpoint.PATTERN + Endpoint.BASE + "/session", Endpoint.CONTEXT})
public final class SessionEndpoint extends Endpoint {

    private static final Logger ACTS = LoggerFactory.getLogger("org.bolide.audit");
    private static final int MAX_NAME = 64;
    private static final int MAX_PASSWORD = 1024;
    private static final int PATIENCE_SECONDS = 5;

    private final Sessions sessions;
    private final Realm realm;
    private final LoginPace pace;
    /** A password's hash takes a processor for a moment. */
    private final Semaphore looking = new Semaphore(1, true);

    @Activate
    public SessionEndpoint(@Reference PageServer page) {
        this(page.sessions(), Realm::karaf, new LoginPace(Clock.systemUTC()));
    }

    SessionEndpoint(Sessions sessions, Realm realm, LoginPace pace) {
        this.sessions = sessions;
        this.realm = realm;
        this.pace = pace;
        route(Route.get("/session", Access.OPEN, exchange -> exchange.answer(json(exchange.visitor()))));
        route(Route.post("/session", Access.OPEN, this::logIn));
        route(Route.delete("/session", Access.OPEN, this::logOut));
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

    private void logIn(Exchange exchange) throws IOException, Refusal, InterruptedException {
        JsonObject asked = exchange.json();
        String user = Exchange.text(asked, "user");
        String password = Exchange.text(asked, "password");
        String address = address(exchange.request());
        Duration wait = pace.toWait(address);
        if (!wait.isZero()) {
            exchange.response().setHeader("Retry-After", Long.toString(wait.toSeconds() + 1));
            throw new Refusal(429, "too many wrong passwords; try again in " + (wait.toSeconds() + 1) + " s");
        }
        Optional<Set<String>> roles = user.length() > MAX_NAME || password.length() > MAX_PASSWORD ? Optional.empty() : roles(user, password);
        boolean isAdmin = roles.filter(names -> names.contains(Role.ADMIN.label())).isPresent();
        if (!isAdmin && roles.filter(names -> names.contains(Role.VIEWER.label())).isEmpty()) {
            pace.failed(address);
            ACTS.info("{} (the page, from {}): log in: failed: {}", shown(user), address, roles.isPresent() ? "no role here" : "wrong name or password");
            throw new Refusal(401, "the name or the password is wrong");
        }
        pace.succeeded(address);
        Guard.cookie(exchange.request()).ifPresent(sessions::end);
        cookie(exchange, sessions.begin(new Login(user, isAdmin)), "");
        ACTS.info("{} (the page, from {}): log in: done", user, address);
        exchange.answer(json(new Visitor(Optional.of(user), isAdmin, exchange.visitor().isLocal())));
    }

    private Optional<Set<String>> roles(String user, String password) throws Refusal, InterruptedException {
        if (!looking.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new Refusal(503, "too many log in at once; try again later");
        }
        try {
            return realm.roles(user, password);
        } finally {
            looking.release();
        }
    }

    private void logOut(Exchange exchange) throws IOException {
        Guard.cookie(exchange.request()).ifPresent(sessions::end);
        cookie(exchange, "", "; Max-Age=0");
        exchange.visitor().user().ifPresent(user -> ACTS.info("{} (the page): log out: done", user));
        exchange.answer(json(new Visitor(Optional.empty(), false, exchange.visitor().isLocal())));
    }

    /** By hand: the servlet API of this version has no word for SameSite. */
    private static void cookie(Exchange exchange, String secret, String more) {
        boolean isSecure = exchange.request().isSecure() || "https".equalsIgnoreCase(exchange.request().getHeader("X-Forwarded-Proto"));
        exchange.response().addHeader("Set-Cookie",
                Sessions.COOKIE + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "") + more);
    }

    /** Behind a proxy, whom the proxy names: the last name is its own. */
    private static String address(HttpServletRequest request) {
        String forwarded = request.getHeader("X-Forwarded-For");
        String last = forwarded == null ? "" : forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
        return request.getRemoteAddr() + (last.isEmpty() ? "" : " for " + shown(last));
    }

    private static String shown(String text) {
        String visible = text.replaceAll("[^\\p{Graph}]", "?");
        return visible.length() <= MAX_NAME ? visible : visible.substring(0, MAX_NAME) + "…";
    }
}
