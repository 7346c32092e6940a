package org.bolide.broker;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Outcome;
import org.bolide.api.Reading;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.StoredEvent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows people the dead letters, and has their handlers try again. */
@Component(service = DeadLetters.class)
public final class DeadLetterOffice implements DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterOffice.class);

    private final DeadLetterBox letters;
    private final EventStore store;
    private final HandlerHost handlers;
    private final Set<Long> retried = ConcurrentHashMap.newKeySet();

    /** Read an event that the log does not hold any more. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile Vocabularies vocabularies;

    @Activate
    public DeadLetterOffice(@Reference DeadLetterBox letters, @Reference EventStore store, @Reference HandlerHost handlers) {
        this.letters = letters;
        this.store = store;
        this.handlers = handlers;
    }

    @Override
    public List<DeadLetter> list(long afterId, int max) throws IOException {
        return letters.list(afterId, max);
    }

    @Override
    public Optional<DeadLetter> find(long id) throws IOException {
        return letters.find(id);
    }

    @Override
    public Outcome retry(long id) throws IOException, InterruptedException {
        if (!retried.add(id)) {
            throw new IllegalStateException("dead letter " + id + " is being retried already");
        }
        try {
            DeadLetter letter = letters.find(id).orElseThrow(() -> new IllegalStateException("there is no dead letter " + id));
            Lane lane = handlers.find(letter.handler()).orElseThrow(() -> new IllegalStateException(
                    "handler %s does not run: start it, then retry dead letter %d".formatted(letter.handler(), id)));
            Outcome outcome = lane.handleBesides(eventOf(letter));
            LOG.info("dead letter {}: id={} position={}: handler {} was called again and says {}", id, letter.identifier().orElse("?"), letter.sequence(),
                    letter.handler(), outcome);
            if (outcome != Outcome.RETRY) {
                drop(letter, outcome);
            }
            return outcome;
        } finally {
            retried.remove(id);
        }
    }

    private void drop(DeadLetter letter, Outcome outcome) throws IOException {
        try {
            letters.drop(letter.id());
        } catch (IOException e) {
            throw new IOException("handler %s has handled the event (%s), but dead letter %d could not be dropped: %s"
                    .formatted(letter.handler(), outcome, letter.id(), e.getMessage()), e);
        }
    }

    private BrokerEvent eventOf(DeadLetter letter) throws IOException {
        List<StoredEvent> held = store.read(letter.sequence() - 1, 1, Integer.MAX_VALUE);
        if (!held.isEmpty() && held.get(0).sequence() == letter.sequence() && held.get(0).content().equals(letter.content())) {
            return new LogEvent(held.get(0));
        }
        Reading reading = read(letter);
        return new LogEvent(new StoredEvent(letter.sequence(), reading.header(), letter.content(), "dead letter " + letter.id(), letter.buriedAt(),
                reading.faults(), false));
    }

    private Reading read(DeadLetter letter) {
        Vocabularies known = vocabularies;
        if (known == null) {
            throw unreadable(letter, "no vocabulary is installed", null);
        }
        try {
            QName root = RootElement.locate(letter.content()).name();
            return known.find(root).orElseThrow(() -> unreadable(letter, known.nobodyReads(root), null)).read(letter.content());
        } catch (MalformedEventException e) {
            throw unreadable(letter, e.getMessage(), e);
        }
    }

    private static IllegalStateException unreadable(DeadLetter letter, String why, Exception cause) {
        return new IllegalStateException("the event of dead letter %d has expired and cannot be read from the letter: %s".formatted(letter.id(), why), cause);
    }

    @Override
    public boolean drop(long id) throws IOException {
        return letters.drop(id);
    }
}
