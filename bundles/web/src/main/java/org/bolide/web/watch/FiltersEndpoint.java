package org.bolide.web.watch;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.servlet.Servlet;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Filters.Match;
import org.bolide.api.management.Filters.Trial;
import org.bolide.web.events.EventJson;
import org.bolide.web.http.Endpoint;
import org.bolide.web.http.Exchange;
import org.bolide.web.http.Json;
import org.bolide.web.http.Refusal;
import org.bolide.web.http.Route;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page's filters by HTTP: listed, checked, tried, registered, deleted. */
@Component(service = {Servlet.class, Endpoint.class}, property = {Endpoint.CONTEXT, Endpoint.NAME + "filters", Endpoint.PATTERN + "/api/v1/filters/*"})
public final class FiltersEndpoint extends Endpoint {

    /** Where the key stands with which a filter is deleted. */
    static final String KEY_HEADER = "Bolide-Filter-Key";

    private static final Logger ACTS = LoggerFactory.getLogger("org.bolide.audit");
    private static final int MAX_DAYS = 36_500;
    private static final int DAYS = 30;

    private final FilterBook book;
    private final FilterLanguages languages;
    private final TrialDesk desk;
    private final EventLog log;

    private final Supplier<Collection<Connections>> connections;

    @Activate
    public FiltersEndpoint(@Reference FilterKeeper keeper, @Reference EventLog log) {
        this(keeper.book(), keeper.languages(), keeper.desk(), log, keeper::connections);
    }

    FiltersEndpoint(FilterBook book, FilterLanguages languages, TrialDesk desk, EventLog log, Supplier<Collection<Connections>> connections) {
        this.connections = connections;
        this.book = book;
        this.languages = languages;
        this.desk = desk;
        this.log = log;
        route(Route.get("/filters", Access.OPEN, this::list));
        route(Route.post("/filters", Access.REGISTER, this::register));
        route(Route.post("/filters/check", Access.REGISTER, this::check));
        route(Route.post("/filters/trial", Access.REGISTER, this::trial));
        route(Route.delete("/filters/{name}", Access.OPEN, this::delete));
    }

    private void list(Exchange exchange) throws IOException {
        JsonArray list = new JsonArray();
        book.all().forEach(live -> list.add(json(live, exchange.visitor().mayLook())));
        JsonObject answer = new JsonObject();
        answer.add("filters", list);
        exchange.answer(answer);
    }

    private JsonObject json(LiveFilter live, boolean mayLook) {
        JsonObject json = new JsonObject();
        json.addProperty("name", live.filter().name());
        json.addProperty("language", live.filter().language());
        json.addProperty("text", live.filter().text());
        json.addProperty("createdAt", live.filter().createdAt().toString());
        Json.put(json, "fault", live.fault());
        live.filter().remote().ifPresent(remote -> {
            json.addProperty("remote", remote.toString());
            if (mayLook) {
                json.add("remoteState", state(remote));
            }
        });
        return json;
    }

    /** How the connection to a remote broker does, whoever subscribed to it. */
    private JsonObject state(RemoteBroker remote) {
        JsonObject json = new JsonObject();
        Optional<Connections.Connection> connection = connections.get().stream().filter(component -> component.endpoint().peers() == Connections.Role.REMOTE_BROKER)
                .filter(component -> component.endpoint().address().equalsIgnoreCase(remote.toString()))
                .flatMap(component -> component.connections().stream()).findFirst();
        json.addProperty("connected", connection.filter(Connections.Connection::connected).isPresent());
        Json.putTime(json, "since", connection.map(Connections.Connection::since));
        Json.put(json, "lastFailure", connection.flatMap(Connections.Connection::uplink).flatMap(Connections.Uplink::lastFailure));
        return json;
    }

    private void register(Exchange exchange) throws IOException, Refusal {
        JsonObject asked = exchange.json();
        FilterBook.Wish wish = new FilterBook.Wish(Exchange.text(asked, "name"), language(asked), Exchange.text(asked, "text"),
                remote(Exchange.optionalText(asked, "remote")));
        String key = book.register(wish);
        ACTS.info("{} (the page): register the {} filter \"{}\"{}: done", exchange.visitor().name(), wish.language(), wish.name(),
                wish.remote().map(remote -> " for events of " + remote).orElse(""));
        LiveFilter live = book.find(wish.name()).orElseThrow(() -> FilterBook.unknown(wish.name()));
        JsonObject answer = json(live, exchange.visitor().mayLook());
        answer.addProperty("key", key);
        exchange.answer(201, answer);
    }

    private static Optional<RemoteBroker> remote(Optional<String> text) throws Refusal {
        try {
            return text.map(RemoteBroker::parse);
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, e.getMessage());
        }
    }

    private static String language(JsonObject asked) throws Refusal {
        return Exchange.optionalText(asked, "language").orElse("xpath");
    }

    private void check(Exchange exchange) throws IOException, Refusal {
        JsonObject asked = exchange.json();
        String language = language(asked);
        String text = Exchange.text(asked, "text");
        JsonObject answer = new JsonObject();
        try {
            languages.compile(language, text);
        } catch (FilterSyntaxException e) {
            answer = WrongFilter.json(e); // 200: this is what was asked
        }
        exchange.answer(answer);
    }

    private void trial(Exchange exchange) throws IOException, Refusal, InterruptedException {
        JsonObject asked = exchange.json();
        TrialDesk.Result result = desk.test(new TrialDesk.Question(language(asked), Exchange.text(asked, "text"), days(asked)));
        Trial trial = result.trial();
        JsonObject answer = new JsonObject();
        answer.addProperty("events", trial.events());
        answer.addProperty("passed", trial.passed());
        answer.addProperty("failed", trial.failed());
        answer.addProperty("overran", trial.overran());
        answer.addProperty("complete", result.isComplete());
        answer.addProperty("since", trial.since().toString());
        JsonArray newest = new JsonArray();
        trial.newest().stream().flatMap(this::event).forEach(newest::add);
        answer.add("newest", newest);
        exchange.answer(answer);
    }

    private static int days(JsonObject asked) throws Refusal {
        JsonElement days = asked.get("days");
        if (days == null || days.isJsonNull()) {
            return DAYS;
        }
        if (days.isJsonPrimitive() && days.getAsString().matches("[1-9][0-9]{0,4}") && days.getAsInt() <= MAX_DAYS) {
            return days.getAsInt();
        }
        throw new Refusal(400, "\"days\" must be a number from 1 to " + MAX_DAYS);
    }

    /** An event that has passed; none if it has expired meanwhile. */
    private Stream<JsonObject> event(Match match) {
        return log.search(EventQuery.all(), match.sequence() + 1, 1).stream().filter(event -> event.sequence() == match.sequence())
                .map(EventJson::of);
    }

    private void delete(Exchange exchange) throws IOException, Refusal {
        String name = exchange.path("name");
        Optional<String> key = Optional.ofNullable(exchange.request().getHeader(KEY_HEADER));
        String outcome = "failed";
        try {
            book.delete(name, key, exchange.visitor().mayChange());
            outcome = "done";
        } catch (Refusal e) {
            outcome = "failed: " + e.getMessage();
            throw e;
        } finally {
            if (PageFilter.isName(name)) {
                ACTS.info("{} (the page): delete the filter \"{}\": {}", exchange.visitor().name(), name, outcome);
            }
        }
        exchange.response().setStatus(204);
    }
}
