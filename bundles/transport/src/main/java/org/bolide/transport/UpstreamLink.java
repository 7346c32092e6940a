package org.bolide.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.apache.mina.core.session.IoSession;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/**
 * The connection to a remote broker (VTP 2.0, section 5.2, the subscriber's side): every event is acknowledged once it is
 * in the log, every iamalive is answered, and filters are asked for when the broker says {@code authenticate}.
 */
final class UpstreamLink extends Link {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLink.class);

    private final Subscription subscription;
    private final Inflow inflow;
    private final String connection;
    private final long openedAt = System.nanoTime();

    private boolean closing;
    private TransportMessage greeting;
    private volatile long lastActive = System.nanoTime();
    private volatile String peerIdentifier;
    private volatile long events;

    UpstreamLink(IoSession session, Subscription subscription) {
        super(session, subscription.node(), () -> subscription.config().maxEventBytes());
        this.subscription = subscription;
        this.inflow = new Inflow(subscription.intake(), serial, this::answer);
        this.connection = subscription.name() + "#" + session.getId();
    }

    /** For how long the connection has been standing. */
    long ageNanos() {
        return System.nanoTime() - openedAt;
    }

    @Override
    protected void opened() {
        // a broker speaks first
    }

    @Override
    protected boolean ready() {
        return !closing && inflow.hasRoom();
    }

    @Override
    protected void progressed() {
        lastActive = System.nanoTime();
    }

    @Override
    protected void take(byte[] message) {
        if (Scan.isTransport(message)) {
            transport(message);
            return;
        }
        events++;
        inflow.submit(message, Submission.fromBroker(ByteBuffer.wrap(message), subscription.remote().toString()).on(connection));
    }

    private void answer(byte[] event, Receipt receipt) {
        if (closing) {
            return;
        }
        lastActive = System.nanoTime();
        subscription.counted(receipt.status());
        String identifier = receipt.identifier().or(() -> Scan.ivorn(event)).orElse("");
        String namespace = greeting == null ? TransportMessage.NAMESPACE : greeting.answerIn();
        switch (receipt.status()) {
            case ACCEPTED, DUPLICATE -> send(TransportWriter.ack(namespace, identifier, subscription.localName(), ""));
            case REFUSED -> {
                LOG.info("id={} position= source={} refused: {}", identifier, subscription.remote(), receipt.reason());
                send(subscription.config().nakRefused()
                        ? TransportWriter.nak(namespace, identifier, subscription.localName(), receipt.reason())
                        : TransportWriter.ack(namespace, identifier, subscription.localName(), ""));
            }
            case UNAVAILABLE -> leave("this broker cannot take its events now: " + receipt.reason());
        }
        pump();
    }

    private void transport(byte[] message) {
        Optional<TransportMessage> read;
        try {
            read = node.reader().read(message);
        } catch (SAXException e) {
            LOG.warn("{}: {} sent a Transport message that is not well-formed; it is ignored: {}", subscription.name(), subscription.remote(),
                    e.getMessage());
            return;
        }
        if (read.isEmpty()) {
            return;
        }
        TransportMessage transport = read.get();
        switch (transport.role()) {
            case IAMALIVE -> {
                identified(transport);
                send(TransportWriter.iamaliveAnswer(transport.answerIn(), transport.origin(), subscription.localName()));
            }
            case AUTHENTICATE -> {
                identified(transport);
                greeting = transport;
                askForFilters();
            }
            case NAK -> LOG.warn("{}: {} refused a message, perhaps a filter: {}", subscription.name(), subscription.remote(),
                    transport.result().orElse("it gives no reason"));
            default -> LOG.debug("{}: {} sent a message of role '{}', which is ignored", subscription.name(), subscription.remote(),
                    transport.roleText());
        }
    }

    private void identified(TransportMessage message) {
        peerIdentifier = message.origin();
    }

    /** The filters have changed. From any thread. */
    void filtersChanged() {
        serial.execute(() -> {
            if (greeting == null) {
                LOG.warn("{}: {} has not asked for filters yet; it is sent the new ones when it does", subscription.name(), subscription.remote());
            } else {
                askForFilters();
            }
        });
    }

    private void askForFilters() {
        send(TransportWriter.authenticateAnswer(greeting.answerIn(), greeting.origin(), subscription.localName(), subscription.filters()));
    }

    @Override
    protected void ticked(long now) {
        if (now - lastActive > TimeUnit.SECONDS.toNanos(subscription.config().idleSeconds())) {
            serial.execute(() -> {
                if (!closing && inflow.isEmpty()) {
                    leave("nothing came for " + subscription.config().idleSeconds() + " s (idleSeconds)");
                }
            });
        }
    }

    @Override
    protected void garbage(BadFrameException e) {
        leave(e.getMessage() + " (maxEventBytes)");
    }

    @Override
    protected void ended(Optional<String> incomplete) {
        if (!closing) {
            leave("it closed the connection" + incomplete.map(text -> ", " + text).orElse(""));
        }
    }

    private void leave(String why) {
        closing = true;
        subscription.lost(why);
        close();
    }

    @Override
    protected void gone() {
        closing = true;
        subscription.gone(this);
    }

    @Override
    Connection describe() {
        return subscription.describe(true, since, events, Optional.ofNullable(peerIdentifier), lastHeard());
    }
}
