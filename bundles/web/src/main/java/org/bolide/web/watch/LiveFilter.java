package org.bolide.web.watch;

import java.util.Optional;

import org.bolide.api.EventExpression;

import static java.util.Objects.requireNonNull;

/**
 * A filter of the page as it is just now. Immutable.
 *
 * @param filter what was registered
 * @param expression it, compiled; empty if it cannot be used now
 * @param fault why it cannot be used
 */
record LiveFilter(PageFilter filter, Optional<EventExpression> expression, Optional<String> fault) {

    LiveFilter {
        requireNonNull(filter);
    }

    static LiveFilter compiled(PageFilter filter, EventExpression expression) {
        return new LiveFilter(filter, Optional.of(expression), Optional.empty());
    }

    /** Its language is not there now, but may come. */
    static LiveFilter waiting(PageFilter filter, String fault) {
        return new LiveFilter(filter, Optional.empty(), Optional.of(fault));
    }

    /** It can never be used again. */
    static LiveFilter lost(PageFilter filter, String fault) {
        return new LiveFilter(filter.takenAway(fault), Optional.empty(), Optional.of(fault));
    }

    boolean isLost() {
        return filter.takenAway().isPresent();
    }

    /** Whether nothing can be decided now, but may be later: who watches waits. */
    boolean isWaiting() {
        return expression.isEmpty() && !isLost();
    }
}
