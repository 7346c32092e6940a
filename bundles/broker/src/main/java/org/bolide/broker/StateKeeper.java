package org.bolide.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import org.bolide.api.KeptState;
import org.bolide.api.store.EventStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What bundles remember across restarts, in the database of the log. */
@Component
public final class StateKeeper implements KeptState {

    private final EventStore store;

    @Activate
    public StateKeeper(@Reference EventStore store) {
        this.store = store;
    }

    @Override
    public SortedMap<String, String> read(String kind) {
        try {
            return store.state(kind);
        } catch (IOException e) {
            throw new UncheckedIOException("what is kept of \"%s\" cannot be read now: %s".formatted(kind, e.getMessage()), e);
        }
    }

    @Override
    public void write(String kind, Map<String, Optional<String>> changes) {
        try {
            store.keep(kind, changes);
        } catch (IOException e) {
            throw new UncheckedIOException("\"%s\" cannot be kept now, nothing was changed: %s".formatted(kind, e.getMessage()), e);
        }
    }
}
