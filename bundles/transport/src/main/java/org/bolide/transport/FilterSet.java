package org.bolide.transport;

import java.util.List;
import java.util.Map;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;

/**
 * Which events a subscriber is sent: those that any of its filters lets pass. Immutable.
 *
 * @param request the filters as they were asked for
 * @param compiled the same, ready; empty means everything, or nothing
 * @param everything whether an event passes without a filter
 */
record FilterSet(List<TransportMessage.Filter> request, List<EventExpression> compiled, boolean everything) {

    /** Without filters every event passes. */
    static final FilterSet EVERYTHING = new FilterSet(List.of(), List.of(), true);
    /** After a faulty first request no event passes. */
    static final FilterSet NOTHING = new FilterSet(List.of(), List.of(), false);

    /** Why a request cannot be granted: which filter, where, and what is wrong. */
    static final class BadFilterException extends Exception {

        private static final long serialVersionUID = 1L;

        BadFilterException(String message) {
            super(message);
        }
    }

    /** Compiles what a subscriber asks for. May take some time: not for I/O threads. */
    static FilterSet compile(List<TransportMessage.Filter> request, FilterLanguage language) throws BadFilterException {
        EventExpression[] compiled = new EventExpression[request.size()];
        for (int i = 0; i < compiled.length; i++) {
            TransportMessage.Filter filter = request.get(i);
            String which = "filter " + (i + 1) + " of " + compiled.length + " (" + filter.place() + ")";
            if (filter.fault().isPresent()) {
                throw new BadFilterException(which + " cannot be used: " + filter.fault().get());
            }
            try {
                compiled[i] = language.compile(filter.text(), Map.of());
            } catch (FilterSyntaxException e) {
                throw new BadFilterException(which + ", " + filter.text() + ", cannot be used: " + e.getMessage()); // says where, too
            }
        }
        return compiled.length == 0 ? EVERYTHING : new FilterSet(request, List.of(compiled), false);
    }

    boolean passes(BrokerEvent event) {
        if (everything) {
            return true;
        }
        for (EventExpression filter : compiled) {
            if (filter.matches(event)) {
                return true;
            }
        }
        return false;
    }

    /** The filters for people. */
    List<String> texts() {
        return request.stream().map(TransportMessage.Filter::text).toList();
    }
}
