package org.bolide.web.events;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import javax.servlet.Servlet;
import javax.servlet.http.HttpServletResponse;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.Citation;
import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventSummary;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.Submission;
import org.bolide.api.management.Deliveries;
import org.bolide.api.management.Deliveries.Delivery;
import org.bolide.web.http.Endpoint;
import org.bolide.web.http.Exchange;
import org.bolide.web.http.Json;
import org.bolide.web.http.Refusal;
import org.bolide.web.http.Route;
import org.bolide.web.http.Route.Access;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of the log by HTTP: listed, one in full, its bytes, and a new one submitted. */
@Component(service = {Servlet.class, Endpoint.class}, property = {
        Endpoint.NAME + "events", Endpoint.PATTERN + Endpoint.BASE + "/events/*", Endpoint.CONTEXT})
public final class EventsEndpoint extends Endpoint {

    /** As the receiver's default. */
    static final int MAX_EVENT_BYTES = 1_048_576;

    private static final Logger ACTS = LoggerFactory.getLogger("org.bolide.audit");
    private static final int PATIENCE_SECONDS = 60;
    private static final int MAX_CITING = 100;
    private static final int MAX_OF_ONE_IDENTIFIER = 1000;

    private final EventLog log;
    private final EventIntake intake;
    private final Supplier<List<Deliveries>> deliveries;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Deliveries> delivering;

    @Activate
    public EventsEndpoint(@Reference EventLog log, @Reference EventIntake intake) {
        this.log = log;
        this.intake = intake;
        deliveries = () -> delivering;
        add();
    }

    EventsEndpoint(EventLog log, EventIntake intake, List<Deliveries> deliveries) {
        this.log = log;
        this.intake = intake;
        this.deliveries = () -> deliveries;
        add();
    }

    private void add() {
        route(Route.get("/events", Access.OPEN, exchange -> exchange.answer(new EventSearch(log, exchange).page()), EventSearch.PARAMETERS));
        route(Route.post("/events", Access.CHANGE, this::submit));
        route(Route.get("/events/{sequence}", Access.OPEN, this::show));
        route(Route.get("/events/{sequence}/content", Access.OPEN, this::content));
    }

    private BrokerEvent event(Exchange exchange) throws Refusal {
        long sequence = exchange.number("sequence");
        return log.search(EventQuery.all(), sequence + 1, 1).stream()
                .filter(event -> event.sequence() == sequence)
                .findFirst()
                .orElseThrow(() -> new Refusal(404, "the log has no event " + sequence + "; it may have been too old to be kept"));
    }

    private void show(Exchange exchange) throws IOException, Refusal {
        BrokerEvent event = event(exchange);
        JsonObject json = EventSearch.counted(log, event);
        JsonArray faults = new JsonArray();
        event.faults().forEach(faults::add);
        json.add("faults", faults);
        JsonArray cites = new JsonArray();
        event.header().citations().forEach(citation -> cites.add(cites(citation)));
        json.add("cites", cites);
        JsonArray citedBy = new JsonArray();
        event.header().identifier().ifPresent(name -> log.list(EventQuery.all().and(new CitingOne(Set.of(name))),
                EventSummary.Order.SEQUENCE, true, 0, MAX_CITING).forEach(citing -> citedBy.add(EventJson.of(citing))));
        json.add("citedBy", citedBy);
        if (exchange.visitor().mayLook()) {
            json.addProperty("source", event.source());
            deliveries(event.sequence(), json);
        }
        exchange.answer(json);
    }

    /** With the number of the newest event of that identifier, if the log has one. */
    private JsonObject cites(Citation citation) {
        JsonObject json = EventJson.citation(citation);
        List<BrokerEvent> there = citation.identifier().isEmpty() ? List.of() : log.withIdentifier(citation.identifier(), MAX_OF_ONE_IDENTIFIER);
        if (!there.isEmpty()) {
            json.addProperty("sequence", there.get(there.size() - 1).sequence());
        }
        return json;
    }

    private void deliveries(long sequence, JsonObject json) {
        List<Deliveries> all = deliveries.get();
        JsonArray array = new JsonArray();
        all.stream().flatMap(each -> each.of(sequence).stream()).sorted(Comparator.comparing(Delivery::sentAt)).forEach(delivery -> {
            JsonObject one = new JsonObject();
            one.addProperty("component", delivery.component());
            one.addProperty("receiver", delivery.receiver());
            one.addProperty("sentAt", delivery.sentAt().toString());
            one.addProperty("answer", delivery.answer().name().toLowerCase(Locale.ROOT));
            Json.putTime(one, "answeredAt", delivery.answeredAt());
            array.add(one);
        });
        json.add("deliveries", array);
        Json.putTime(json, "deliveriesSince", all.stream().map(Deliveries::since).max(Comparator.<Instant>naturalOrder()));
    }

    /** As it came. A browser that opens it shows it, and runs nothing that it contains or names. */
    private void content(Exchange exchange) throws IOException, Refusal {
        ByteBuffer content = event(exchange).content();
        byte[] bytes = new byte[content.remaining()];
        content.get(bytes);
        HttpServletResponse response = exchange.response();
        response.setHeader("Content-Type", "application/xml");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'");
        response.setHeader("Content-Disposition", "inline; filename=\"event-" + exchange.path("sequence") + ".xml\"");
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private void submit(Exchange exchange) throws IOException, Refusal, InterruptedException {
        String type = exchange.request().getContentType();
        if (type.toLowerCase(Locale.ROOT).startsWith(Json.TYPE)) {
            throw new Refusal(415, "an event is sent as application/xml");
        }
        byte[] body = exchange.body(MAX_EVENT_BYTES);
        String user = exchange.visitor().name();
        Receipt receipt = receipt(Submission.fromAuthor(ByteBuffer.wrap(body), "the page, by " + user));
        ACTS.info("{} (the page): submit: {} {}{}", user, receipt.status().name().toLowerCase(Locale.ROOT), receipt.identifier().orElse(""),
                receipt.reason().isEmpty() ? "" : ": " + receipt.reason());
        exchange.answer(status(receipt.status()), json(receipt));
    }

    private Receipt receipt(Submission submission) throws Refusal, InterruptedException {
        try {
            return intake.submit(submission).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the intake promises a receipt", e);
        } catch (TimeoutException e) {
            throw new Refusal(503, "the broker has given no receipt for " + PATIENCE_SECONDS + " s; the status tells what is wrong");
        }
    }

    private static int status(Status status) {
        return switch (status) {
            case ACCEPTED -> 201;
            case DUPLICATE -> 200;
            case REFUSED -> 422;
            case UNAVAILABLE -> 503;
        };
    }

    private static JsonObject json(Receipt receipt) {
        JsonObject json = new JsonObject();
        json.addProperty("status", receipt.status().name().toLowerCase(Locale.ROOT));
        if (receipt.status() == Status.ACCEPTED) {
            json.addProperty("sequence", receipt.sequence());
        }
        Json.put(json, "identifier", receipt.identifier());
        if (!receipt.reason().isEmpty()) {
            json.addProperty("reason", receipt.reason());
        }
        if (receipt.status() == Status.REFUSED) {
            json.addProperty("error", receipt.reason());
        } else if (receipt.status() == Status.UNAVAILABLE) {
            json.addProperty("error", receipt.reason().isEmpty() ? "the broker takes no event just now; try again later" : receipt.reason());
        }
        return json;
    }
}
