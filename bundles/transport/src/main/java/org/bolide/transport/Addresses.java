package org.bolide.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.api.Networks;

/** How addresses are written for people. */
final class Addresses {

    /** An address with its port; of IPv6 in brackets. */
    private static final Pattern WITH_PORT = Pattern.compile("(?:\\[(?<v6>[^]]+)]|(?<v4>[^:]+)):(?<port>\\d{1,5})");

    private Addresses() {
    }

    /** {@code 192.0.2.7:41234} or {@code [2001:db8::7]:41234}. */
    static String text(InetSocketAddress address) {
        return host(address.getAddress()) + ":" + address.getPort();
    }

    /**
     * Whom a text of an operator's means.
     *
     * @param peer an address, with a port or without, in any of the ways in which it is written
     * @return empty if it is no address
     */
    static Optional<Predicate<InetSocketAddress>> peer(String peer) {
        Matcher one = WITH_PORT.matcher(peer);
        if (one.matches()) {
            String host = one.group("v6") != null ? one.group("v6") : one.group("v4");
            int port = Integer.parseInt(one.group("port"));
            return networks(host).map(networks -> address -> address.getPort() == port && networks.contains(address.getAddress()));
        }
        String host = peer.startsWith("[") && peer.endsWith("]") ? peer.substring(1, peer.length() - 1) : peer;
        return networks(host).map(networks -> address -> networks.contains(address.getAddress()));
    }

    private static Optional<Networks> networks(String text) {
        if (text.isBlank()) {
            return Optional.empty(); // which would be everyone
        }
        try {
            return Optional.of(Networks.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
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
