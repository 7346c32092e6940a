package org.bolide.transport;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.future.IoFuture;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.DefaultWriteRequest;
import org.bolide.api.management.Connections.Connection;

/**
 * One connection. Whatever happens to it runs in its {@link #serial}, one thing at a time and never blocking, so that
 * its state needs no lock. It takes a message only when it {@link #ready() can}: until then the rest waits unread, and
 * with it the peer.
 *
 * <p>MINA changes what it selects for without a lock, hence reading is suspended and resumed on the session's I/O thread
 * only: in {@link #received} and, after something was written, in {@link #sent}. {@link #nudge} gets us there.
 */
abstract class Link {

    /** How long a connection may take to close: to send what is left, and to read on, so that a peer that is refused gets the reason and not a reset. */
    private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

    protected final IoSession session;
    protected final Node node;
    protected final Serial serial = Serial.direct(this::close);
    protected final String address;
    protected final Instant since = Instant.now();

    private final FrameReader frames;
    private final Deque<ByteBuffer> unread = new ArrayDeque<>();
    private boolean inputEnded;
    private boolean endTold;
    private boolean discarding;

    /** When to close whatever is left to be sent, by {@link System#nanoTime}; 0 for not at all. */
    private volatile long closeBy;
    private volatile boolean wantsInput = true;
    private volatile boolean inputGone;
    private volatile Instant lastHeard;

    Link(IoSession session, Node node, IntSupplier maxFrameBytes) {
        this.session = session;
        this.node = node;
        this.address = Addresses.text((InetSocketAddress) session.getRemoteAddress());
        this.frames = new FrameReader(maxFrameBytes);
    }

    /** The connection stands. In {@link #serial}. */
    protected abstract void opened();

    /** Whether the next message can be taken now. In {@link #serial}. */
    protected abstract boolean ready();

    /** A message has come. In {@link #serial}. */
    protected abstract void take(byte[] message);

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

    final void received(IoBuffer in) {
        lastHeard = Instant.now();
        serial.execute(() -> {
            if (!discarding) {
                unread.add(in.buf());
                pump();
                progressed();
            }
        });
        applyReading();
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

    void sent() {
        applyReading();
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
                nudge();
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
        session.write(Frames.of(message));
    }

    /** Has {@link #sent} called on the I/O thread, by way of writing nothing, which {@link IoSession#write} would refuse. */
    private void nudge() {
        if (session.isConnected() && !session.isClosing()) {
            session.getFilterChain().fireFilterWrite(new DefaultWriteRequest(IoBuffer.allocate(0)));
        }
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
        nudge();
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
        return Optional.ofNullable(lastHeard);
    }

    /** Closes at once. From any thread. */
    IoFuture close() {
        return session.closeNow();
    }
}
