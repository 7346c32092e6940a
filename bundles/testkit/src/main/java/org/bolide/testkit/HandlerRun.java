package org.bolide.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;

/**
 * Gives events to a handler as a lane of the broker does, one after the other in the order of the log, and keeps what became
 * of each. Nothing waits here: what the lane would try again after a while stays failed until {@link #again}. For one thread.
 */
public final class HandlerRun {

    private final BrokerEventHandler handler;
    private final List<Long> done = new ArrayList<>();
    private final List<Long> discarded = new ArrayList<>();
    private final List<BrokerEvent> failed = new ArrayList<>();
    private Optional<Exception> lastFailure = Optional.empty();
    private long sequence;

    public HandlerRun(BrokerEventHandler handler) {
        this.handler = handler;
    }

    /**
     * Gives VOEvents, numbered from 1.
     *
     * @throws IllegalArgumentException if one is no well-formed XML
     */
    public void give(byte[]... events) throws InterruptedException {
        for (byte[] event : events) {
            give(TestEvent.read(++sequence, event));
        }
    }

    /** Gives an event that the test has made itself. */
    public void give(BrokerEvent event) throws InterruptedException {
        sequence = Math.max(sequence, event.sequence());
        try {
            Outcome outcome = handler.handle(event);
            switch (outcome) {
                case DONE -> done.add(event.sequence());
                case DISCARD -> discarded.add(event.sequence());
                case RETRY -> failed.add(event);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) { // the lane would try again
            lastFailure = Optional.of(e);
            failed.add(event);
        }
    }

    /** Gives what has failed once more, as the lane does after its pause. */
    public void again() throws InterruptedException {
        List<BrokerEvent> waiting = List.copyOf(failed);
        failed.clear();
        for (BrokerEvent event : waiting) {
            give(event);
        }
    }

    /** The sequences of the events that the handler was done with. */
    public List<Long> done() {
        return List.copyOf(done);
    }

    /** The sequences of the events that it did not want. */
    public List<Long> discarded() {
        return List.copyOf(discarded);
    }

    /** The sequences of the events that the broker would give it again: it threw, or asked for it. */
    public List<Long> failed() {
        return failed.stream().map(BrokerEvent::sequence).toList();
    }

    /** What it threw last. */
    public Optional<Exception> lastFailure() {
        return lastFailure;
    }
}
