package org.bolide.shell.command;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import org.bolide.api.BrokerEvent;
import org.bolide.api.EventLog;
import org.bolide.api.ReaderPlace;
import org.bolide.api.management.Deliveries;
import org.bolide.api.management.Deliveries.Delivery;

/**
 * To whom an event went, and when they acknowledged it: as far as the broker remembers; and of handlers and of subscribers with a name
 * also what their places in the log tell, which outlive the broker.
 */
final class DeliverySheet {

    private static final int MAX_SHOWN = 50;
    private static final String HANDLER = "handler:";
    private static final String SUBSCRIBER = "subscriber/";

    /** What a place tells of an event that its owner is not known to have been given. */
    private enum State {
        /** The place is before the event. */
        TO_COME("still to come: its place is %d"),
        /** The place is past the event, and nothing is forgotten since that came. */
        NOT_GIVEN("not given it: its filter leaves it out, or it began later"),
        /** The place is past the event. */
        DONE("done with it earlier, or not given it");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    /** @param name the reader's */
    private record Place(String name, long sequence, Instant usedAt, State state) {

        String component() {
            return name.startsWith(HANDLER) ? "handler" : "subscriber";
        }

        String receiver() {
            return name.startsWith(HANDLER) ? name.substring(HANDLER.length()) : name.substring(name.lastIndexOf('/') + 1);
        }
    }

    /** One line of the table. */
    private record Row(String receiver, String component, String at, String answer) {}

    private static final Listing<Delivery> DELIVERIES = new Listing<Delivery>()
            .json("component", Delivery::component)
            .json("receiver", Delivery::receiver)
            .json("sentAt", Delivery::sentAt)
            .json("answer", Delivery::answer)
            .json("answeredAt", Delivery::answeredAt);

    private static final Listing<Place> PLACES = new Listing<Place>()
            .json("component", Place::component)
            .json("receiver", Place::receiver)
            .json("reader", Place::name)
            .json("place", Place::sequence)
            .json("usedAt", Place::usedAt)
            .json("state", Place::state);

    private static final Listing<Row> ROWS = new Listing<Row>()
            .column("Went to", "", Row::receiver)
            .column("By", "", Row::component)
            .column("At (UTC)", "", Row::at)
            .column("Answer", "", Row::answer);

    private final List<Delivery> deliveries;
    private final Optional<Instant> since;
    private final List<Place> places;

    DeliverySheet(BrokerEvent event, Services services, EventLog log) {
        List<Deliveries> remembered = services.all(Deliveries.class);
        deliveries = remembered.stream().flatMap(each -> each.of(event.sequence()).stream()).sorted(Comparator.comparing(Delivery::sentAt)).toList();
        since = remembered.stream().map(Deliveries::since).max(Comparator.naturalOrder());
        Set<String> known = deliveries.stream().map(each -> (each.component().equals("handler") ? HANDLER : SUBSCRIBER) + each.receiver())
                .collect(Collectors.toSet());
        boolean isRecent = since.filter(event.receivedAt()::isAfter).isPresent();
        places = Stream.of(HANDLER, SUBSCRIBER).flatMap(prefix -> log.places(prefix).entrySet().stream())
                .map(place -> place(place, event.sequence(), isRecent))
                .filter(place -> !known.contains((place.component().equals("handler") ? HANDLER : SUBSCRIBER) + place.receiver())).toList();
    }

    private static Place place(Map.Entry<String, ReaderPlace> place, long sequence, boolean isRecent) {
        State state = place.getValue().sequence() < sequence ? State.TO_COME : isRecent ? State.NOT_GIVEN : State.DONE;
        return new Place(place.getKey(), place.getValue().sequence(), place.getValue().usedAt(), state);
    }

    void json(JsonObject object) {
        object.add("deliveries", DELIVERIES.json(deliveries));
        object.add("deliveriesSince", Json.of(since));
        object.add("places", PLACES.json(places));
    }

    /** After an empty line, if there is something to tell. */
    void print(PrintStream out) {
        List<Row> rows = new ArrayList<>();
        deliveries.forEach(each -> rows.add(new Row(each.receiver(), each.component(), Screen.second(each.sentAt()), answer(each))));
        places.forEach(each -> rows.add(new Row(each.receiver(), each.component(), "-", each.state().text.formatted(each.sequence()))));
        if (!rows.isEmpty() || since.isPresent()) {
            out.println();
        }
        if (!rows.isEmpty()) {
            ROWS.table(rows.subList(0, Math.min(MAX_SHOWN, rows.size()))).print(out);
        }
        if (rows.size() > MAX_SHOWN) {
            out.println("And " + Screen.number(rows.size() - MAX_SHOWN) + " more; --json shows all.");
        }
        since.ifPresent(time -> out.println((deliveries.isEmpty() ? "No delivery of it is remembered; all since " : "All deliveries since ")
                + EventsCommand.time(time) + " are" + (deliveries.isEmpty() ? "." : " remembered.")));
    }

    private static String answer(Delivery delivery) {
        String after = delivery.answeredAt().map(at -> " after " + duration(Duration.between(delivery.sentAt(), at))).orElse("");
        return switch (delivery.answer()) {
            case NONE -> "no answer";
            case ACKNOWLEDGED -> "acknowledged" + after;
            case REFUSED -> "refused" + after;
            case SETTLED -> "settled by a later answer" + after;
            case BURIED -> "given up" + after + ": a dead letter";
        };
    }

    private static String duration(Duration duration) {
        return duration.compareTo(Duration.ofMillis(10)) < 0 ? String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6) : Screen.duration(duration);
    }
}
