package org.bolide.transport;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.transport.socket.nio.NioProcessor;
import org.apache.mina.transport.socket.nio.NioSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of MINA's I/O threads, with what thousands of busy connections need: it reads into one buffer, which the
 * {@link Link} sees before the next read, instead of one for each read; it asks a socket once for bytes, not until there
 * are none; others may write to its sockets themselves, without waking it; and it lives on while there is no connection,
 * so that an author who connects for each event needs no new thread each time.
 */
final class LinkProcessor extends NioProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(LinkProcessor.class);
    private static final int READ_BYTES = 64 * 1024;

    private final String name;
    private final IoBuffer in = IoBuffer.wrap(new byte[READ_BYTES]);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private boolean named;

    LinkProcessor(Executor executor, String name) {
        super(executor);
        this.name = name;
    }

    /** Runs a task on the I/O thread, soon; it must not block. While no connection was ever made, it waits for one. */
    void execute(Runnable task) {
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            wakeup();
        }
    }

    /**
     * Writes what the socket takes now, from any thread. That nobody else writes at the same time, and that MINA has
     * nothing to write before it, is up to the caller.
     *
     * @return how many bytes
     */
    int writeNow(NioSession session, IoBuffer bytes) throws IOException {
        return write(session, bytes, bytes.remaining());
    }

    // on the I/O thread

    @Override
    protected int select(long timeout) throws Exception {
        if (!named) { // MINA names its threads itself, after they have started
            named = true;
            Thread.currentThread().setName(name);
        }
        int selected = super.select(timeout);
        woken.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("A task of a connection failed; this is a defect, please report it", e);
            }
        }
        return selected;
    }

    /** Hands what comes to the link at once; MINA, which would take it through its filters, is told that nothing came. */
    @Override
    protected int read(NioSession session, IoBuffer buffer) throws Exception {
        Link link = LinkHandler.link(session);
        if (link == null || !link.isBare()) {
            return super.read(session, buffer);
        }
        in.clear();
        int bytes = super.read(session, in);
        if (bytes <= 0) {
            return bytes;
        }
        in.flip();
        link.received(in.buf());
        return 0;
    }

    /** MINA ends a thread that has no sessions. */
    @Override
    protected int allSessionsCount() {
        int sessions = super.allSessionsCount();
        return isDisposing() ? sessions : Math.max(1, sessions);
    }
}
