package org.bolide.transport;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static org.bolide.transport.TransportMessage.MISSED;
import static org.bolide.transport.TransportMessage.SEQUENCE;
import static org.bolide.transport.TransportMessage.SUBSCRIBER;

/**
 * Writes Transport messages: the parts in the order of VTP 2.0's schema, times in UTC with {@code Z}. Whatever text it is
 * given, the result is well-formed.
 */
final class TransportWriter {

    private TransportWriter() {
    }

    /**
     * The broker asks whether its subscriber is there.
     *
     * @param sequence the last one sent on the connection
     */
    static String iamalive(String namespace, String origin, long sequence) {
        return message(namespace, "iamalive", origin, Optional.empty(), param(SEQUENCE, Long.toString(sequence)));
    }

    /**
     * The same, and tells it something that is no refusal.
     *
     * @param missed how many events it cannot get any more; 0 when it goes on where it was, empty when neither is known
     */
    static String told(String namespace, String origin, long sequence, OptionalLong missed, String text) {
        return message(namespace, "iamalive", origin, Optional.empty(), param(SEQUENCE, Long.toString(sequence))
                + (missed.isEmpty() ? "" : param(MISSED, Long.toString(missed.getAsLong()))) + result(text));
    }

    /** The subscriber answers. */
    static String iamaliveAnswer(String namespace, String origin, String response) {
        return message(namespace, "iamalive", origin, Optional.of(response), "");
    }

    /**
     * The broker offers its subscriber to name itself and to ask for filters.
     *
     * @param sequence the place in the log after which events are sent
     */
    static String authenticate(String namespace, String origin, long sequence) {
        return message(namespace, "authenticate", origin, Optional.empty(), param(SEQUENCE, Long.toString(sequence)));
    }

    /**
     * The subscriber asks for filters; none means everything.
     *
     * @param name of the Params in which they stand
     * @param subscriber the name under which it asks to be remembered
     */
    static String authenticateAnswer(String namespace, String origin, String response, String name, List<String> filters,
            Optional<String> subscriber) {
        StringBuilder meta = new StringBuilder();
        filters.forEach(filter -> meta.append(param(name, filter)));
        subscriber.ifPresent(text -> meta.append(param(SUBSCRIBER, text)));
        return message(namespace, "authenticate", origin, Optional.of(response), meta.toString());
    }

    /** The event is taken. */
    static String ack(String namespace, String origin, String response, String result) {
        return message(namespace, "ack", origin, Optional.of(response), result(result));
    }

    /** The event, or a request, is refused. */
    static String nak(String namespace, String origin, String response, String result) {
        return message(namespace, "nak", origin, Optional.of(response), result(result));
    }

    /** The name under which the subscriber asked to be remembered is not in force, or not any more. */
    static String nameNak(String namespace, String origin, String subscriber, String result) {
        return message(namespace, "nak", origin, Optional.of(origin), param(SUBSCRIBER, subscriber) + result(result));
    }

    private static String param(String name, String value) {
        StringBuilder out = new StringBuilder("<Param name=\"").append(name).append("\" value=\"");
        escape(value, out);
        return out.append("\"/>").toString();
    }

    private static String result(String result) {
        if (result.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder("<Result>");
        escape(result, out);
        return out.append("</Result>").toString();
    }

    private static String message(String namespace, String role, String origin, Optional<String> response, String meta) {
        StringBuilder out = new StringBuilder(512 + meta.length());
        String name = namespace.isEmpty() ? "Transport" : "trn:Transport";
        out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(name)
                .append(" role=\"").append(role).append("\" version=\"1.0\"");
        if (!namespace.isEmpty()) {
            out.append(" xmlns:trn=\"").append(namespace).append('"');
        }
        out.append("><Origin>");
        escape(origin, out);
        out.append("</Origin>");
        if (response.isPresent()) {
            out.append("<Response>");
            escape(response.get(), out);
            out.append("</Response>");
        }
        out.append("<TimeStamp>").append(Instant.now().truncatedTo(ChronoUnit.SECONDS)).append("</TimeStamp>");
        if (!meta.isEmpty() || role.equals("authenticate") && response.isPresent()) {
            out.append("<Meta>").append(meta).append("</Meta>");
        }
        return out.append("</").append(name).append('>').toString();
    }

    /** Line breaks and tabs as references, because an attribute's value would otherwise lose them. */
    private static void escape(String text, StringBuilder out) {
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\t', '\n', '\r' -> out.append("&#").append(c).append(';');
                default -> out.appendCodePoint(isXml(c) ? c : 0xFFFD);
            }
        });
    }

    private static boolean isXml(int c) {
        return c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000;
    }
}
