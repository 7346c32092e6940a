package org.bolide.transport;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.transport.TransportMessage.Role;

/**
 * Finds what is needed in a message without parsing it. Acks are most of what a broadcaster receives, and pygcn's are not
 * even well-formed where an IVOID has an ampersand. What is not found here is left to {@link TransportReader}.
 */
final class Scan {

    private static final int ROOT_WITHIN = 4096;
    private static final Pattern ROOT = Pattern.compile("<(?:[\\w.-]+:)?(\\w[\\w.-]*)[\\s/>]");
    private static final Pattern ROLE = Pattern.compile("\\srole\\s*=\\s*([\"'])([^\"'<>]*)\\1");
    private static final Pattern IVORN = Pattern.compile("\\sivorn\\s*=\\s*(?:\"([^\"<]*)\"|'([^'<]*)')");

    private Scan() {
    }

    /** An answer to an event: its role, {@code ACK} or {@code NAK}, and the event's identifier. */
    record Answer(Role role, String origin) {}

    /** The message as an ack or nak; empty if it is something else or needs a parser. */
    static Optional<Answer> answer(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8);
        Matcher root = ROOT.matcher(text);
        if (!root.find() || !root.group(1).equals("Transport") || text.indexOf("<!--") >= 0 || text.indexOf("<![") >= 0) {
            return Optional.empty();
        }
        Matcher role = ROLE.matcher(text).region(root.end() - 1, text.length());
        int from = text.indexOf("<Origin>");
        int to = text.indexOf("</Origin>", from);
        if (from < 0 || to < 0 || !role.find() || role.start() > from) {
            return Optional.empty();
        }
        String origin = text.substring(from + "<Origin>".length(), to);
        Role found = Role.of(role.group(2));
        if (found != Role.ACK && found != Role.NAK || origin.indexOf('<') >= 0 || origin.contains("&#")) {
            return Optional.empty();
        }
        return Optional.of(new Answer(found, unescape(origin.strip())));
    }

    /** Whether this is a Transport message rather than an event; false where only a parser could tell. */
    static boolean isTransport(byte[] message) {
        Matcher root = ROOT.matcher(head(message));
        return root.find() && root.group(1).equals("Transport");
    }

    /** An event's identifier, found even where the document is damaged: a peer waits for a receipt that names it. */
    static Optional<String> ivorn(byte[] message) {
        Matcher ivorn = IVORN.matcher(head(message));
        if (!ivorn.find()) {
            return Optional.empty();
        }
        return Optional.of(unescape(ivorn.group(1) != null ? ivorn.group(1) : ivorn.group(2)));
    }

    private static String head(byte[] message) {
        return new String(message, 0, Math.min(message.length, ROOT_WITHIN), charset(message));
    }

    /** Every encoding has ASCII for names but UTF-16 (XML 1.0, appendix F). */
    private static Charset charset(byte[] message) {
        int first = message.length < 2 ? 0 : (message[0] & 255) << 8 | message[1] & 255;
        return switch (first) {
            case 0xFEFF, 0xFFFE, 0x003C -> StandardCharsets.UTF_16;
            case 0x3C00 -> StandardCharsets.UTF_16LE;
            default -> StandardCharsets.UTF_8;
        };
    }

    private static String unescape(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&");
    }
}
