package org.bolide.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Cuts the bytes of one connection into messages: a length of four bytes, big-endian, then so many bytes (VTP 2.0,
 * section 3). The length is checked before anything is allocated, and memory grows only as bytes come. Not safe for
 * several threads at once.
 */
final class FrameReader {

    private static final int FIRST_ALLOCATION = 16 * 1024;

    private final IntSupplier limit;
    private final ByteBuffer length = ByteBuffer.allocate(4);
    private byte[] body;
    private int expected;
    private int received;

    /** @param limit the largest message, asked anew for each */
    FrameReader(IntSupplier limit) {
        this.limit = limit;
    }

    /** The next whole message; null when all bytes of {@code in} are used up and more are needed. */
    byte[] read(ByteBuffer in) throws BadFrameException {
        if (body == null && !readLength(in)) {
            return null;
        }
        while (received < expected && in.hasRemaining()) {
            if (received == body.length) {
                body = Arrays.copyOf(body, (int) Math.min(expected, 2L * body.length));
            }
            int now = Math.min(in.remaining(), body.length - received);
            in.get(body, received, now);
            received += now;
        }
        if (received < expected) {
            return null;
        }
        byte[] whole = body;
        body = null;
        length.clear();
        return whole;
    }

    private boolean readLength(ByteBuffer in) throws BadFrameException {
        while (length.hasRemaining()) {
            if (!in.hasRemaining()) {
                return false;
            }
            length.put(in.get());
        }
        int value = length.getInt(0);
        int most = limit.getAsInt();
        if (value <= 0 || value > most) {
            throw new BadFrameException(explain(value, most));
        }
        expected = value;
        received = 0;
        body = new byte[Math.min(value, Math.max(in.remaining(), FIRST_ALLOCATION))];
        return true;
    }

    /** Whether a part of a message has come, but not all of it. */
    boolean midMessage() {
        return body != null || length.position() > 0;
    }

    /** What has come of the message that is incomplete, for people; empty between messages. */
    Optional<String> incomplete() {
        if (body != null) {
            return Optional.of(received + " of " + expected + " bytes of the message came");
        }
        return length.position() == 0 ? Optional.empty()
                : Optional.of("only " + length.position() + " of the 4 bytes of a message's length came");
    }

    private static String explain(int value, int most) {
        byte[] bytes = ByteBuffer.allocate(4).putInt(value).array();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        switch (text) {
            case "GET ", "POST", "HEAD", "PUT ", "OPTI", "CONN", "PRI " -> {
                return "this is a VOEvent broker, not a web server: an HTTP request came";
            }
            default -> {
                // not HTTP
            }
        }
        if (text.charAt(0) == '<' || text.startsWith("\u00ef\u00bb\u00bf") || text.startsWith("\u00fe\u00ff") || text.startsWith("\u00ff\u00fe<")) {
            return "XML came without its length: each message begins with its length in 4 bytes, big-endian";
        }
        if (bytes[0] == 0x16 && bytes[1] == 0x03) {
            return "a TLS handshake came, but this port does not speak TLS";
        }
        if (text.startsWith("SSH-")) {
            return "an SSH client came, but this is a VOEvent broker";
        }
        if (value == 0) {
            return "the message is empty: its length is 0";
        }
        int reversed = Integer.reverseBytes(value);
        if (reversed > 0 && reversed <= most) {
            return "the message's length is in little-endian order (" + reversed + " as it stands): it must be big-endian";
        }
        return "the message's length is " + Integer.toUnsignedString(value) + (value < 0 ? " (or " + value + ", as signed)" : "")
                + " bytes, the limit is " + most;
    }
}
