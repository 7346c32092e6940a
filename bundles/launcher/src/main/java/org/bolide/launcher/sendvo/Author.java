package org.bolide.launcher.sendvo;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** Plays the author of VTP 2.0, section 3.1: a connection for each event, one message, one answer. */
final class Author {

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

    int timeoutMillis() {
        return timeoutMillis;
    }

    /**
     * Sends an event and waits for the answer.
     *
     * @throws Unreachable if the broker is not there
     * @throws IOException if no answer came; the broker may have the event all the same
     */
    Answer send(byte[] event) throws IOException {
        try (Line line = connect()) {
            IOException notSent = null;
            try {
                line.write(event);
                line.flush();
            } catch (IOException e) {
                notSent = e; // a broker that refuses early has answered before it closed
            }
            try {
                return line.read();
            } catch (IOException e) {
                throw notSent == null || e instanceof EOFException ? explained(e) : notSent;
            }
        }
    }

    /** Why no answer came, for people. */
    IOException explained(IOException e) {
        if (e instanceof EOFException) {
            return new IOException("the broker closed the connection without an answer"
                    + " (not allowed to send, or the broker is overloaded)", e);
        }
        return e instanceof SocketTimeoutException ? new IOException("no answer within " + timeoutMillis / 1000 + " s", e) : e;
    }

    Line connect() throws Unreachable {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), timeoutMillis);
            return new Line(socket, timeoutMillis);
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
}
