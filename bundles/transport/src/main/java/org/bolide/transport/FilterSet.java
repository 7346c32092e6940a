package org.bolide.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.transport.TransportMessage.Filter;

/**
 * Filters that are ready to decide: an event passes if it passes any of them. Immutable.
 *
 * @param filters empty means everything, or nothing
 * @param everything whether an event passes without a filter
 */
record FilterSet(List<Ready> filters, boolean everything) {

    /** Without filters every event passes. */
    static final FilterSet EVERYTHING = new FilterSet(List.of(), true);
    /** After a faulty first request, and when all filters were taken away, no event passes. */
    static final FilterSet NOTHING = new FilterSet(List.of(), false);

    /**
     * A filter that is ready.
     *
     * @param which of the request it is, for people
     * @param by what compiled it
     */
    record Ready(Filter filter, String which, FilterLanguage by, EventExpression expression) {}

    /** Why a request cannot be granted: which filter, where, and what is wrong. */
    static final class BadFilterException extends Exception {

        private static final long serialVersionUID = 1L;

        BadFilterException(String message) {
            super(message);
        }
    }

    FilterSet {
        filters = List.copyOf(filters);
    }

    /** Those filters; without any, everything passes. */
    static FilterSet of(List<Ready> filters) {
        return filters.isEmpty() ? EVERYTHING : new FilterSet(filters, false);
    }

    /**
     * Compiles one filter. May take some time: not for I/O threads.
     *
     * @param which of the request it is, for people
     * @throws BadFilterException if it cannot be used, or is known to cost too much
     */
    static Ready compile(Filter filter, String which, FilterLanguage language) throws BadFilterException {
        if (filter.fault().isPresent()) {
            throw new BadFilterException(which + " cannot be used: " + filter.fault().get());
        }
        EventExpression expression;
        try {
            expression = language.compile(filter.text(), Map.of());
        } catch (FilterSyntaxException e) {
            throw new BadFilterException(which + ", " + Shown.filter(filter.text()) + ", cannot be used: " + e.getMessage()); // says where, too
        }
        if (expression.overran()) { // whoever else uses it has found out
            throw new BadFilterException(which + ", " + Shown.filter(filter.text()) + ", costs too much");
        }
        return new Ready(filter, which, language, expression);
    }

    boolean passes(BrokerEvent event) {
        return everything || filters.stream().anyMatch(ready -> ready.expression.matches(event));
    }

    /** Those filters of which an evaluation had to be ended. */
    List<Ready> overran() {
        List<Ready> found = List.of();
        for (Ready ready : filters) { // for each event: no stream
            if (ready.expression.overran()) {
                found = found.isEmpty() ? new ArrayList<>() : found;
                found.add(ready);
            }
        }
        return found;
    }

    /** Whether all of it was compiled by the languages that there are now. */
    boolean isCurrent(Languages languages) {
        for (Ready ready : filters) {
            if (languages.of(ready.filter.language()).orElse(null) != ready.by) {
                return false;
            }
        }
        return true;
    }

    /** The filters for people. */
    List<String> texts() {
        return filters.stream().map(ready -> ready.filter.text()).toList();
    }
}
