package org.bolide.benchmarks.load;

import java.util.OptionalLong;

/**
 * A broker that runs.
 *
 * @param name what the table calls it
 * @param pid its process on this machine, where its CPU and memory are to be measured
 */
record Target(String name, String host, int receivePort, int broadcastPort, OptionalLong pid) {

    /** From {@code NAME=HOST:RECEIVEPORT:BROADCASTPORT[:PID]}. */
    static Target parse(String text) {
        int equals = text.indexOf('=');
        String[] parts = text.substring(equals + 1).split(":");
        if (equals < 1 || parts.length < 3 || parts.length > 4) {
            throw new IllegalArgumentException(text + " is not NAME=HOST:RECEIVEPORT:BROADCASTPORT[:PID]");
        }
        try {
            return new Target(text.substring(0, equals), parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]),
                    parts.length == 4 ? OptionalLong.of(Long.parseLong(parts[3])) : OptionalLong.empty());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + " is not NAME=HOST:RECEIVEPORT:BROADCASTPORT[:PID]: " + e.getMessage(), e);
        }
    }
}
