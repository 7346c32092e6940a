package org.bolide.launcher.configuration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.launcher.configuration.Attribute.Type;

/**
 * The keys that every handler takes, whether its own definition names them or not: the broker reads them from the
 * service's properties, which are the configuration's ({@code org.bolide.api.BrokerEventHandler}).
 */
final class HandlerKeys {

    private static final List<Attribute> ALL = List.of(
            key("handler.filter", "Filter", "Only events that match this filter are handled; all if empty.",
                    Type.STRING, "", List.of()),
            key("handler.filter.language", "Filter language", "The language of the filter.",
                    Type.STRING, "xpath", List.of()),
            key("handler.start", "Start",
                    "Where a handler with a new name begins: with the next event, or with the oldest in the log.",
                    Type.STRING, "latest", List.of("latest", "earliest")),
            key("handler.concurrency", "Concurrency",
                    "How many events may be handled at the same time; above 1 the order of events is given up.",
                    Type.INTEGER, "1", List.of()),
            key("handler.batch", "Batch", "The most events that the handler is given at once.",
                    Type.INTEGER, "1", List.of()));

    private HandlerKeys() {}

    /** What a definition declares, and for a handler's also what all handlers take. */
    static List<Attribute> complete(List<Attribute> declared) {
        if (!has(declared, Definition.HANDLER_NAME)) {
            return declared;
        }
        List<Attribute> all = new ArrayList<>(declared);
        ALL.stream().filter(key -> !has(declared, key.id())).forEach(all::add);
        return all;
    }

    private static boolean has(List<Attribute> attributes, String id) {
        return attributes.stream().anyMatch(attribute -> attribute.id().equals(id));
    }

    private static Attribute key(
            String id, String name, String description, Type type, String byDefault, List<String> options) {
        Optional<String> min = type == Type.INTEGER ? Optional.of("1") : Optional.empty();
        return new Attribute(
                id, name, description, type, false, List.of(byDefault), false, min, Optional.empty(), options);
    }
}
