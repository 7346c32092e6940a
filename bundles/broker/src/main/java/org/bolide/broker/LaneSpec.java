package org.bolide.broker;

import java.util.Map;
import java.util.Optional;

import org.bolide.api.BrokerEventHandler;
import org.bolide.api.ReaderSpec.Start;

/**
 * What a handler's service properties ask for.
 *
 * @param name see {@link BrokerEventHandler#NAME}
 * @param bundle the symbolic name and version of the bundle that it comes from
 * @param filter see {@link BrokerEventHandler#FILTER}
 * @param language see {@link BrokerEventHandler#FILTER_LANGUAGE}
 * @param start see {@link BrokerEventHandler#START}
 * @param concurrency see {@link BrokerEventHandler#CONCURRENCY}
 * @param batch see {@link BrokerEventHandler#BATCH}
 */
record LaneSpec(String name, String bundle, Optional<String> filter, String language, Start start, int concurrency, int batch) {

    /** @throws IllegalArgumentException naming the property that is wrong and what is allowed */
    static LaneSpec of(Map<String, Object> properties, String bundle) {
        return new LaneSpec(
                text(properties, BrokerEventHandler.NAME)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "the service property " + BrokerEventHandler.NAME + " is missing: give the handler a name")),
                bundle,
                text(properties, BrokerEventHandler.FILTER),
                text(properties, BrokerEventHandler.FILTER_LANGUAGE).orElse("xpath"),
                start(text(properties, BrokerEventHandler.START).orElse("latest")),
                atLeastOne(properties, BrokerEventHandler.CONCURRENCY),
                atLeastOne(properties, BrokerEventHandler.BATCH));
    }

    /** The handler as the log names it. */
    String who() {
        return "handler " + name + " (" + bundle + ")";
    }

    private static Optional<String> text(Map<String, Object> properties, String key) {
        return Optional.ofNullable(properties.get(key)).map(Object::toString).filter(text -> !text.isBlank());
    }

    private static Start start(String text) {
        return switch (text) {
            case "latest" -> new Start.Latest();
            case "earliest" -> new Start.Earliest();
            default -> throw new IllegalArgumentException(
                    "%s = %s: allowed are latest and earliest".formatted(BrokerEventHandler.START, text));
        };
    }

    private static int atLeastOne(Map<String, Object> properties, String key) {
        String text = text(properties, key).orElse("1");
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("%s = %s: must be a whole number from 1".formatted(key, text), e);
        }
        throw new IllegalArgumentException("%s = %s: must be a whole number from 1".formatted(key, text));
    }
}
