package org.bolide.broker;

import java.io.IOException;
import java.util.List;

import org.bolide.api.management.DeadLetters;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Shows people the dead letters of the store. */
@Component
public final class DeadLetterOffice implements DeadLetters {

    private final EventStore store;

    @Activate
    public DeadLetterOffice(@Reference EventStore store) {
        this.store = store;
    }

    @Override
    public List<DeadLetter> list() throws IOException {
        return store.deadLetters();
    }

    @Override
    public boolean drop(long id) throws IOException {
        return store.drop(id);
    }
}
