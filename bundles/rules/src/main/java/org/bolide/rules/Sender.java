package org.bolide.rules;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who brings an event. For one thread. */
final class Sender {

    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final Pattern ADDRESS =
            Pattern.compile("(?<four>" + OCTET + "(\\." + OCTET + "){3})(:\\d+)?|\\[(?<six>[0-9A-Fa-f:.]+)(%[^\\]]*)?\\](:\\d+)?");

    private final String name;
    private Optional<InetAddress> address;

    /** @param name see {@link org.bolide.api.Submission#source()} */
    Sender(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** The address, if the name is one, with or without a port. */
    Optional<InetAddress> address() {
        if (address == null) {
            address = parse(name);
        }
        return address;
    }

    private static Optional<InetAddress> parse(String name) {
        Matcher matcher = ADDRESS.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            // Neither form is ever looked up.
            String four = matcher.group("four");
            return Optional.of(InetAddress.getByName(four == null ? "[" + matcher.group("six") + "]" : four));
        } catch (UnknownHostException e) {
            return Optional.empty(); // brackets around what is no address: it is a name
        }
    }
}
