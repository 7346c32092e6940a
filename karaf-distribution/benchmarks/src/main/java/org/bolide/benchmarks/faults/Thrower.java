package org.bolide.benchmarks.faults;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;

/** A handler that fails on every event. */
public final class Thrower implements BrokerEventHandler {

    @Override
    public Outcome handle(BrokerEvent event) {
        throw new IllegalStateException("this handler always fails");
    }
}
