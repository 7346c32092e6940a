package org.bolide.transport;

/**
 * Where a remote broker is.
 *
 * @param host a name or an address, an IPv6 one without brackets
 */
record RemoteAddress(String host, int port) {

    /**
     * Checks the two.
     *
     * @param host null if it was not given
     * @throws IllegalArgumentException saying what is wrong
     */
    static RemoteAddress of(String host, int port) {
        String plain = host == null ? "" : host.strip();
        if (plain.startsWith("[") && plain.endsWith("]")) {
            plain = plain.substring(1, plain.length() - 1);
        }
        long colons = plain.chars().filter(c -> c == ':').count();
        if (colons == 1) {
            throw new IllegalArgumentException("'" + host + "' has a port, which belongs in key port");
        }
        if (plain.isEmpty() || plain.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/' || c == '[' || c == ']')) {
            throw new IllegalArgumentException("'" + (host == null ? "" : host)
                    + "' is no host; examples are voevent.example.org, 192.0.2.7, 2001:db8::7");
        }
        return new RemoteAddress(plain, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
