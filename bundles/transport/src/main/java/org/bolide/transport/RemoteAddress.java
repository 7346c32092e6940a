package org.bolide.transport;

/**
 * Where a remote broker is: {@code host}, {@code host:port}, {@code [IPv6]}, {@code [IPv6]:port}, or a bare IPv6 address.
 *
 * @param host a name or an address, without brackets
 */
record RemoteAddress(String host, int port) {

    static final int DEFAULT_PORT = 8099;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static RemoteAddress parse(String text) {
        String stripped = text.strip();
        String host;
        String port = "";
        int bracket = stripped.indexOf(']');
        int colon = stripped.indexOf(':');
        if (stripped.startsWith("[") && bracket > 0) {
            host = stripped.substring(1, bracket);
            port = stripped.substring(bracket + 1);
            if (!port.isEmpty() && !port.startsWith(":") || host.indexOf(':') < 0) {
                throw wrong(text);
            }
        } else if (colon >= 0 && colon == stripped.lastIndexOf(':')) {
            host = stripped.substring(0, colon);
            port = stripped.substring(colon);
        } else {
            host = stripped;
        }
        if (host.isEmpty() || host.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/' || c == '[' || c == ']')
                || colon >= 0 && port.equals(":")) {
            throw wrong(text);
        }
        return new RemoteAddress(host, port.isEmpty() ? DEFAULT_PORT : port(port.substring(1), text));
    }

    private static int port(String digits, String text) {
        if (!digits.matches("\\d{1,5}") || Integer.parseInt(digits) < 1 || Integer.parseInt(digits) > 65_535) {
            throw new IllegalArgumentException("'" + text + "': '" + digits + "' is no port; allowed are 1 to 65535");
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "' is no address of a broker; examples are voevent.example.org,"
                + " voevent.example.org:8099, 192.0.2.7:8099, [2001:db8::7]:8099");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
