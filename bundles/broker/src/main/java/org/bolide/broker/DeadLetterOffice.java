package org.bolide.broker;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.bolide.api.Outcome;
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
    public List<DeadLetter> list(long afterId, int max) throws IOException {
        return store.deadLetters(afterId, max);
    }

    @Override
    public Optional<DeadLetter> find(long id) throws IOException {
        return store.deadLetter(id);
    }

    @Override
    public Outcome retry(long id) throws IOException, InterruptedException {
        throw new UnsupportedOperationException("room broker");
    }

    @Override
    public boolean drop(long id) throws IOException {
        return store.drop(id);
    }
}
