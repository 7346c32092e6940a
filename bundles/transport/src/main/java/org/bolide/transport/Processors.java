package org.bolide.transport;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;

import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.service.IoProcessor;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;
import org.apache.mina.transport.socket.nio.NioSession;

/** Some of MINA's I/O threads, which many connections share; each connection has one of them. Safe for any number of threads. */
final class Processors implements IoProcessor<NioSession> {

    private static final int SPARE_BUFFERS = 16;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final LinkProcessor[] all;
    private final Queue<IoBuffer> buffers = new ArrayBlockingQueue<>(SPARE_BUFFERS);

    /**
     * @param role what the threads are called
     * @param executor where they come from
     */
    Processors(String role, int threads, Executor executor) {
        all = new LinkProcessor[threads];
        for (int i = 0; i < threads; i++) {
            all[i] = new LinkProcessor(executor, role + "-" + (i + 1));
        }
    }

    /** Those to which a connection belongs. */
    static Processors all(IoSession session) {
        return (Processors) (IoProcessor<?>) ((NioSession) session).getProcessor();
    }

    /** The one that serves a connection. */
    LinkProcessor of(IoSession session) {
        return all[(int) (session.getId() % all.length)];
    }

    /** A buffer outside the heap for a moment, empty; give it back with {@link #release}. */
    IoBuffer buffer() {
        IoBuffer spare = buffers.poll();
        return spare == null ? IoBuffer.wrap(ByteBuffer.allocateDirect(BUFFER_BYTES)) : spare.clear();
    }

    /** Takes a buffer back. */
    void release(IoBuffer buffer) {
        buffers.offer(buffer); // what is too many goes to the garbage collector
    }

    @Override
    public void add(NioSession session) {
        of(session).add(session);
    }

    @Override
    public void flush(NioSession session) {
        of(session).flush(session);
    }

    @Override
    public void write(NioSession session, WriteRequest request) {
        of(session).write(session, request);
    }

    @Override
    public void updateTrafficControl(NioSession session) {
        of(session).updateTrafficControl(session);
    }

    @Override
    public void remove(NioSession session) {
        of(session).remove(session);
    }

    @Override
    public boolean isDisposing() {
        return all[0].isDisposing();
    }

    @Override
    public boolean isDisposed() {
        return all[0].isDisposed();
    }

    @Override
    public void dispose() {
        for (LinkProcessor processor : all) {
            processor.dispose();
        }
    }
}
