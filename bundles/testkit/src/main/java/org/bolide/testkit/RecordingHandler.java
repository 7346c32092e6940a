package org.bolide.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;

/** A handler that records each call before it answers, so that a test can wait for it and look. Thread-safe. */
public final class RecordingHandler implements BrokerEventHandler {

    /** What a recording handler does with an event; it may block, and throw what a handler may throw. */
    @FunctionalInterface
    public interface Behaviour {
        Outcome handle(BrokerEvent event) throws Exception;
    }

    private final List<BrokerEvent> calls = new CopyOnWriteArrayList<>();
    private final Behaviour behaviour;

    private RecordingHandler(Behaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** Is done with every event. */
    public static RecordingHandler done() {
        return behaving(event -> Outcome.DONE);
    }

    /** Does with each event what the test says. */
    public static RecordingHandler behaving(Behaviour behaviour) {
        return new RecordingHandler(behaviour);
    }

    @Override
    public Outcome handle(BrokerEvent event) throws Exception {
        calls.add(event);
        return behaviour.handle(event);
    }

    /** The event of each call so far, repeated calls included, in the order of the calls. */
    public List<BrokerEvent> calls() {
        return List.copyOf(calls);
    }

    /** The sequence of each call so far. */
    public List<Long> sequences() {
        return calls.stream().map(BrokerEvent::sequence).toList();
    }
}
