package org.bolide.launcher.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where to listen or whom to call. Read from this program's own forms and from the endpoint strings of Twisted, which
 * Comet 3 takes: fields separated by colons, {@code \:} for a colon that belongs to a field, {@code key=value} after the
 * plain ones.
 *
 * @param host the address to bind or the host to call; empty: all addresses
 * @param port the port
 */
public record Endpoint(Optional<String> host, int port) {

    private static final Set<String> OTHER_KINDS = Set.of("unix", "ssl", "tls", "systemd", "stdio", "fd", "haproxy");
    /** Of Twisted's settings these change nothing that a peer could see. */
    private static final Set<String> IGNORED = Set.of("backlog", "timeout");

    private record Fields(List<String> plain, Map<String, String> named) {}

    /** {@code 8098}, {@code tcp:8098}, {@code tcp:8098:interface=127.0.0.1}, {@code tcp6:8098:interface=\:\:1}. */
    public static Endpoint listener(String text) {
        Fields fields = fields(text, "a listener is PORT or tcp:PORT or tcp:PORT:interface=ADDRESS");
        String port = fields.plain.isEmpty() ? fields.named.remove("port") : fields.plain.remove(0);
        Optional<String> address = Optional.ofNullable(fields.named.remove("interface"));
        if (port == null || !fields.plain.isEmpty() || !IGNORED.containsAll(fields.named.keySet())) {
            throw new IllegalArgumentException("cannot read \"" + text
                    + "\": a listener is PORT or tcp:PORT or tcp:PORT:interface=ADDRESS");
        }
        boolean everywhere = address.filter(a -> a.isEmpty() || a.equals("0.0.0.0") || a.equals("::")).isPresent();
        return new Endpoint(everywhere ? Optional.empty() : address, port(port, 0));
    }

    /** {@code host}, {@code host:8099}, {@code tcp:host:8099}, {@code ::1}, {@code [::1]:8099}. */
    public static Endpoint remote(String text, int defaultPort) {
        String usage = "a remote broker is HOST or HOST:PORT or tcp:HOST:PORT; an IPv6 address with a port is [ADDRESS]:PORT";
        String rest = text.startsWith("tcp:") ? text.substring(4) : text;
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            String after = end < 0 ? "" : rest.substring(end + 1);
            if (end < 2 || !after.isEmpty() && !after.startsWith(":")) {
                throw new IllegalArgumentException("cannot read \"" + text + "\": " + usage);
            }
            return new Endpoint(
                    Optional.of(rest.substring(1, end)), after.isEmpty() ? defaultPort : port(after.substring(1), 1));
        }
        if (rest.indexOf('\\') < 0 && rest.indexOf('=') < 0 && rest.chars().filter(c -> c == ':').count() > 1) {
            return new Endpoint(Optional.of(rest), defaultPort); // an IPv6 address alone
        }
        Fields fields = fields(text, usage);
        String host = fields.plain.isEmpty() ? fields.named.remove("host") : fields.plain.remove(0);
        String port = fields.plain.isEmpty() ? fields.named.remove("port") : fields.plain.remove(0);
        if (host == null || host.isEmpty() || !fields.plain.isEmpty() || !IGNORED.containsAll(fields.named.keySet())) {
            throw new IllegalArgumentException("cannot read \"" + text + "\": " + usage);
        }
        return new Endpoint(Optional.of(host), port == null ? defaultPort : port(port, 1));
    }

    private static Fields fields(String text, String usage) {
        List<StringBuilder> parts = new ArrayList<>(List.of(new StringBuilder()));
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                parts.get(parts.size() - 1).append(text.charAt(++i));
            } else if (c == ':') {
                parts.add(new StringBuilder());
            } else {
                parts.get(parts.size() - 1).append(c);
            }
        }
        Fields fields = new Fields(new ArrayList<>(), new HashMap<>());
        for (StringBuilder part : parts) {
            int equals = part.indexOf("=");
            if (equals > 0) {
                fields.named.put(part.substring(0, equals), part.substring(equals + 1));
            } else {
                fields.plain.add(part.toString());
            }
        }
        String kind = fields.plain.isEmpty() ? "" : fields.plain.get(0);
        if (parts.size() > 1 && OTHER_KINDS.contains(kind)) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is a " + kind + " endpoint, and only tcp is supported: " + usage);
        }
        if (parts.size() > 1 && Set.of("tcp", "tcp4", "tcp6").contains(kind)) {
            fields.plain.remove(0);
        }
        return fields;
    }

    /** A port's number, at least {@code least}. */
    static int port(String text, int least) {
        try {
            int port = Integer.parseInt(text);
            if (port >= least && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(noPort(text, least), e);
        }
        throw new IllegalArgumentException(noPort(text, least));
    }

    private static String noPort(String text, int least) {
        return "\"" + text + "\" is not a port: a port is a number from " + least + " to 65535";
    }

    @Override
    public String toString() {
        String shown = host.map(h -> h.indexOf(':') >= 0 ? "[" + h + "]" : h).orElse("*");
        return shown + ":" + port;
    }
}
