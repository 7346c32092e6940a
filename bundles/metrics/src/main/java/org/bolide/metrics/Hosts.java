package org.bolide.metrics;

import java.net.InetAddress;
import java.util.Locale;

/**
 * Which names a browser may have called this port by. A page of a stranger can have its own name lead to 127.0.0.1 and then read
 * what answers there (DNS rebinding); the name in the request's Host header gives it away.
 */
final class Hosts {

    private Hosts() {
    }

    /**
     * Whether a request is answered.
     *
     * @param bound the address that the port is open at
     * @param host the header; null where there is none, which no browser does
     */
    static boolean isAllowed(InetAddress bound, String host) {
        return !bound.isLoopbackAddress() || host == null || isLiteral(name(host)) || isLocal(name(host));
    }

    private static String name(String host) {
        return host.startsWith("[") ? host.replaceFirst("](:\\d*)?$", "]") : host.replaceFirst(":\\d*$", "");
    }

    private static boolean isLiteral(String name) {
        return name.matches("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+(%[\\w.]+)?]");
    }

    private static boolean isLocal(String name) {
        return name.equalsIgnoreCase("localhost") || name.equalsIgnoreCase("localhost.localdomain")
                || name.equalsIgnoreCase("ip6-localhost") || name.toLowerCase(Locale.ROOT).endsWith(".localhost");
    }
}
