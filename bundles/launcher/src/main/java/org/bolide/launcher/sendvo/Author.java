package org.bolide.launcher.sendvo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Plays the author of VTP 2.0, section 3.1: a connection for each event, one message, one answer. */
final class Author {

    private static final int MAX_ANSWER_BYTES = 1 << 20;

    /** The broker could not be reached: nothing was sent. */
    static final class Unreachable extends IOException {

        private static final long serialVersionUID = 1;

        Unreachable(String message, IOException cause) {
            super(message, cause);
        }
    }

    private final String host;
    private final int port;
    private final int timeoutMillis;

    Author(String host, int port, Duration timeout) {
        this.host = host;
        this.port = port;
        timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    /**
     * Sends an event and waits for the answer.
     *
     * @throws Unreachable if the broker is not there
     * @throws IOException if no answer came; the broker may have the event all the same
     */
    Answer send(byte[] event) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(timeoutMillis);
            socket.setTcpNoDelay(true);
            byte[] frame = ByteBuffer.allocate(Integer.BYTES + event.length).putInt(event.length).put(event).array();
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            IOException notSent = null;
            try {
                out.write(frame);
                out.flush();
            } catch (IOException e) {
                notSent = e; // a broker that refuses early has answered before it closed
            }
            try {
                return Answer.parse(answer(new DataInputStream(socket.getInputStream())));
            } catch (EOFException e) {
                throw new IOException("the broker closed the connection without an answer"
                        + " (not allowed to send, or the broker is overloaded)", e);
            } catch (SocketTimeoutException e) {
                throw new IOException("no answer within " + timeoutMillis / 1000 + " s", e);
            } catch (IOException e) {
                throw notSent == null ? e : notSent;
            }
        }
    }

    private Socket connect() throws Unreachable {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            return socket;
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException f) {
                e.addSuppressed(f);
            }
            String why = e.getMessage() == null || e.getMessage().equals(host) ? "unknown host" : e.getMessage();
            throw new Unreachable("cannot connect to " + host + " port " + port + ": " + why, e);
        }
    }

    private static byte[] answer(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_ANSWER_BYTES) {
            throw new IOException("the broker's answer claims " + Integer.toUnsignedString(length) + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
