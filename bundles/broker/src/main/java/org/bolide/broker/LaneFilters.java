package org.bolide.broker;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives lanes their filters, in the languages that are there. A filter that cannot be had suspends its lane. */
final class LaneFilters {

    private static final Logger LOG = LoggerFactory.getLogger(LaneFilters.class);

    private final Map<String, FilterLanguage> languages = new ConcurrentHashMap<>();

    void add(String name, FilterLanguage language) {
        languages.put(name, language);
    }

    /** Returns whether it was there. */
    boolean remove(String name, FilterLanguage language) {
        return languages.remove(name, language);
    }

    /** Runs the language's code. */
    void set(Lane lane) {
        LaneSpec spec = lane.spec();
        if (spec.filter().isEmpty()) {
            lane.filter(Optional.of(event -> true), Optional.empty());
            return;
        }
        FilterLanguage language = languages.get(spec.language());
        if (language == null) {
            // At start-up the language comes a moment later.
            LOG.info("{} waits for the filter language {}", spec.who(), spec.language());
            lane.filter(Optional.empty(), Optional.of("the filter language " + spec.language() + " is not installed"));
            return;
        }
        try {
            EventExpression expression = language.compile(spec.filter().get(), Map.of());
            LOG.info("{} takes what passes {}", spec.who(), expression.text());
            lane.filter(Optional.of(expression::matches), Optional.empty());
        } catch (FilterSyntaxException e) {
            LOG.warn("{} is suspended, its filter is wrong: {}", spec.who(), e.getMessage());
            lane.filter(Optional.empty(), Optional.of("its filter is wrong: " + e.getMessage()));
        }
    }
}
