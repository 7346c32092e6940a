package org.bolide.web.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import javax.servlet.Servlet;
import javax.servlet.http.HttpServletResponse;

import org.bolide.api.EventLog;
import org.bolide.web.http.Endpoint;
import org.bolide.web.http.Exchange;
import org.bolide.web.http.Refusal;
import org.bolide.web.http.Route;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Events as they come, for browsers: server-sent events (HTML Living Standard, section 9.2). */
@Component(service = {Servlet.class, Endpoint.class}, configurationPid = WatchEndpoint.PID,
        property = {Endpoint.CONTEXT, Endpoint.NAME + "watch", Endpoint.PATTERN + "/api/v1/watch", Endpoint.ASYNC})
@Designate(ocd = WatchConfig.class)
public final class WatchEndpoint extends Endpoint {

    static final String PID = "org.bolide.web.watch";

    private static final int MAX_FILTERS = 50;

    private final Watchers watchers;

    @Activate
    public WatchEndpoint(WatchConfig config, @Reference FilterKeeper keeper, @Reference EventLog log) {
        this(new Watchers(log, keeper.book(), limits(config)));
    }

    WatchEndpoint(Watchers watchers) {
        this.watchers = watchers;
        route(Route.get("/watch", Access.OPEN, this::watch, "filter", "after"));
    }

    private static Watchers.Limits limits(WatchConfig config) {
        within("maxWatchers", config.maxWatchers(), 100_000);
        within("maxWatchersPerAddress", config.maxWatchersPerAddress(), 100_000);
        within("keepAliveSeconds", config.keepAliveSeconds(), 3_600);
        within("stalledSeconds", config.stalledSeconds(), 86_400);
        return new Watchers.Limits(config.maxWatchers(), config.maxWatchersPerAddress(), config.keepAliveSeconds() * 1_000L,
                config.stalledSeconds() * 1_000L);
    }

    private static void within(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("etc/" + PID + ".cfg, key " + key + ": " + value + " is out of range; allowed are 1 to " + most);
        }
    }

    private void watch(Exchange exchange) throws IOException, Refusal {
        if (exchange.request().getMethod().equals("HEAD")) {
            describe(exchange.response());
            return; // there is no end of what GET would give
        }
        List<String> filters = exchange.parameters("filter").stream().distinct().toList();
        if (filters.size() > MAX_FILTERS) {
            throw new Refusal(400, "at most " + MAX_FILTERS + " filters can be watched together");
        }
        Watchers.Wish wish = new Watchers.Wish(address(exchange.request().getRemoteAddr()), filters, after(exchange));
        try {
            watchers.watch(wish, () -> begin(exchange));
        } catch (UncheckedIOException e) {
            throw new Refusal(503, "the log cannot be read just now: " + e.getMessage());
        }
    }

    private static AlertStream begin(Exchange exchange) throws IOException {
        describe(exchange.response());
        return new AlertStream(exchange.request().startAsync());
    }

    private static void describe(HttpServletResponse response) {
        response.setHeader("Content-Type", "text/event-stream;charset=utf-8");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no"); // nginx would keep updates back
    }

    /** Where the browser was, by itself or by who sent it here. */
    private static OptionalLong after(Exchange exchange) throws Refusal {
        Optional<String> last = Optional.ofNullable(exchange.request().getHeader("Last-Event-ID")).filter(text -> !text.isBlank());
        Optional<String> place = last.or(() -> exchange.parameter("after"));
        if (place.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!place.get().matches("[0-9]{1,18}")) {
            throw new Refusal(400, (last.isPresent() ? "Last-Event-ID" : "parameter after") + ": \"" + place.get() + "\" is not the sequence of an event");
        }
        return OptionalLong.of(Long.parseLong(place.get()));
    }

    private static Optional<String> address(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress() ? Optional.empty() : Optional.of(address);
        } catch (UnknownHostException e) {
            return Optional.of(address); // counted by whatever it is
        }
    }

    @Deactivate
    void close() {
        watchers.close();
    }
}
