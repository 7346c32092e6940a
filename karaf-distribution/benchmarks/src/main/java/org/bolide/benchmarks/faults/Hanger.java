package org.bolide.benchmarks.faults;

import java.util.concurrent.CountDownLatch;

import org.bolide.api.BrokerEvent;
import org.bolide.api.BrokerEventHandler;
import org.bolide.api.Outcome;

/** A handler that never comes back from its first event, whatever one does to its thread. */
public final class Hanger implements BrokerEventHandler {

    @Override
    public Outcome handle(BrokerEvent event) {
        CountDownLatch never = new CountDownLatch(1);
        boolean interrupted = false;
        while (never.getCount() > 0) {
            try {
                never.await();
            } catch (InterruptedException ignoredOnPurpose) {
                interrupted = true; // being deaf is this handler's fault
            }
        }
        return interrupted ? Outcome.RETRY : Outcome.DONE;
    }
}
