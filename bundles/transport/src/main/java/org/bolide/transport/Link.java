package org.bolide.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;

import org.apache.mina.core.future.IoFuture;
import org.apache.mina.core.session.IoSession;
import org.bolide.api.BrokerEvent;
import org.bolide.api.management.Connections.Connection;

/**
 * One connection. Whatever happens to it runs in its {@link #serial}, one thing at a time and never blocking, so that
 * its state needs no lock. It takes a message only when it {@link #ready() can}: until then the rest waits unread, and
 * with it the peer.
 *
 * <p>MINA changes what it selects for without a lock, hence reading is suspended and resumed on the session's I/O thread
 * only.
 */
abstract class Link {

    /** How long a connection may take to close: to send what is left, and to read on, so that a peer that is refused gets the reason and not a reset. */
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

    protected final IoSession session;
    protected final Node node;
    protected final Serial serial = Serial.direct(() -> close(Leaving.because("defect", "this broker failed, and has logged the error")));
    protected final String address;
    protected final Instant since = Instant.now();
    /** Of the peer, also when the connection is gone. */
    protected final InetSocketAddress peerAddress;

    private final LinkProcessor processor;
    private final Outlet outlet;
    private final FrameReader frames;
    private final Deque<ByteBuffer> unread = new ArrayDeque<>();
    private boolean inputEnded;
    private boolean endTold;
    private boolean discarding;

    /** When to close whatever is left to be sent, by {@link System#nanoTime}; 0 for not at all. */
    private volatile long closeBy;
    private final AtomicReference<Leaving> leaving = new AtomicReference<>();
    private volatile boolean wantsInput = true;
    private volatile boolean inputGone;
    private volatile long lastHeardMillis;

    Link(IoSession session, Node node, IntSupplier maxFrameBytes) {
        this.session = session;
        this.node = node;
        this.peerAddress = (InetSocketAddress) session.getRemoteAddress();
        this.address = Addresses.text(peerAddress);
        this.processor = Processors.all(session).of(session);
        this.outlet = new Outlet(session, Processors.all(session));
        this.frames = new FrameReader(maxFrameBytes);
    }

    /** The connection stands. In {@link #serial}. */
    protected abstract void opened();

    /** Whether the next message can be taken now. In {@link #serial}. */
    protected abstract boolean ready();

    /** A message has come. In {@link #serial}. */
    protected abstract void take(byte[] message);

    /**
     * Messages have come, whole ones and perhaps a part of one: a link may take whole ones that it recognises from here,
     * without having them copied, and leave the rest. In {@link #serial}.
     */
    protected void skim(ByteBuffer messages) {
        // most links want all messages by themselves
    }

    /** Bytes have come, and all messages that they completed were taken. In {@link #serial}. */
    protected abstract void progressed();

    /** What came is no message; nothing more will be taken. In {@link #serial}. */
    protected abstract void garbage(BadFrameException e);

    /** The peer sends nothing more. In {@link #serial}. */
    protected abstract void ended(Optional<String> incomplete);

    /** The connection is gone. In {@link #serial}. */
    protected abstract void gone();

    /** Time passes; called on the timer's thread a few times a second, must not block. */
    protected abstract void ticked(long nowNanos);

    /** For the management services. */
    abstract Connection describe();

    // MINA's side

    final void open() {
        serial.execute(this::opened);
    }

    /** Whether no filter of MINA's is between this link and the socket. */
    final boolean isBare() {
        return outlet.isBare();
    }

    /** Bytes have come. They are used, or copied, before this returns. On the I/O thread. */
    final void received(ByteBuffer in) {
        lastHeardMillis = System.currentTimeMillis();
        if (!serial.tryRun(() -> input(in))) {
            ByteBuffer kept = copy(in);
            serial.execute(() -> input(kept));
        }
        applyReading();
    }

    private void input(ByteBuffer in) {
        if (!discarding) {
            unread.add(in);
            try {
                pump();
            } finally { // whatever happens: the buffer is about to hold another connection's bytes
                if (unread.peekLast() == in) {
                    unread.removeLast();
                    unread.addLast(copy(in));
                }
            }
            progressed();
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }

    final void inputClosed() {
        inputGone = true;
        session.suspendRead(); // MINA would call again and again
        serial.execute(() -> {
            inputEnded = true;
            if (discarding) {
                session.closeOnFlush();
            }
            pump();
        });
    }

    /** MINA has sent what the socket would not take before. On the I/O thread. */
    void sent() {
        // most links do not wait for that
    }

    final void closed() {
        serial.execute(this::gone);
    }

    private void applyReading() {
        if (inputGone) {
            return;
        }
        if (wantsInput == session.isReadSuspended()) {
            if (wantsInput) {
                session.resumeRead();
            } else {
                session.suspendRead();
            }
        }
    }

    /** Called a few times a second, on the timer's thread. */
    final void tick(long nowNanos) {
        long limit = closeBy;
        if (limit == 0) {
            ticked(nowNanos);
        } else if (nowNanos - limit > 0) {
            session.closeNow();
        }
    }

    // ours

    /** Takes what can be taken now. To be called, in {@link #serial}, when the link may have become ready. */
    protected final void pump() {
        while (!discarding && ready()) {
            byte[] message = next();
            if (message == null) {
                break;
            }
            take(message);
        }
        boolean wants = unread.isEmpty() || discarding;
        if (wants != wantsInput) {
            wantsInput = wants;
            if (wants) {
                readOn();
            }
        }
        if (inputEnded && !endTold && unread.isEmpty() && !discarding) {
            endTold = true;
            ended(frames.incomplete());
        }
    }

    private byte[] next() {
        try {
            while (!unread.isEmpty()) {
                ByteBuffer first = unread.peek();
                if (!frames.midMessage()) {
                    skim(first);
                }
                byte[] message = frames.read(first);
                if (!first.hasRemaining()) {
                    unread.remove();
                }
                if (message != null) {
                    return message;
                }
            }
        } catch (BadFrameException e) {
            unread.clear();
            discarding = true;
            garbage(e);
        }
        return null;
    }

    /** Sends a message, from any thread. Does nothing if the connection is gone. */
    protected final void send(String message) {
        outlet.send(Frames.of(message));
    }

    /** Sends messages in one go, from any thread. Does nothing if the connection is gone. */
    protected final void sendAll(List<String> messages) {
        outlet.send(Frames.of(messages));
    }

    /** Runs a task in {@link #serial} a moment later, from the I/O thread: what comes until then is done before. */
    protected final void soon(Runnable task) {
        processor.execute(() -> serial.execute(task));
    }

    /** Sends events, from any thread. Does nothing if the connection is gone. */
    protected final void send(List<BrokerEvent> events) {
        outlet.send(events);
    }

    /** How many bytes the peer's socket has not taken yet. */
    final long waitingBytes() {
        return outlet.waitingBytes();
    }

    /** Has reading resumed. */
    private void readOn() {
        processor.execute(this::applyReading);
    }

    /** Closes when what has been sent has left. */
    protected final void finish() {
        closeBy = System.nanoTime() + CLOSING_NANOS;
        session.closeOnFlush();
    }

    /** The same, but what the peer still sends is read and thrown away until it ends, or for a moment. */
    protected final void closeGently() {
        discarding = true;
        unread.clear();
        if (inputEnded) {
            finish();
            return;
        }
        closeBy = System.nanoTime() + CLOSING_NANOS;
        wantsInput = true;
        readOn();
    }

    /** Whether something has come that is not taken. In {@link #serial}. */
    protected final boolean hasUnread() {
        return !unread.isEmpty() || frames.midMessage();
    }

    /** Whether a part of a message has come, but not all. In {@link #serial}. */
    protected final boolean midMessage() {
        return frames.midMessage();
    }

    /** What has come of an incomplete message. In {@link #serial}. */
    protected final Optional<String> incomplete() {
        return frames.incomplete();
    }

    /** Whether the peer has said that it sends nothing more. */
    protected final boolean inputEnded() {
        return inputGone;
    }

    protected final Optional<Instant> lastHeard() {
        long millis = lastHeardMillis;
        return millis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    /** Says why the connection ends, before it does; what is said first counts. From any thread. */
    final void leaves(Leaving why) {
        leaving.compareAndSet(null, why);
    }

    /** Why the connection ends, or has ended. */
    final Leaving leaving() {
        Leaving said = leaving.get();
        return said != null ? said : inputGone ? Leaving.ended() : Leaving.lost("the connection was lost");
    }

    /** The name under which the peer is remembered. */
    Optional<String> readerName() {
        return Optional.empty();
    }

    /** Closes at once, and says why. From any thread. */
    final IoFuture close(Leaving why) {
        leaves(why);
        return close();
    }

    /** Closes at once. From any thread. */
    IoFuture close() {
        return session.closeNow();
    }
}
