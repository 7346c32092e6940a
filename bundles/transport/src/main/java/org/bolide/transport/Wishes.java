package org.bolide.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.bolide.api.FilterLanguage;
import org.bolide.transport.FilterSet.BadFilterException;
import org.bolide.transport.TransportMessage.Filter;

/**
 * What one subscriber asked for and what of it is in force. Each good request replaces the one before; a bad one is
 * refused whole. While the language is missing, requests wait. Used by the subscriber's worker only, but for
 * {@link #mayAsk} and {@link #inForce}.
 */
final class Wishes {

    private static final int MAX_PENDING = 16;

    private final Consumer<String> refuse;
    private final Deque<List<Filter>> pending = new ArrayDeque<>();
    private final AtomicInteger asked = new AtomicInteger();
    private FilterLanguage compiledBy;
    private boolean granted;

    private volatile FilterSet inForce = FilterSet.EVERYTHING;

    /** @param refuse is given the reason and the consequence */
    Wishes(Consumer<String> refuse) {
        this.refuse = refuse;
    }

    /** Whether one more {@link #request} may come; it is counted. From any thread. */
    boolean mayAsk() {
        return asked.incrementAndGet() <= MAX_PENDING;
    }

    /** What decides on events now. From any thread. */
    FilterSet inForce() {
        return inForce;
    }

    /** Whether no event can be decided on before the language is there. */
    boolean waitFor(FilterLanguage language) {
        return !pending.isEmpty() || !inForce.compiled().isEmpty() && compiledBy != language;
    }

    /** The subscriber asks for these filters. */
    void request(List<Filter> filters, FilterLanguage language, int maxFilters) {
        if (filters.size() > maxFilters) { // not worth waiting for the language
            asked.decrementAndGet();
            refused(filters.size() + " filters are too many; at most " + maxFilters + " are allowed on a connection");
            return;
        }
        pending.add(filters);
        grant(language);
    }

    /** The language has come, gone or changed; null if there is none. */
    void languageChanged(FilterLanguage language) {
        if (language != null && language != compiledBy && !inForce.compiled().isEmpty()) {
            compiledBy = language;
            try {
                inForce = FilterSet.compile(inForce.request(), language);
            } catch (BadFilterException e) {
                granted = false; // what was in force is no longer
                refused(e.getMessage());
            }
        }
        grant(language);
    }

    private void grant(FilterLanguage language) {
        while (!pending.isEmpty() && (language != null || pending.peek().isEmpty())) {
            List<Filter> filters = pending.remove();
            asked.decrementAndGet();
            try {
                inForce = FilterSet.compile(filters, language);
                compiledBy = language;
                granted = true;
            } catch (BadFilterException e) {
                refused(e.getMessage());
            }
        }
    }

    private void refused(String reason) {
        if (granted) {
            refuse.accept(reason + "; the filters in force stay");
        } else {
            inForce = FilterSet.NOTHING;
            refuse.accept(reason + "; nothing is sent until a request without faults");
        }
    }
}
