package org.bolide.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The other end of a VTP connection, as plain as possible: a blocking socket that knows frames and shares no code with
 * the transport. Plays an author, a subscriber, a client that misbehaves. Reads wait at most {@link #TIMEOUT}.
 */
public final class VtpPeer implements AutoCloseable {

    /** How long a read waits. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The namespace of VTP 2.0's listings. */
    public static final String NAMESPACE = "http://telescope-networks.org/schema/Transport/v1.1";

    private static final Pattern IVORN = Pattern.compile("ivorn\\s*=\\s*[\"']([^\"']*)[\"']");

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** Wraps a connection that stands. */
    public VtpPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** Connects to a listener on this machine. */
    public static VtpPeer connect(int port) throws IOException {
        return connect("127.0.0.1", port);
    }

    /** Connects to a listener. */
    public static VtpPeer connect(String host, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
            return new VtpPeer(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects to a broadcaster and waits for its {@code authenticate}: from then on every event comes. */
    public static VtpPeer subscribe(int port) throws IOException {
        VtpPeer peer = connect(port);
        String first = peer.readText();
        if (!first.contains("role=\"authenticate\"")) {
            peer.close();
            throw new IOException("expected authenticate, got " + first);
        }
        return peer;
    }

    /** Sends one message: its length, then its bytes. */
    public VtpPeer send(byte[] payload) throws IOException {
        byte[] frame = frame(payload);
        out.write(frame);
        out.flush();
        return this;
    }

    /** Sends one message in UTF-8. */
    public VtpPeer send(String payload) throws IOException {
        return send(payload.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends bytes as they are. */
    public VtpPeer sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends an ack for the event of this identifier. */
    public VtpPeer ack(String identifier) throws IOException {
        return send(transport("ack", identifier, ""));
    }

    /** Asks for events that pass any of these filters. */
    public VtpPeer filters(String... filters) throws IOException {
        String[] params = new String[2 * filters.length];
        for (int i = 0; i < filters.length; i++) {
            params[2 * i] = "xpath-filter";
            params[2 * i + 1] = filters[i];
        }
        return ask(params);
    }

    /** Answers {@code authenticate} with Params: a name, its value, and so on. */
    public VtpPeer ask(String... params) throws IOException {
        StringBuilder meta = new StringBuilder("<Meta>");
        for (int i = 0; i < params.length; i += 2) {
            meta.append("<Param name=\"").append(params[i]).append("\" value=\"").append(escape(params[i + 1])).append("\"/>");
        }
        return send(transport("authenticate", "ivo://test.broker/local", meta.append("</Meta>").toString()));
    }

    /**
     * The next message's bytes.
     *
     * @throws EOFException if the other end has closed
     * @throws SocketTimeoutException if nothing came
     */
    public byte[] read() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > 64 << 20) {
            throw new IOException("impossible length " + length);
        }
        return in.readNBytes(length);
    }

    /** The next message as UTF-8. */
    public String readText() throws IOException {
        return new String(read(), StandardCharsets.UTF_8);
    }

    /** The next message that is not a Transport message, acknowledged; {@code iamalive} is answered on the way. */
    public byte[] takeEvent() throws IOException {
        while (true) {
            byte[] message = read();
            String text = new String(message, StandardCharsets.ISO_8859_1);
            if (!text.contains("Transport/v1.1")) {
                ack(identifier(text));
                return message;
            }
            if (text.contains("role=\"iamalive\"")) {
                send(transport("iamalive", "ivo://test.broker/local", ""));
            }
        }
    }

    /**
     * Whether the other end closes the connection without another byte within {@link #TIMEOUT}. False if it sends
     * something, or stays open.
     */
    public boolean closes() throws IOException {
        return closes(TIMEOUT);
    }

    /** The same with another limit. */
    public boolean closes(Duration limit) throws IOException {
        socket.setSoTimeout((int) Math.max(1, limit.toMillis()));
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true; // a reset is an end as well
        } finally {
            socket.setSoTimeout((int) TIMEOUT.toMillis());
        }
    }

    /** Says that nothing more will be sent, and goes on reading. */
    public VtpPeer halfClose() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** The port at this end. */
    public int localPort() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A message with its length before it. */
    public static byte[] frame(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload).array();
    }

    /** A Transport message as pygcn writes it: without a time zone, and with nothing escaped in the identifier. */
    public static String transport(String role, String origin, String meta) {
        return "<?xml version='1.0' encoding='UTF-8'?><trn:Transport role=\"" + role + "\" version=\"1.0\" xmlns:trn=\""
                + NAMESPACE + "\"><Origin>" + origin + "</Origin><Response>ivo://test.subscriber/one</Response>"
                + "<TimeStamp>2026-11-21T21:45:00.123</TimeStamp>" + meta + "</trn:Transport>";
    }

    private static String identifier(String text) {
        Matcher matcher = IVORN.matcher(text);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
