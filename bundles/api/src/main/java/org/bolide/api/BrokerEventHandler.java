package org.bolide.api;

import java.util.List;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Does something with events: prints, saves, forwards them. Register it as a service with the properties below; the
 * broker gives each handler a <em>lane</em>: a thread, a place in the log and a filter of its own. A handler that is
 * slow, fails or comes back tomorrow holds up no other and misses nothing.
 *
 * <p>Called on the lane's thread {@code lane-NAME}, one event at a time in the order of the log, unless
 * {@link #CONCURRENCY} says otherwise. It may block. Each event comes at least once: after a crash the events of the last
 * second come again. When the service is unregistered the broker waits for the running call, then interrupts it.
 */
@ConsumerType
public interface BrokerEventHandler {

    /** Required, a string: the lane's name, unique in the broker. The place in the log is kept under this name. */
    String NAME = "handler.name";
    /** A filter; the handler is given the events that match. Default: all. */
    String FILTER = "handler.filter";
    /** The filter's language, see {@link FilterLanguage#LANGUAGE}. Default: {@code xpath}. */
    String FILTER_LANGUAGE = "handler.filter.language";
    /** Where a handler starts that has no place yet: {@code latest} (default) or {@code earliest}. */
    String START = "handler.start";
    /** How many events may be handled at the same time, an integer. Above 1 the order is given up. Default: 1. */
    String CONCURRENCY = "handler.concurrency";
    /** Above 1, the largest batch that {@link #handle(List)} is given, an integer. Default: 1. */
    String BATCH = "handler.batch";

    /**
     * Handles one event.
     *
     * @return what the lane does next
     * @throws Exception counts as {@link Outcome#RETRY}
     */
    Outcome handle(BrokerEvent event) throws Exception;

    /**
     * Handles several events at once; called instead of {@link #handle(BrokerEvent)} where {@link #BATCH} is above 1.
     * The outcome holds for the batch as a whole. Override it where the sink likes batches.
     *
     * @param batch at least one event, in the order of the log
     */
    default Outcome handle(List<BrokerEvent> batch) throws Exception {
        for (BrokerEvent event : batch) {
            Outcome outcome = handle(event);
            if (outcome != Outcome.DONE) {
                return outcome;
            }
        }
        return Outcome.DONE;
    }
}
