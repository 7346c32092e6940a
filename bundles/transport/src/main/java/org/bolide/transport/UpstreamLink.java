package org.bolide.transport;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.apache.mina.core.session.IoSession;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

/**
 * The connection to a remote broker (VTP 2.0, section 5.2, the subscriber's side): every event is acknowledged once it is
 * in the log, every iamalive is answered, and filters are asked for when the broker says {@code authenticate}. A broker whose
 * {@code authenticate} has {@code bolide-sequence} is a Bolide, and is asked to remember what was acknowledged.
 */
final class UpstreamLink extends Link {

    private static final Logger LOG = LoggerFactory.getLogger(UpstreamLink.class);
    /** So long after it was asked a remote broker may still send what it had sent before. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Predicate<String> NUMBER = Pattern.compile("[0-9]{1,18}").asMatchPredicate();

    private final Subscription subscription;
    private final Inflow inflow;
    private final String connection;
    private final long openedAt = System.nanoTime();

    private boolean closing;
    private boolean heard;
    private TransportMessage greeting;
    private long askedAt = openedAt;
    private boolean warnedOfUnwanted;
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile String refusal;
    private volatile long lastActive = System.nanoTime();
    private volatile String peerIdentifier;
    /** The last that a Bolide says it has sent; null for other brokers. */
    private volatile Long sequence;
    private volatile String nameThere;

    UpstreamLink(IoSession session, Subscription subscription) {
        super(session, subscription.node(), () -> subscription.config().maxEventBytes());
        this.subscription = subscription;
        this.inflow = new Inflow(subscription.intake(), serial, this::answer);
        this.connection = subscription.connectionPrefix() + session.getId();
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
        return !closing && inflow.hasRoom() && subscription.filters().areReady();
    }

    /** It has become possible to judge events. From any thread. */
    void resume() {
        serial.execute(this::pump);
    }

    @Override
    protected void progressed() {
        lastActive = System.nanoTime();
        if (!heard) {
            heard = true;
            subscription.heard(this);
        }
    }

    @Override
    protected void take(byte[] message) {
        if (Scan.isTransport(message)) {
            transport(message);
            return;
        }
        inflow.submit(message, Submission.fromBroker(ByteBuffer.wrap(message), subscription.remote().toString()).on(connection));
    }

    private void answer(byte[] event, Receipt receipt) {
        if (closing) {
            settleWhenEmpty();
            return;
        }
        lastActive = System.nanoTime();
        boolean unwanted = receipt.reason().equals(Subscription.NOT_ASKED_FOR);
        if (unwanted) {
            subscription.counters().count("filtered-locally");
        } else {
            subscription.counted(receipt.status());
        }
        String identifier = receipt.identifier().or(() -> Scan.ivorn(event)).orElse("");
        String namespace = greeting == null ? TransportMessage.NAMESPACE : greeting.answerIn();
        switch (receipt.status()) {
            case ACCEPTED, DUPLICATE -> send(TransportWriter.ack(namespace, identifier, subscription.localName(), ""));
            case REFUSED -> {
                if (unwanted) {
                    unwanted(identifier);
                    send(TransportWriter.ack(namespace, identifier, subscription.localName(), ""));
                    break;
                }
                LOG.info("id={} position= source={} refused: {}", identifier, subscription.remote(), receipt.reason());
                send(subscription.config().nakRefused()
                        ? TransportWriter.nak(namespace, identifier, subscription.localName(), receipt.reason())
                        : TransportWriter.ack(namespace, identifier, subscription.localName(), ""));
            }
            case UNAVAILABLE -> leave(Leaving.because("unavailable", "this broker cannot take its events now: " + receipt.reason()));
        }
        pump();
    }

    /** An event came that passes none of our filters. */
    private void unwanted(String identifier) {
        LOG.debug("id={} position= source={} passes no filter and is not taken", identifier, subscription.remote());
        if (!warnedOfUnwanted && System.nanoTime() - askedAt > GRACE_NANOS) {
            warnedOfUnwanted = true;
            LOG.warn("{}: {} {}; what does not pass the filters is not taken here (the counter filtered-locally says how much)",
                    subscription.name(), subscription.remote(), greeting == null ? "does not ask for filters and sends everything"
                            : refusal != null ? "has refused the filters: " + refusal : "sends events that it was not asked for");
        }
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
        transport.timeStamp().ifPresent(stamp -> subscription.clock().said(stamp, Instant.now()));
        switch (transport.role()) {
            case IAMALIVE -> {
                identified(transport);
                said(transport);
                send(TransportWriter.iamaliveAnswer(transport.answerIn(), transport.origin(), subscription.localName()));
            }
            case AUTHENTICATE -> {
                identified(transport);
                greeting = transport;
                ask();
            }
            case NAK -> {
                String reason = Shown.line(transport.result().orElse("it gives no reason"), 500);
                if (transport.extension(TransportMessage.SUBSCRIBER).isPresent()) {
                    nameRefused(reason);
                } else {
                    refused(reason);
                }
            }
            default -> LOG.debug("{}: {} sent a message of role '{}', which is ignored", subscription.name(), subscription.remote(),
                    transport.roleText());
        }
    }

    /** What a Bolide says in its signs of life. */
    private void said(TransportMessage message) {
        OptionalLong missed = message.extension(TransportMessage.MISSED).filter(NUMBER).stream().mapToLong(Long::parseLong).findFirst();
        missed.ifPresent(subscription::missed);
        if (message.result().isPresent() && nameThere != null) {
            subscription.nameThere().accepted();
        }
        if (missed.orElse(0) > 0) {
            LOG.warn("{}: {} says: {}", subscription.name(), subscription.remote(), Shown.line(message.result().orElse(""), 300));
        } else if (message.result().isPresent()) {
            LOG.info("{}: {} says: {}", subscription.name(), subscription.remote(), Shown.line(message.result().get(), 300));
        }
    }

    /** Another connection has the name now, or the remote broker does not want one more: the request without it may still be good. */
    private void nameRefused(String reason) {
        boolean refusedRequest = nameThere != null && greeting != null;
        nameThere = null;
        subscription.nameThere().refused(reason);
        if (refusedRequest) {
            ask();
        }
    }

    private void refused(String reason) {
        if (subscription.filters().texts().isEmpty()) {
            LOG.warn("{}: {} refused a message: {}", subscription.name(), subscription.remote(), reason);
            return;
        }
        if (reason.equals(refusal)) {
            LOG.debug("{}: {} refused the filters again: {}", subscription.name(), subscription.remote(), reason);
        } else {
            LOG.warn("{}: {} refused the filters: {} (what it sends all the same is filtered here)", subscription.name(), subscription.remote(),
                    reason);
        }
        refusal = reason;
    }

    private void identified(TransportMessage message) {
        peerIdentifier = message.origin();
        message.extension(TransportMessage.SEQUENCE).filter(NUMBER).map(Long::valueOf).ifPresent(number -> sequence = number);
    }

    /** The filters have changed. From any thread. */
    void filtersChanged() {
        serial.execute(() -> {
            refusal = null;
            warnedOfUnwanted = false;
            if (greeting == null) {
                LOG.warn("{}: {} has not asked for filters yet; it is sent the new ones when it does", subscription.name(), subscription.remote());
            } else {
                ask();
            }
        });
    }

    /** Asks for filters, and a Bolide to be remembered: from then on it sends what it has not had an ack for. */
    private void ask() {
        askedAt = System.nanoTime();
        Optional<String> name = sequence == null ? Optional.empty() : subscription.nameThere().now();
        nameThere = name.orElse(null);
        LocalFilters filters = subscription.filters();
        send(TransportWriter.authenticateAnswer(greeting.answerIn(), greeting.origin(), subscription.localName(), filters.paramName(),
                filters.texts(), name));
    }

    @Override
    protected void ticked(long now) {
        if (now - lastActive > TimeUnit.SECONDS.toNanos(subscription.config().idleSeconds())) {
            serial.execute(() -> {
                if (!closing && inflow.isEmpty()) {
                    leave(Leaving.because("idle", "nothing came for " + subscription.config().idleSeconds() + " s (idleSeconds)"));
                }
            });
        }
    }

    @Override
    protected void garbage(BadFrameException e) {
        leave(Leaving.because("garbage", e.getMessage() + " (maxEventBytes)"));
    }

    @Override
    protected void ended(Optional<String> incomplete) {
        if (!closing) {
            leave(new Leaving("ended", true, "it closed the connection" + incomplete.map(text -> ", " + text).orElse("")));
        }
    }

    private void leave(Leaving why) {
        closing = true;
        subscription.lost(why.reason());
        close(why);
    }

    @Override
    protected void gone() {
        closing = true;
        subscription.gone(this, leaving());
        settleWhenEmpty();
    }

    private void settleWhenEmpty() {
        if (inflow.isEmpty()) {
            settled.countDown();
        }
    }

    /** Waits until the connection is gone and every event that came over it is judged. */
    boolean awaitSettled(long millis) {
        try {
            return settled.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What the remote broker calls itself. */
    Optional<String> peerIdentifier() {
        return Optional.ofNullable(peerIdentifier);
    }

    /** Why it has refused the filters. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** The name under which it was asked to remember this broker. */
    Optional<String> nameThere() {
        return Optional.ofNullable(nameThere);
    }

    /** The last sequence that a Bolide says it has sent. */
    Optional<Long> place() {
        return Optional.ofNullable(sequence);
    }

    @Override
    Connection describe() {
        return subscription.connections().get(0);
    }
}
