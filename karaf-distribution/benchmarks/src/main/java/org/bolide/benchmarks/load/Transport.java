package org.bolide.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Messages of the VOEvent Transport Protocol as a client writes and reads them; shares no code with the product. */
final class Transport {

    /** A message is not longer than this; a greater length means that the frames are lost. */
    static final int MOST_BYTES = 64 << 20;

    private static final byte[] ROLE = "role=".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern ORIGIN = Pattern.compile("<Origin[^>]*>(.*?)</Origin", Pattern.DOTALL);
    private static final Pattern RESULT = Pattern.compile("<Result[^>]*>(.*?)</Result", Pattern.DOTALL);
    private static final Pattern IVORN = Pattern.compile("\\sivorn\\s*=\\s*([\"'])(.*?)\\1", Pattern.DOTALL);

    /** What a message says it is. */
    enum Role {
        ACK, NAK, IAMALIVE, AUTHENTICATE, OTHER
    }

    private Transport() {
    }

    static byte[] frame(byte[] payload) {
        return ByteBuffer.allocate(4 + payload.length).putInt(payload.length).put(payload).array();
    }

    /** A Transport message; the origin is XML text already. */
    static String message(String role, String origin, String time, String meta) {
        return "<?xml version='1.0' encoding='UTF-8'?><trn:Transport role=\"" + role + "\" version=\"1.0\""
                + " xmlns:trn=\"http://telescope-networks.org/schema/Transport/v1.1\"><Origin>" + origin + "</Origin>"
                + "<Response>ivo://benchmark.example/subscriber</Response><TimeStamp>" + time + "</TimeStamp>" + meta
                + "</trn:Transport>";
    }

    /** The Meta of an {@code authenticate} that asks for filters. */
    static String filters(List<String> filters) {
        StringBuilder meta = new StringBuilder();
        for (String filter : filters) {
            meta.append("<Param name=\"xpath-filter\" value=\"").append(filter.replace("&", "&amp;").replace("<", "&lt;")
                    .replace(">", "&gt;").replace("\"", "&quot;")).append("\"/>");
        }
        return meta.isEmpty() ? "" : "<Meta>" + meta + "</Meta>";
    }

    /** The role of a Transport message; of an event, which has other roles, {@link Role#OTHER}. Allocates nothing. */
    static Role role(ByteBuffer bytes, int from, int end) {
        for (int at = from; at + ROLE.length + 3 < end; at++) {
            if (bytes.get(at) == 'r' && standsAt(bytes, at, ROLE)) {
                int value = at + ROLE.length + 1;
                return switch (bytes.get(value)) {
                    case 'a' -> bytes.get(value + 1) == 'c' ? Role.ACK : Role.AUTHENTICATE;
                    case 'n' -> Role.NAK;
                    case 'i' -> Role.IAMALIVE;
                    default -> Role.OTHER;
                };
            }
        }
        return Role.OTHER;
    }

    static String origin(String message) {
        return first(ORIGIN, message, 1);
    }

    static String result(String message) {
        return first(RESULT, message, 1).strip();
    }

    static String ivorn(String message) {
        return first(IVORN, message, 2);
    }

    static String text(ByteBuffer bytes, int from, int end) {
        byte[] copy = new byte[end - from];
        bytes.get(from, copy);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    private static boolean standsAt(ByteBuffer bytes, int at, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (bytes.get(at + i) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static String first(Pattern pattern, String message, int group) {
        Matcher matcher = pattern.matcher(message);
        return matcher.find() ? matcher.group(group) : "";
    }
}
