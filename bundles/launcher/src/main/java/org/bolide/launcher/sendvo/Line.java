package org.bolide.launcher.sendvo;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;

/** A connection to a broker: messages there, answers back (VTP 2.0, section 3). */
final class Line implements Closeable {

    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private final Socket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    Line(Socket socket, int timeoutMillis) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(timeoutMillis);
        socket.setTcpNoDelay(true);
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), BUFFER));
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    }

    void setTimeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    /** Sends an event, at the latest with the next {@link #flush}. */
    void write(byte[] event) throws IOException {
        out.writeInt(event.length);
        out.write(event);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Waits for the next answer. */
    Answer read() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_ANSWER_BYTES) {
            throw new IOException("the broker's answer claims " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return Answer.parse(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
