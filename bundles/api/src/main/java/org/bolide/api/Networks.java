package org.bolide.api;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An allow-list of networks: {@code 192.0.2.0/24}, {@code 192.0.2.0/255.255.255.0}, {@code 2001:db8::/32}, or one
 * address. An empty list is everyone. IPv4 addresses mapped into IPv6 count as what they are. Immutable.
 */
public final class Networks {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final int MAPPED_BITS = 96;

    private final List<Network> networks;

    private Networks(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Reads a list; blank entries are left out.
     *
     * @throws IllegalArgumentException naming the entry and what would be right
     */
    public static Networks parse(String... entries) {
        List<Network> networks = new ArrayList<>();
        for (String entry : entries) {
            if (!entry.isBlank()) {
                networks.add(network(entry.strip()));
            }
        }
        return new Networks(List.copyOf(networks));
    }

    /** Whether this address may come in. */
    public boolean contains(InetAddress address) {
        if (networks.isEmpty()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }

    /** The first network of the list that has this address, as {@link #network} writes it; empty for an empty list. */
    public Optional<String> networkOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        return networks.stream().filter(network -> network.contains(bytes)).findFirst().map(found -> text(found.address, found.bits));
    }

    /**
     * The network of so many bits to which an address belongs: {@code 192.0.2.0/24}, {@code 2001:db8:0:0:0:0:0:0/64}. The
     * same network is always written in the same way.
     */
    public static String network(InetAddress address, int bits) {
        return text(address.getAddress(), bits);
    }

    private static String text(byte[] address, int bits) {
        byte[] first = address.clone();
        for (int bit = bits; bit < first.length * 8; bit++) {
            first[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(first).getHostAddress() + '/' + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes", e);
        }
    }

    @Override
    public String toString() {
        return networks.isEmpty() ? "everyone" : String.join(", ", networks.stream().map(Network::text).toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        byte[] bytes = address(address, text);
        int bits = bytes.length * 8;
        if (slash >= 0) {
            bits = prefix(text.substring(slash + 1), address, bytes, text);
        }
        return new Network(text, bytes, bits);
    }

    private static int prefix(String suffix, String address, byte[] bytes, String text) {
        if (bytes.length == 4 && IPV4.matcher(suffix).matches()) {
            return maskBits(address(suffix, text), text);
        }
        boolean mapped = bytes.length == 4 && address.indexOf(':') >= 0;
        int most = mapped ? 128 : bytes.length * 8;
        if (!suffix.matches("\\d{1,3}") || Integer.parseInt(suffix) > most) {
            throw wrong(text, "after the / must stand a number from 0 to " + most + (bytes.length == 4 && !mapped ? " or a dotted mask" : ""));
        }
        int bits = Integer.parseInt(suffix);
        if (mapped && bits < MAPPED_BITS) {
            throw wrong(text, "write networks of IPv4 as IPv4");
        }
        return mapped ? bits - MAPPED_BITS : bits;
    }

    private static int maskBits(byte[] mask, String text) {
        int value = (mask[0] & 255) << 24 | (mask[1] & 255) << 16 | (mask[2] & 255) << 8 | mask[3] & 255;
        int bits = Integer.numberOfLeadingZeros(~value);
        if (bits < 32 && value << bits != 0) {
            throw wrong(text, "its mask must be ones followed by zeros, as 255.255.255.0");
        }
        return bits;
    }

    private static byte[] address(String address, String text) {
        // Only literals: a name would be looked up, which takes time and may change.
        if (IPV4.matcher(address).matches() || IPV6.matcher(address).matches()) {
            try {
                return InetAddress.getByName(address).getAddress();
            } catch (UnknownHostException e) {
                throw wrong(text, "'" + address + "' is no address");
            }
        }
        throw wrong(text, "'" + address + "' is no address: names are not looked up");
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException("'" + text + "' is no network: " + why
                + "; examples are 192.0.2.0/24, 192.0.2.0/255.255.255.0, 192.0.2.7, 2001:db8::/32");
    }

    private record Network(String text, byte[] address, int bits) {

        boolean contains(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            int whole = bits / 8;
            for (int i = 0; i < whole; i++) {
                if (address[i] != other[i]) {
                    return false;
                }
            }
            int rest = bits % 8;
            return rest == 0 || (address[whole] ^ other[whole]) >> 8 - rest == 0;
        }
    }
}
