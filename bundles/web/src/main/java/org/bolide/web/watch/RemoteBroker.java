package org.bolide.web.watch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a remote broker has its subscribers.
 *
 * @param host a name or an address in lower case, an IPv6 one without brackets
 */
record RemoteBroker(String host, int port) implements Comparable<RemoteBroker> {

    static final int DEFAULT_PORT = 8099;

    private static final Pattern FORM =
            Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]{2,45})]|(?<host>[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,252})))(?::(?<port>[0-9]{1,5}))?");

    RemoteBroker {
        host = host.toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@code host}, {@code host:port} or {@code [IPv6 address]:port}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static RemoteBroker parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        int port = -1;
        if (matcher.matches()) {
            port = matcher.group("port") == null ? DEFAULT_PORT : Integer.parseInt(matcher.group("port"));
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("\"" + text + "\" is no remote broker; examples are voevent.example.org:8099, 192.0.2.7,"
                    + " [2001:db8::7]:8099");
        }
        return new RemoteBroker(matcher.group("six") == null ? matcher.group("host") : matcher.group("six"), port);
    }

    /** For the name of a file: two brokers never share it. */
    String slug() {
        return host.replace(':', '+') + "-" + port;
    }

    @Override
    public int compareTo(RemoteBroker other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
