package org.bolide.shell.control;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * One message on the control socket: a byte that says what it is, four bytes with the length (big-endian), and the content;
 * texts are UTF-8. The launcher's client has the same table.
 *
 * <pre>
 * client   H  "bolide 1": the protocol; comes first
 *          P  the client's process id
 *          D  its working directory
 *          V  NAME=VALUE, a variable of its environment that begins with BOLIDE_
 *          T  which of its streams are terminals: some of the letters i, o and e
 *          A  an argument of the command, one frame each
 *          R  run; the client sends nothing more unasked
 *          0  a piece of standard input, in answer to i; empty at its end
 *          S  a secret, in answer to s; absent when the answer is N
 *          N  nobody can be asked
 * broker   1  a piece of standard output
 *          2  a piece of standard error
 *          i  give a piece of standard input
 *          s  ask for a secret, with this prompt
 *          x  the end: one byte, the exit status
 * </pre>
 *
 * <p>A client that closes its end interrupts its command.
 */
record Frame(char type, byte[] content) {

    static final String PROTOCOL = "bolide 1";
    static final int MAX_BYTES = 1 << 20;
    private static final int HEAD = 5;

    static Frame read(ReadableByteChannel channel) throws IOException {
        ByteBuffer head = fill(channel, ByteBuffer.allocate(HEAD));
        char type = (char) head.get();
        int length = head.getInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("a frame of " + Integer.toUnsignedString(length) + " bytes");
        }
        return new Frame(type, fill(channel, ByteBuffer.allocate(length)).array());
    }

    private static ByteBuffer fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.flip();
    }

    static void write(WritableByteChannel channel, char type, byte[] content, int offset, int length) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + length).put((byte) type).putInt(length).put(content, offset, length).flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }
}
