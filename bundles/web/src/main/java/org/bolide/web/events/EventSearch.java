package org.bolide.web.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventQuery.HasPosition;
import org.bolide.api.EventQuery.IdentifierPrefix;
import org.bolide.api.EventSummary;
import org.bolide.web.http.Exchange;
import org.bolide.web.http.Refusal;

/** One page of the events that are what was asked for, newest first. */
final class EventSearch {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 500;
    /** Each count is a look into the log. */
    private static final int MAX_COUNTED = 100;
    /** An identifier need not be unique; more than these of one are not looked through. */
    private static final int MAX_OF_ONE_IDENTIFIER = 1000;

    private static final Map<String, BiFunction<EventQuery, String, EventQuery>> TEXTS = Map.of(
            "part", EventQuery::withIdentifierPart,
            "prefix", (query, text) -> query.and(new IdentifierPrefix(Set.of(text))),
            "stream", EventQuery::ofStream,
            "role", EventQuery::ofRole,
            "cites", (query, text) -> query.and(new CitingOne(Set.of(text))));

    static final String[] PARAMETERS = {"limit", "before", "identifier", "part", "prefix", "stream", "role", "since", "until", "cone", "cites", "position"};

    private final EventLog log;
    private final EventQuery query;
    private final Optional<String> identifier;
    private final long before;
    private final int limit;

    EventSearch(EventLog log, Exchange exchange) throws Refusal {
        this.log = log;
        query = query(exchange);
        identifier = exchange.parameter("identifier");
        before = exchange.parameter("before", "the number of an event", Long::parseLong).orElse(Long.MAX_VALUE);
        limit = exchange.parameter("limit", "a number from 1 to " + MAX_LIMIT, EventSearch::limit).orElse(DEFAULT_LIMIT);
    }

    private static int limit(String text) {
        int number = Integer.parseInt(text);
        if (number < 1 || number > MAX_LIMIT) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    private static EventQuery query(Exchange exchange) throws Refusal {
        EventQuery query = EventQuery.all();
        for (var each : TEXTS.entrySet()) {
            Optional<String> text = exchange.parameter(each.getKey());
            query = text.isPresent() ? each.getValue().apply(query, text.get()) : query;
        }
        var since = exchange.time("since");
        query = since.isPresent() ? query.since(since.get()) : query;
        var until = exchange.time("until");
        query = until.isPresent() ? query.until(until.get()) : query;
        var cone = exchange.parameter("cone", "a circle on the sky: longitude 0 to 360, latitude -90 to 90, and a radius above 0 up to 180, in degrees,"
                + " such as 104.27,41.31,2", EventSearch::cone);
        query = cone.isPresent() ? query.within(cone.get()) : query;
        var position = exchange.parameter("position", "true or false", EventSearch::truth);
        return position.isPresent() ? query.and(new HasPosition(position.get())) : query;
    }

    private static Cone cone(String text) {
        List<Double> numbers = Arrays.stream(text.split(",", -1)).map(String::strip).map(Double::valueOf).toList();
        if (numbers.size() != 3) {
            throw new IllegalArgumentException(text);
        }
        return new Cone(numbers.get(0), numbers.get(1), numbers.get(2));
    }

    private static boolean truth(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return text.equals("true");
    }

    /** The page, and where the next one begins. */
    JsonObject page() {
        List<JsonObject> events = events();
        JsonArray array = new JsonArray();
        events.forEach(array::add);
        JsonObject page = new JsonObject();
        page.add("events", array);
        if (events.size() == limit) {
            page.add("next", events.get(limit - 1).get("sequence"));
        }
        return page;
    }

    private List<JsonObject> events() {
        if (identifier.isPresent()) {
            return withIdentifier(identifier.get());
        }
        if (before == Long.MAX_VALUE) {
            return log.list(query, EventSummary.Order.SEQUENCE, true, 0, limit).stream().map(EventJson::of).toList();
        }
        return log.search(query, before, limit).stream().map(this::json).toList();
    }

    private List<JsonObject> withIdentifier(String name) {
        List<BrokerEvent> all = new ArrayList<>(log.withIdentifier(name, MAX_OF_ONE_IDENTIFIER));
        Collections.reverse(all);
        return all.stream()
                .filter(event -> event.sequence() < before)
                .filter(event -> query.matches(event.header(), event.receivedAt(), cited -> citations(log, cited) > 0))
                .limit(limit)
                .map(this::json)
                .toList();
    }

    private JsonObject json(BrokerEvent event) {
        return limit > MAX_COUNTED ? EventJson.of(event) : counted(log, event);
    }

    /** The event, and how often it is cited. */
    static JsonObject counted(EventLog log, BrokerEvent event) {
        JsonObject json = EventJson.of(event);
        json.addProperty("cited", event.header().identifier().map(name -> citations(log, name)).orElse(0L));
        return json;
    }

    private static long citations(EventLog log, String identifier) {
        return log.count(EventQuery.all().and(new CitingOne(Set.of(identifier))));
    }
}
