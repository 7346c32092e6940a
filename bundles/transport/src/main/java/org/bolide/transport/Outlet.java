package org.bolide.transport;

import java.io.IOException;
import java.util.List;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.transport.socket.nio.NioSession;
import org.bolide.api.BrokerEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is sent over one connection, whole messages in the order in which they are given, from any thread and without
 * blocking. Who sends writes to the socket, many events at once; what the socket does not take is left to MINA's I/O
 * thread, and all that follows until that has left. Once the connection is gone, sending does nothing.
 */
final class Outlet {

    private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);

    private final NioSession session;
    private final Processors processors;
    private final LinkProcessor processor;
    private final boolean bare;

    Outlet(IoSession session, Processors processors) {
        this.session = (NioSession) session;
        this.processors = processors;
        this.processor = processors.of(session);
        this.bare = session.getFilterChain().getAll().isEmpty();
    }

    /** Whether no filter of MINA's is between the link and the socket. */
    boolean isBare() {
        return bare;
    }

    /** How many bytes the socket has not taken yet. */
    long waitingBytes() {
        return session.getScheduledWriteBytes();
    }

    /** Sends a message. */
    synchronized void send(IoBuffer frame) {
        if (isFree()) {
            writeNow(frame);
        }
        if (frame.hasRemaining()) {
            session.write(frame);
        }
    }

    /** Sends events. */
    synchronized void send(List<BrokerEvent> events) {
        int next = isFree() ? writeNow(events) : 0;
        for (; next < events.size(); next++) {
            session.write(Frames.of(events.get(next)));
        }
    }

    private boolean isFree() {
        return bare && session.getScheduledWriteBytes() == 0 && !session.isClosing();
    }

    /** Returns the first event that is left to be given to MINA. */
    private int writeNow(List<BrokerEvent> events) {
        IoBuffer batch = processors.buffer();
        try {
            int next = 0;
            while (next < events.size()) {
                int first = next;
                batch.clear();
                while (next < events.size() && Frames.size(events.get(next)) <= batch.remaining()) {
                    Frames.put(events.get(next++), batch.buf());
                }
                int cut = next == first ? writeLong(events.get(next++)) : writeBatch(batch.flip());
                if (cut >= 0) {
                    return giveRest(events, first, cut);
                }
            }
            return next;
        } finally {
            processors.release(batch);
        }
    }

    /** Returns how many bytes have left, or -1 if all. */
    private int writeBatch(IoBuffer batch) {
        writeNow(batch);
        return batch.hasRemaining() ? batch.position() : -1;
    }

    /** The same, of an event that is longer than a batch. */
    private int writeLong(BrokerEvent event) {
        return writeBatch(Frames.of(event));
    }

    /** Gives MINA the rest of the event in which the socket had enough; returns the event after it. */
    private int giveRest(List<BrokerEvent> events, int first, int written) {
        int index = first;
        int left = written;
        for (int size = Frames.size(events.get(index)); left >= size; size = Frames.size(events.get(index))) {
            left -= size;
            index++;
        }
        session.write(Frames.of(events.get(index)).skip(left));
        return index + 1;
    }

    private void writeNow(IoBuffer bytes) {
        try {
            int written;
            do {
                written = processor.writeNow(session, bytes);
            } while (written > 0 && bytes.hasRemaining());
        } catch (IOException e) {
            LOG.debug("{} has gone: {}", session, e.toString());
            bytes.position(bytes.limit());
            session.closeNow();
        }
    }
}
