package org.bolide.filtering;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a buffer, which need not have an array. */
final class BufferInputStream extends InputStream {

    private final ByteBuffer buffer;

    BufferInputStream(ByteBuffer buffer) {
        this.buffer = buffer;
    }

    @Override
    public int read() {
        return buffer.hasRemaining() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        int count = Math.min(length, buffer.remaining());
        if (count == 0) {
            return -1;
        }
        buffer.get(into, offset, count);
        return count;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }
}
