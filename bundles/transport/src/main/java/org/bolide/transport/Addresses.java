package org.bolide.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** How addresses are written for people. */
final class Addresses {

    private Addresses() {
    }

    /** {@code 192.0.2.7:41234} or {@code [2001:db8::7]:41234}. */
    static String text(InetSocketAddress address) {
        return host(address.getAddress()) + ":" + address.getPort();
    }

    private static String host(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }
}
