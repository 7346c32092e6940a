package org.bolide.web.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

import javax.servlet.Servlet;
import javax.servlet.ServletConfig;
import javax.servlet.ServletRequest;
import javax.servlet.ServletResponse;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

import com.google.gson.JsonObject;
import org.bolide.web.http.Route.Access;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A group of routes under {@code /api/v1}: finds the route, sees whether the visitor may, and answers with a sentence where it cannot
 * be done. A component with the properties of a whiteboard servlet; called by any number of threads.
 */
public abstract class Endpoint implements Servlet {

    /** Where the API begins. */
    public static final String BASE = "/api/v1";
    /** The property of a component by which it belongs to the page, and is guarded. */
    public static final String CONTEXT = "osgi.http.whiteboard.context.select=(osgi.http.whiteboard.context.name=org.bolide)";
    /** The property of a component that takes its name, which no other servlet may have. */
    public static final String NAME = "osgi.http.whiteboard.servlet.name=";
    /** The property of a component that takes its pattern. */
    public static final String PATTERN = "osgi.http.whiteboard.servlet.pattern=";
    /** The property of a component whose answers may take their time. */
    public static final String ASYNC = "osgi.http.whiteboard.servlet.asyncSupported:Boolean=true";

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    private final List<Route> routes = new ArrayList<>();
    private ServletConfig config;

    /** Adds a route; in the constructor only. */
    protected final void route(Route route) {
        routes.add(route);
    }

    /** All that it answers. */
    public final List<Route> routes() {
        return Collections.unmodifiableList(routes);
    }

    @Override
    public final void service(ServletRequest anyRequest, ServletResponse anyResponse) throws IOException {
        HttpServletRequest request = (HttpServletRequest) anyRequest;
        HttpServletResponse response = (HttpServletResponse) anyResponse;
        try {
            work(request, response);
        } catch (Refusal e) {
            refuse(request, response, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(request, response, new Refusal(503, "the page is being closed; try again later"));
        } catch (RuntimeException e) {
            LOG.warn("{} {} could not be answered; this is a defect, please report it", request.getMethod(), request.getRequestURI(), e);
            refuse(request, response, new Refusal(500, "the broker could not do this; its log file says why"));
        }
    }

    private void work(HttpServletRequest request, HttpServletResponse response) throws IOException, Refusal, InterruptedException {
        String path = path(request);
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        TreeSet<String> methods = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> values = route.match(path);
            if (values.isPresent() && route.method().equals(method)) {
                admit(route, Visitor.of(request));
                known(route, request);
                route.work().answer(new Exchange(request, response, values.get()));
                return;
            }
            values.ifPresent(here -> methods.add(route.method()));
        }
        if (methods.isEmpty()) {
            throw new Refusal(404, "there is no " + request.getRequestURI() + "; " + BASE + "/openapi.json tells what there is");
        }
        response.setHeader("Allow", String.join(", ", methods));
        throw new Refusal(405, "here only " + String.join(" and ", methods) + " can be asked for");
    }

    private static String path(HttpServletRequest request) {
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        return path.startsWith(BASE) ? path.substring(BASE.length()) : path;
    }

    private static void admit(Route route, Visitor visitor) throws Refusal {
        boolean may = switch (route.access()) {
            case OPEN -> true;
            case LOOK -> visitor.mayLook();
            case REGISTER -> visitor.mayRegister();
            case CHANGE -> visitor.mayChange();
        };
        if (!may && visitor.user().isEmpty()) {
            throw new Refusal(401, "this is for users who have logged in" + (route.access() == Access.LOOK ? "" : " as an admin"));
        } else if (!may) {
            throw new Refusal(403, "this is for users with the role admin");
        }
    }

    private static void known(Route route, HttpServletRequest request) throws Refusal {
        if (request.getQueryString() == null) {
            return;
        }
        for (String name : request.getParameterMap().keySet()) {
            if (!route.parameters().contains(name)) {
                throw new Refusal(400, "there is no parameter \"" + name + "\" here" + (route.parameters().isEmpty() ? ""
                        : "; there are: " + String.join(", ", new TreeSet<>(route.parameters()))));
            }
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, Refusal refusal) throws IOException {
        if (response.isCommitted()) {
            LOG.debug("{}: too late to say \"{}\"", request.getRequestURI(), refusal.getMessage());
            return;
        }
        response.resetBuffer();
        JsonObject answer = refusal.answer();
        new Exchange(request, response, Map.of()).answer(refusal.status(), answer);
    }

    @Override
    public final void init(ServletConfig servletConfig) {
        config = servletConfig;
    }

    @Override
    public final ServletConfig getServletConfig() {
        return config;
    }

    @Override
    public String getServletInfo() {
        return getClass().getSimpleName();
    }

    /** What {@code @Deactivate} is for is done there. */
    @Override
    public final void destroy() {
        config = null;
    }
}
