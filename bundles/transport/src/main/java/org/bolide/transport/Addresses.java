package org.bolide.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.bolide.api.Networks;

/** How addresses are written for people. */
final class Addresses {

    private Addresses() {
    }

    /** {@code 192.0.2.7:41234} or {@code [2001:db8::7]:41234}. */
    static String text(InetSocketAddress address) {
        return host(address.getAddress()) + ":" + address.getPort();
    }

    /** The address as a network: {@code 192.0.2.7/32}; of IPv6 the 64 bits that one customer is given. */
    static String network(InetAddress address) {
        return Networks.network(address, address instanceof Inet6Address ? 64 : 32);
    }

    private static String host(InetAddress address) {
        String text = address.getHostAddress();
        return address instanceof Inet6Address ? "[" + text + "]" : text;
    }
}
