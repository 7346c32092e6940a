package org.bolide.benchmarks.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Cuts what a connection brings into messages. All connections of a thread read into one buffer; what is incomplete waits
 * in the connection's own {@link Rest}.
 */
final class Frames {

    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

    /** Takes the messages of one connection. */
    interface Sink {

        /** One message: the bytes of the buffer from and up to these places. False ends the connection. */
        boolean message(ByteBuffer bytes, int from, int end);
    }

    /** The beginning of a message whose end has not come yet. */
    static final class Rest {
        private byte[] bytes = new byte[0];
        private int length;
    }

    /** What a read brought. */
    enum Read {
        /** What there was. */
        SOME,
        /** The other side has ended. */
        END,
        /** The sink has ended it, or no message is so long. */
        STOPPED
    }

    /** Reads once what has come; never waits. */
    Read read(SocketChannel channel, Rest rest, Sink sink) throws IOException {
        int needed = rest.length + (1 << 16);
        if (buffer.capacity() < needed) {
            buffer = ByteBuffer.allocateDirect(Integer.highestOneBit(needed) << 1);
        }
        buffer.clear();
        buffer.put(rest.bytes, 0, rest.length);
        int read = channel.read(buffer);
        if (read <= 0) {
            return read < 0 ? Read.END : Read.SOME;
        }
        int end = buffer.position();
        int at = 0;
        while (end - at >= 4) {
            buffer.clear();
            int length = buffer.getInt(at);
            if (length < 0 || length > Transport.MOST_BYTES) {
                return Read.STOPPED;
            }
            if (end - at - 4 < length) {
                break;
            }
            if (!sink.message(buffer, at + 4, at + 4 + length)) {
                return Read.STOPPED;
            }
            at += 4 + length;
        }
        rest.length = end - at;
        if (rest.bytes.length < rest.length) {
            rest.bytes = new byte[rest.length];
        }
        buffer.clear();
        buffer.get(at, rest.bytes, 0, rest.length);
        return Read.SOME;
    }
}
