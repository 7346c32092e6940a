package org.bolide.transport;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node's parts end when the broker stops: first all that take events, together, then all that send them, so that these
 * still send what those have taken. In which order the component runtime ends components is its own affair. Safe for any number of
 * threads.
 */
final class Ending {

    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    private final Executor threads;
    private final Set<Runnable> takers = new LinkedHashSet<>();
    private final Set<Runnable> senders = new LinkedHashSet<>();

    /** @param threads where parts end at the same time */
    Ending(Executor threads) {
        this.threads = threads;
    }

    /** @param end ends a part that takes events, within seconds; runs once */
    synchronized void takes(Runnable end) {
        takers.add(end);
    }

    /** @param end ends a part that sends events, within seconds; runs once */
    synchronized void sends(Runnable end) {
        senders.add(end);
    }

    /** Ends one part, if it has not ended yet. */
    void end(Runnable part) {
        boolean stood;
        synchronized (this) {
            stood = takers.remove(part) | senders.remove(part);
        }
        if (stood) {
            part.run();
        }
    }

    /** Ends all parts that have not ended yet, in order. */
    void endAll() {
        endAll(takers);
        endAll(senders);
    }

    private void endAll(Set<Runnable> parts) {
        List<CompletableFuture<Void>> ending = new ArrayList<>();
        synchronized (this) {
            parts.forEach(part -> ending.add(CompletableFuture.runAsync(part, threads)));
            parts.clear();
        }
        for (CompletableFuture<Void> part : ending) {
            try {
                part.join();
            } catch (CompletionException e) {
                LOG.error("A listener or subscription could not be closed; this is a defect, please report it", e.getCause());
            }
        }
    }
}
