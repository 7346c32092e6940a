package org.bolide.transport;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.apache.mina.core.session.IoSession;
import org.bolide.api.Receipt;
import org.bolide.api.Submission;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xml.sax.SAXException;

import static org.bolide.transport.TransportMessage.NAMESPACE;

/**
 * An author's connection (VTP 2.0, section 5.1): each event is submitted and answered with ack or nak. Further events may
 * follow, also before the answers have come.
 */
final class AuthorLink extends Link {

    private static final Logger LOG = LoggerFactory.getLogger(AuthorLink.class);

    private static final Receipt OVER_QUOTA = new Receipt(Receipt.Status.UNAVAILABLE, 0, Optional.empty(), "the quota of its address is used up");

    private final Receiver receiver;
    private final Peers.Peer peer;
    private final Inflow inflow;
    private final String source;
    private final String connection;

    /** Receipts that are not sent yet: those of events that came, and entered the log, together leave together. */
    private final List<String> receipts = new ArrayList<>();
    private boolean sendingSoon;
    private byte[] held;
    private boolean closing;
    private boolean stopping;
    private long answered;
    private boolean lingering;
    private volatile long accepted;
    private volatile long duplicates;
    private volatile long refused;
    /** When to give up waiting for the peer, by {@link System#nanoTime}; 0 while it waits for us. */
    private volatile long deadline;
    private boolean midMessageBefore;
    private String rejection;

    AuthorLink(IoSession session, Receiver receiver, Peers.Peer peer) {
        super(session, receiver.node(), () -> receiver.limits().maxEventBytes());
        this.receiver = receiver;
        this.peer = peer;
        this.inflow = new Inflow(receiver.intake(), serial, this::answer);
        this.source = address;
        this.connection = receiver.connectionPrefix() + session.getId();
    }

    @Override
    protected void opened() {
        LOG.debug("{}: {} has connected", receiver.name(), address);
        expectMore();
    }

    @Override
    protected boolean ready() {
        return held == null && !closing && !stopping && inflow.hasRoom();
    }

    @Override
    protected void progressed() {
        if (midMessage() && !midMessageBefore && deadline != 0) {
            expectMore(); // the time-out is for a whole message, however it trickles in
        }
        midMessageBefore = midMessage();
    }

    @Override
    protected void take(byte[] message) {
        deadline = 0;
        midMessageBefore = false;
        lingering = false;
        Receiver.Limits limits = receiver.limits();
        long wait = peer.book(message.length, limits.maxEventsPerSecondPerPeer(), limits.maxBytesPerSecondPerPeer());
        if (wait > 0) {
            receiver.counters().count("slowed");
            held = message;
            node.timer().schedule(() -> serial.execute(() -> {
                held = null;
                if (stopping) {
                    return; // it has no receipt, so its author tries again
                }
                handle(message);
                pump();
                afterAnswers();
            }), wait, TimeUnit.NANOSECONDS);
        } else {
            handle(message);
        }
    }

    private void handle(byte[] message) {
        if (Scan.isTransport(message)) {
            transport(message);
            return;
        }
        long wait = peer.quotaWait(receiver.limits().maxBytesPerDayPerPeer());
        if (wait > 0) {
            receiver.warnQuota(source, wait);
            inflow.refuse(message, OVER_QUOTA);
            return;
        }
        inflow.submit(message, Submission.fromAuthor(ByteBuffer.wrap(message), source).on(connection));
    }

    private void answer(byte[] event, Receipt receipt) {
        if (closing) {
            return;
        }
        receiver.counted(receipt.status());
        String identifier = receipt.identifier().or(() -> Scan.ivorn(event)).orElse("");
        String local = receiver.localIvoid();
        answered++;
        switch (receipt.status()) {
            case ACCEPTED -> {
                accepted++;
                peer.charge(event.length, receiver.limits().maxBytesPerDayPerPeer());
                receipts.add(TransportWriter.ack(NAMESPACE, identifier, local, ""));
            }
            case DUPLICATE -> {
                duplicates++;
                receipts.add(TransportWriter.ack(NAMESPACE, identifier, local,
                        receipt.reason().isEmpty() ? "duplicate: this broker has the event already" : receipt.reason()));
            }
            case REFUSED -> {
                refused++;
                receiver.peerLog().info("id={} position= source={} refused: {}", identifier, source, receipt.reason());
                receipts.add(TransportWriter.nak(NAMESPACE, identifier, local, receipt.reason()));
            }
            case UNAVAILABLE -> {
                if (receipt != OVER_QUOTA) {
                    receiver.warnUnavailable(source, receipt.reason());
                    leaves(Leaving.because("unavailable", "events could not be taken, so that it tries again: " + receipt.reason()));
                } else {
                    leaves(Leaving.because("quota", "it has used up what one address may submit in a day (maxBytesPerDayPerPeer)"));
                }
                end();
                return;
            }
        }
        if (inflow.isEmpty()) {
            sendReceipts();
        } else if (!sendingSoon) {
            sendingSoon = true;
            soon(this::sendReceipts);
        }
        pump();
        afterAnswers();
    }

    private void sendReceipts() {
        sendingSoon = false;
        if (!receipts.isEmpty()) {
            sendAll(receipts);
            receipts.clear();
        }
    }

    /** Everything that came is answered: what now? */
    private void afterAnswers() {
        if (closing || held != null && !stopping || !inflow.isEmpty()) {
            return;
        }
        if (rejection != null) {
            reject(rejection);
            return;
        }
        if (stopping) {
            leaves(Listener.STOPPING);
            sendReceipts();
            if (hasUnread()) { // to close at once would take back the receipts that are under way
                closing = true;
                deadline = 0;
                closeGently();
            } else {
                end();
            }
            return;
        }
        if (inputEnded() && !midMessage()) {
            leaves(Leaving.ended());
            end();
            return;
        }
        expectMore();
        if (answered == 1 && !midMessage()) {
            int millis = receiver.limits().closeAfterMillis();
            if (millis == 0) {
                answeredAll();
            } else {
                lingering = true;
                deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            }
        }
    }

    /** Takes nothing more, and ends when what was taken is answered. From any thread. */
    void stop() {
        serial.execute(() -> {
            stopping = true;
            afterAnswers();
        });
    }

    /** The ordinary end, where the author leaves that to the broker. */
    private void answeredAll() {
        leaves(Leaving.because("answered", "its event was answered, and no other came (closeAfterMillis)"));
        end();
    }

    private void end() {
        sendReceipts();
        closing = true;
        deadline = 0;
        finish();
    }

    private void expectMore() {
        lingering = false;
        if (!inputEnded()) {
            deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(receiver.limits().timeoutSeconds());
        }
    }

    @Override
    protected void ticked(long now) {
        long limit = deadline;
        if (limit != 0 && now - limit > 0) {
            serial.execute(this::overdue);
        }
    }

    private void overdue() {
        if (deadline == 0 || closing) {
            return;
        }
        if (lingering) {
            answeredAll();
            return;
        }
        deadline = 0;
        int seconds = receiver.limits().timeoutSeconds();
        Optional<String> incomplete = incomplete();
        receiver.counters().count("timeouts");
        if (incomplete.isPresent()) {
            reject("time-out: " + incomplete.get() + " within " + seconds + " s");
        } else {
            receiver.peerLog().info("{}: {} sent nothing for {} s and is disconnected", receiver.name(), address, seconds);
            leaves(Leaving.because("timeouts", "it sent nothing for " + seconds + " s (timeoutSeconds)"));
            end();
        }
    }

    @Override
    protected void garbage(BadFrameException e) {
        receiver.counters().count("garbage");
        reject(e.getMessage());
    }

    @Override
    protected void ended(Optional<String> incomplete) {
        if (incomplete.isPresent()) {
            receiver.counters().count("truncated");
            reject("the message is truncated: " + incomplete.get() + ", then the connection was closed");
        } else if (held == null && inflow.isEmpty() && !closing) {
            leaves(Leaving.ended());
            end();
        }
    }

    /** A message that cannot be read: nothing after it can be either. */
    private void reject(String reason) {
        rejection = reason;
        if (held != null || !inflow.isEmpty()) {
            return; // the events before it have their receipts first
        }
        receiver.peerLog().warn("{}: {} is refused and disconnected: {}", receiver.name(), address, reason);
        leaves(Leaving.because("garbage", Shown.line(reason, 300)));
        closing = true;
        lingering = false;
        deadline = 0;
        send(TransportWriter.nak(NAMESPACE, "", receiver.localIvoid(), reason));
        closeGently();
    }

    private void transport(byte[] message) {
        Optional<TransportMessage> read;
        try {
            read = node.reader().read(message);
        } catch (SAXException e) {
            reject("not well-formed: " + e.getMessage());
            return;
        }
        if (read.isEmpty()) {
            reject("neither an event nor a Transport message");
            return;
        }
        TransportMessage transport = read.get();
        sendReceipts(); // before what is said now
        switch (transport.role()) {
            case IAMALIVE -> send(TransportWriter.iamaliveAnswer(transport.answerIn(), transport.origin(), receiver.localIvoid()));
            case ACK, NAK -> LOG.debug("{}: {} sent {} where only events are taken", receiver.name(), address, transport.roleText());
            default -> {
                String reason = "a Transport message '" + transport.roleText()
                        + "' came where events are submitted; to subscribe, use the broker's other port";
                receiver.peerLog().info("{}: {}: {}", receiver.name(), address, reason);
                send(TransportWriter.nak(transport.answerIn(), transport.origin(), receiver.localIvoid(), reason));
            }
        }
        afterAnswers();
    }

    @Override
    protected void gone() {
        closing = true;
        lingering = false;
        receipts.clear();
        LOG.debug("{}: {} has gone", receiver.name(), address);
    }

    @Override
    Connection describe() {
        return new Connection(Role.AUTHOR, receiver.name(), address, Optional.empty(), true, since, lastHeard(), accepted, duplicates, refused, Optional.empty(), Optional.empty());
    }
}
