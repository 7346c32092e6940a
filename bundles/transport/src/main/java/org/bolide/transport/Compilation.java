package org.bolide.transport;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.FilterLanguage;
import org.bolide.transport.FilterSet.BadFilterException;
import org.bolide.transport.FilterSet.Ready;
import org.bolide.transport.TransportMessage.Filter;

/** What a subscriber asked for, or what is in force, being compiled, one filter after the other. Used by its worker only. */
final class Compilation {

    private final List<Filter> filters;
    private final List<String> which;
    private final List<Ready> ready = new ArrayList<>();
    private final boolean again;

    /**
     * @param which they are of the request, for people
     * @param again whether they are in force
     */
    Compilation(List<Filter> filters, List<String> which, boolean again) {
        this.filters = filters;
        this.which = which;
        this.again = again;
    }

    /** Whether what is in force is compiled anew. */
    boolean isAgain() {
        return again;
    }

    boolean isDone() {
        return ready.size() == filters.size();
    }

    /** The filters, when it is done. */
    FilterSet result() {
        return FilterSet.of(ready);
    }

    /**
     * Compiles the next one. Takes some time.
     *
     * @return false if its language has gone
     * @throws BadFilterException if it cannot be used, or must not be by this address
     */
    boolean compileNext(Languages languages, Offences offences, InetAddress address) throws BadFilterException {
        int next = ready.size();
        Filter filter = filters.get(next);
        Optional<FilterLanguage> language = languages.of(filter.language());
        if (language.isEmpty() && filter.fault().isEmpty()) {
            return false;
        }
        if (offences.refuses(address, filter)) {
            throw new BadFilterException(which.get(next) + ", " + Shown.filter(filter.text())
                    + ", has cost too much before and is refused to your address for an hour");
        }
        ready.add(FilterSet.compile(filter, which.get(next), language.orElse(null)));
        return true;
    }
}
