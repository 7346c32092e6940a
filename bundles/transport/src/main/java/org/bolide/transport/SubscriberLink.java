package org.bolide.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.mina.core.session.IoSession;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Reader;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Deliveries.Answer;
import org.bolide.transport.Resumption.Left;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

import static org.bolide.transport.TransportMessage.NAMESPACE;

/**
 * A subscriber's connection (VTP 2.0, section 5.2): what is said over it, and what has been sent but not answered. Which
 * events are sent is up to its {@link Delivery}; nothing is read for a subscriber that has enough to receive.
 */
final class SubscriberLink extends Link {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriberLink.class);
    /** A request has many filters, all else is small. */
    private static final int MAX_MESSAGE_BYTES = 256 * 1024;
    /** It takes milliseconds to read a longer message. */
    private static final int LONG_BYTES = 8 * 1024;
    private static final int FRAME_BYTES = 4;
    private static final int MISSED_IAMALIVE = 3;
    /** What was acknowledged is handed on to the log so often, which writes it once a second. */
    private static final long KEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final String GARBAGE = "cut.garbage";

    private final Broadcaster broadcaster;
    private final InetAddress inetAddress;
    private final Delivery delivery;
    private final Unsettled unsettled;
    private final AtomicBoolean hasEnough = new AtomicBoolean();
    private final Outgoing outgoing;
    private final Pulse pulse;
    private final Lag lag;
    private boolean busy;
    private volatile boolean over;
    private volatile String peerIdentifier;
    private volatile String namespace = NAMESPACE;
    private volatile long lastAckMillis;
    private volatile long keptAt = System.nanoTime();

    SubscriberLink(IoSession session, Broadcaster broadcaster, Peers.Peer peer) {
        super(session, broadcaster.node(), () -> MAX_MESSAGE_BYTES);
        this.broadcaster = broadcaster;
        this.inetAddress = ((InetSocketAddress) session.getRemoteAddress()).getAddress();
        this.lag = new Lag(broadcaster.log().latest(), System.nanoTime());
        this.unsettled = new Unsettled(broadcaster.deliveries());
        this.outgoing = new Outgoing(this, broadcaster, unsettled);
        this.pulse = new Pulse(session.getId());
        this.delivery = new Delivery(this, broadcaster, peer, unsettled);
    }

    @Override
    protected void opened() {
        broadcaster.peerLog().info("{}: {} has connected", broadcaster.name(), address);
        delivery.open(broadcaster.resumption().entered(inetAddress, System.nanoTime(), keepNanos()));
    }

    // what the delivery does

    boolean isOver() {
        return over;
    }

    InetAddress inetAddress() {
        return inetAddress;
    }

    void greet() {
        send(TransportWriter.authenticate(NAMESPACE, broadcaster.localIvoid(), sequence()));
    }

    Outgoing outgoing() {
        return outgoing;
    }

    /** Up to where the subscriber is done. From any thread. */
    long done() {
        return unsettled.done();
    }

    /** For how long the log has had something with which the subscriber is not done. From any thread. */
    long lagNanos(long now) {
        return lag.nanos(unsettled.done(), now);
    }

    /** The last sequence sent, or the place after which sending begins. From any thread. */
    long sequence() {
        return outgoing.sequence();
    }

    /** Tells the subscriber something that is no refusal, in a message that every client knows. */
    void tell(OptionalLong missed, String text) {
        send(TransportWriter.told(namespace, broadcaster.localIvoid(), sequence(), missed, text));
    }

    /** Sends what there is to be delivered. */
    void flush() {
        if (outgoing.isEmpty()) {
            return;
        }
        if (over) {
            outgoing.drop();
        } else {
            long now = System.nanoTime();
            outgoing.send(now);
            pulse.sent(now);
            int most = broadcaster.maxUnsettled();
            if (unsettled.size() > most) {
                cut("cut.unsettled", "more than " + most + " events are neither acknowledged nor refused (maxUnsettled)");
            }
        }
    }

    /** Whether something waits to be sent already, so that reading on makes no sense; {@link #sent} goes on. */
    boolean hasEnough() {
        if (waitingBytes() == 0) {
            return false;
        }
        hasEnough.set(true);
        return waitingBytes() > 0 || !hasEnough.compareAndSet(true, false);
    }

    @Override
    void sent() {
        if (hasEnough.get() && waitingBytes() == 0 && hasEnough.compareAndSet(true, false)) {
            delivery.wake();
        }
    }

    /**
     * The subscriber is told that what it asks for cannot be had, and what that means for it.
     *
     * @param name the one that it asked for in vain
     */
    void tellRefused(String reason, Optional<String> name) {
        send(name.isPresent() ? TransportWriter.nameNak(namespace, broadcaster.localIvoid(), name.get(), reason)
                : TransportWriter.nak(namespace, broadcaster.localIvoid(), broadcaster.localIvoid(), reason));
    }

    /** The name of this subscriber has been claimed by another connection. From any thread. */
    void takenOver(String name) {
        if (!over) {
            over = true;
            broadcaster.counters().count("cut.taken-over");
            String reason = "another connection has taken over the name '" + name + "', and what is not acknowledged yet";
            broadcaster.peerLog().info("{}: {} is disconnected: {}", broadcaster.name(), address, reason);
            leaves(Leaving.because("cut.taken-over", reason));
            send(TransportWriter.nameNak(namespace, broadcaster.localIvoid(), name, reason));
            finish();
        }
    }

    Delivery delivery() {
        return delivery;
    }

    // what the subscriber says, in serial

    @Override
    protected boolean ready() {
        return !over && !busy;
    }

    @Override
    protected void progressed() {
        // a subscriber may take as long as it likes to say something
    }

    /** Takes the acks that are due: they are nearly all that a broadcaster receives. */
    @Override
    protected void skim(ByteBuffer messages) {
        if (!messages.hasArray()) {
            return;
        }
        int acks = 0;
        String due = unsettled.due();
        long now = due == null ? 0 : System.nanoTime();
        while (due != null && messages.remaining() > FRAME_BYTES) {
            int length = messages.getInt(messages.position());
            if (length <= 0 || length > LONG_BYTES || length > messages.remaining() - FRAME_BYTES) {
                break;
            }
            int from = messages.arrayOffset() + messages.position() + FRAME_BYTES;
            if (!Acks.isAckOf(due, messages.array(), from, from + length)) {
                break;
            }
            unsettled.settleDue(now);
            acks++;
            messages.position(messages.position() + FRAME_BYTES + length);
            due = unsettled.due();
        }
        if (acks > 0) {
            lastAckMillis = System.currentTimeMillis();
            pulse.heard();
            delivery.answered();
            broadcaster.acks(acks);
        }
    }

    @Override
    protected void take(byte[] message) {
        pulse.heard();
        if (message.length <= LONG_BYTES) {
            read(message).run();
        } else {
            busy = true;
            delivery.apart(() -> goOn(read(message)));
        }
    }

    /** Takes the next message, when something has been done with the one before. From any thread. */
    private void goOn(Runnable something) {
        serial.execute(() -> {
            busy = false;
            something.run();
            pump();
        });
    }

    /** Reads a message. Returns what is to be done about it, in serial. */
    private Runnable read(byte[] message) {
        Optional<Scan.Answer> answer = message.length <= LONG_BYTES ? Scan.answer(message) : Optional.empty();
        if (answer.isPresent() && answer.get().role() == TransportMessage.Role.ACK) {
            return () -> settled(Answer.ACKNOWLEDGED, answer.get().origin());
        }
        try {
            Optional<TransportMessage> read = node.reader().read(message);
            return read.isPresent() ? () -> transport(read.get()) : () -> refuseEvent(message);
        } catch (SAXException e) {
            return answer.isPresent() // a nak with an identifier that was not escaped
                    ? () -> settled(Answer.REFUSED, answer.get().origin())
                    : () -> cut(GARBAGE, "it sent something that is not XML: " + e.getMessage());
        }
    }

    private void refuseEvent(byte[] message) {
        broadcaster.counters().count(GARBAGE);
        String reason = "this is the port for subscribers; submit events at the broker's other port";
        broadcaster.peerLog().info("{}: {} sent something that is no Transport message, and is disconnected: {}", broadcaster.name(), address, reason);
        over = true;
        leaves(Leaving.because(GARBAGE, "it sent something that is no Transport message: " + reason));
        send(TransportWriter.nak(NAMESPACE, Scan.ivorn(message).orElse(""), broadcaster.localIvoid(), reason));
        closeGently();
    }

    private void transport(TransportMessage message) {
        message.response().ifPresent(text -> peerIdentifier = Shown.line(text, 200));
        namespace = message.answerIn();
        switch (message.role()) {
            case ACK -> settled(Answer.ACKNOWLEDGED, message.origin());
            case NAK -> {
                broadcaster.peerLog().info("id={} position= source={} the subscriber refuses it: {}", Shown.line(message.origin(), 200), address,
                        Shown.line(message.result().orElse("no reason given"), 300));
                settled(Answer.REFUSED, message.origin());
            }
            case IAMALIVE -> LOG.debug("{}: {} is alive", broadcaster.name(), address);
            case AUTHENTICATE -> {
                if (delivery.mayAsk(message.filters())) {
                    broadcaster.asked(address, message.filters());
                    busy = true; // else strangers could have requests read faster than they are looked at
                    delivery.request(message.filters(), Place.Wish.of(message), () -> goOn(() -> { }));
                } else {
                    cut(GARBAGE, "it asks for filters faster than they can be granted");
                }
            }
            case OTHER -> broadcaster.peerLog().info("{}: {} sent a message of unknown role '{}', which is ignored", broadcaster.name(), address,
                    Shown.line(message.roleText(), 40));
        }
    }

    private void settled(Answer answer, String identifier) {
        if (unsettled.settle(identifier, answer, System.nanoTime()) > 0) {
            lastAckMillis = System.currentTimeMillis();
        }
        delivery.answered();
        broadcaster.counters().count(answer == Answer.REFUSED ? "naks" : "acks");
    }

    @Override
    protected void garbage(BadFrameException e) {
        cut(GARBAGE, e.getMessage());
    }

    @Override
    protected void ended(Optional<String> incomplete) {
        incomplete.ifPresent(text -> broadcaster.peerLog().info("{}: {} ended in the middle of a message: {}", broadcaster.name(), address, text));
        close(Leaving.ended());
    }

    // time

    @Override
    protected void ticked(long now) {
        BroadcasterConfig config = broadcaster.config();
        if (over) {
            return;
        }
        lag.look(unsettled.done(), broadcaster.log().latest(), now);
        if (now - keptAt > KEEP_NANOS) {
            keptAt = now;
            delivery.keepPlace();
        }
        if (unsettled.age(now) > TimeUnit.SECONDS.toNanos(config.unsettledSeconds())) {
            cut("cut.unsettled", unsettled.size() + " events are neither acknowledged nor refused, the oldest for more than "
                    + config.unsettledSeconds() + " s (unsettledSeconds)");
        } else if (pulse.isDue(config.iamaliveSeconds(), now)) {
            if (pulse.ask() >= MISSED_IAMALIVE) {
                cut("cut.iamalive", "it did not answer " + MISSED_IAMALIVE + " iamalive messages");
            } else {
                pulse.sent(now);
                send(TransportWriter.iamalive(namespace, broadcaster.localIvoid(), sequence()));
            }
        }
    }

    private void cut(String counter, String reason) {
        if (!over) {
            over = true;
            broadcaster.counters().count(counter);
            if (!counter.equals(GARBAGE) || unsettled.anySettled()) { // else it never was a subscriber
                broadcaster.health().cut(address, Shown.line(reason, 300));
            }
            broadcaster.peerLog().info("{}: {} is disconnected: {}", broadcaster.name(), address, reason);
            close(Leaving.because(counter, Shown.line(reason, 300)));
        }
    }

    @Override
    protected void gone() {
        over = true;
        broadcaster.peerLog().info("{}: {} has gone; it was sent {} events", broadcaster.name(), address, outgoing.sent());
        boolean open = unsettled.size() > 0 && unsettled.anySettled() && !delivery.isAsked();
        broadcaster.resumption().left(inetAddress, open ? Optional.of(new Left(unsettled.done(), !delivery.filters().isEmpty())) : Optional.empty(),
                System.nanoTime(), keepNanos());
        delivery.close();
    }

    private long keepNanos() {
        return TimeUnit.MINUTES.toNanos(broadcaster.config().resumeMinutes());
    }

    @Override
    Optional<String> readerName() {
        return delivery.name();
    }

    private Optional<Instant> lastAcknowledged() {
        long millis = lastAckMillis;
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    @Override
    Connection describe() {
        return new Connection(Role.SUBSCRIBER, broadcaster.name(), address, Optional.ofNullable(peerIdentifier), true, since, lastHeard(), outgoing.sent(), 0, 0,
                Optional.of(new Reader(delivery.name(), Optional.of(unsettled.done()), unsettled.size(), lastAcknowledged(), delivery.filters(), delivery.filterFault())),
                Optional.empty());
    }
}
