package org.bolide.transport;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.bolide.api.BrokerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events that one subscriber is sent: collected, then sent in one go. Used by its delivery only, but for {@link #sequence} and
 * {@link #sent}.
 */
final class Outgoing {

    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    private final SubscriberLink link;
    private final Broadcaster broadcaster;
    private final Unsettled unsettled;
    private final List<BrokerEvent> events = new ArrayList<>();
    private String name;
    /** Null until it is sent something. */
    private DeliveryBook.Receiver receiver;
    /** What was received before that is no news. */
    private Instant placedAt = Instant.now();
    private volatile long sequence;
    private volatile long sent;

    Outgoing(SubscriberLink link, Broadcaster broadcaster, Unsettled unsettled) {
        this.link = link;
        this.broadcaster = broadcaster;
        this.unsettled = unsettled;
        this.name = link.address;
    }

    /** The subscriber is remembered under this name. */
    void named(String now) {
        name = now;
        if (receiver != null) {
            receiver.rename(now);
        }
    }

    /** What is sent from now on comes after this place in the log. */
    void placed(long place) {
        placedAt = Instant.now();
        sequence = place;
    }

    /** The last sequence sent; before anything is sent, the place after which that is. */
    long sequence() {
        return sequence;
    }

    /** How many events were sent. */
    long sent() {
        return sent;
    }

    void add(BrokerEvent event) {
        events.add(event);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** Sends them. */
    void send(long nowNanos) {
        DeliveryBook book = broadcaster.deliveries();
        if (receiver == null) {
            receiver = book.enter(name);
        }
        unsettled.sent(events, book.sent(events, receiver), nowNanos);
        link.send(events);
        BrokerEvent newest = events.get(events.size() - 1);
        sequence = newest.sequence();
        sent += events.size();
        broadcaster.eventsSent(events.size(), newest, placedAt);
        if (LOG.isDebugEnabled()) {
            events.forEach(event -> LOG.debug("id={} position={} source={} sent to {}", event.header().identifier().orElse(""), event.sequence(),
                    event.source(), link.address));
        }
        events.clear();
    }

    /** Nobody is there to be sent them. */
    void drop() {
        events.clear();
    }

    /** The connection is gone. */
    void close() {
        if (receiver != null) {
            broadcaster.deliveries().leave(receiver);
        }
    }
}
