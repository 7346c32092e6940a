package org.bolide.transport;

import java.nio.charset.StandardCharsets;

/**
 * Recognises the ack that is due, in the bytes of a message and without making anything of them: an optional XML
 * declaration, the root element {@code Transport} in whatever namespace with {@code role="ack"}, and as its first child an
 * {@code Origin} with the identifier that is due. All clients that are known write them so. What is not recognised here
 * may be an ack all the same, see {@link Scan}.
 */
final class Acks {

    private static final byte[] DECLARATION = ascii("<?xml");
    private static final byte[] DECLARATION_END = ascii("?>");
    private static final byte[] TRANSPORT = ascii("Transport");
    private static final byte[] ROLE = ascii("role");
    private static final byte[] ACK = ascii("ack");
    private static final byte[] ORIGIN = ascii("<Origin>");
    private static final byte[] ORIGIN_END = ascii("</Origin>");

    private Acks() {
    }

    /** Whether the bytes in {@code from <= i < to} are the ack of the event that has this identifier. */
    static boolean isAckOf(String identifier, byte[] bytes, int from, int to) {
        int at = root(bytes, from, to);
        boolean ack = false;
        while (at >= 0) {
            at = skipBlanks(bytes, at, to);
            if (at < to && bytes[at] == '>') {
                return ack && names(identifier, bytes, at + 1, to);
            }
            int equals = find(bytes, at, to, '=');
            int quote = equals < 0 ? -1 : skipBlanks(bytes, equals + 1, to);
            if (quote < 0 || quote >= to || bytes[quote] != '"' && bytes[quote] != '\'') {
                return false;
            }
            int end = find(bytes, quote + 1, to, bytes[quote]);
            if (end < 0) {
                return false;
            }
            if (startsWith(ROLE, bytes, at, to) && skipBlanks(bytes, at + ROLE.length, to) == equals) {
                ack = end - quote - 1 == ACK.length && startsWith(ACK, bytes, quote + 1, to);
                if (!ack) {
                    return false;
                }
            }
            at = end + 1;
        }
        return false;
    }

    /** Where the root element's name ends; -1 if that is not {@code Transport}. */
    private static int root(byte[] bytes, int from, int to) {
        int at = from;
        if (startsWith(DECLARATION, bytes, at, to)) {
            do {
                at = find(bytes, at + 1, to, '?');
                if (at < 0) {
                    return -1;
                }
            } while (!startsWith(DECLARATION_END, bytes, at, to));
            at = skipBlanks(bytes, at + DECLARATION_END.length, to);
        }
        if (at >= to || bytes[at] != '<') {
            return -1;
        }
        int name = ++at;
        while (at < to && !isBlank(bytes[at]) && bytes[at] != '>' && bytes[at] != '/') {
            if (bytes[at++] == ':') {
                name = at;
            }
        }
        return at - name == TRANSPORT.length && startsWith(TRANSPORT, bytes, name, to) ? at : -1;
    }

    private static boolean names(String identifier, byte[] bytes, int from, int to) {
        int at = skipBlanks(bytes, from, to);
        if (!startsWith(ORIGIN, bytes, at, to)) {
            return false;
        }
        at = skipBlanks(bytes, at + ORIGIN.length, to);
        int length = identifier.length();
        if (length == 0 || to - at < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = identifier.charAt(i);
            if (c != bytes[at + i] || c == '&' || c == '<' || c == '>') { // they have several spellings
                return false;
            }
        }
        return startsWith(ORIGIN_END, bytes, skipBlanks(bytes, at + length, to), to);
    }

    private static boolean startsWith(byte[] text, byte[] bytes, int at, int to) {
        if (to - at < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /** Where a character is within the tag; -1 if it is not there. */
    private static int find(byte[] bytes, int from, int to, int wanted) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == wanted) {
                return at;
            }
        }
        return -1;
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isBlank(bytes[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
