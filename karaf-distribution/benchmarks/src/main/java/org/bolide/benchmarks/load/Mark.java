package org.bolide.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What the benchmark writes into each identifier: {@code load-RRRRRRRR-NNNNNNNN}, the run and the number of the event in
 * hexadecimal digits. By it an event is known wherever it turns up.
 */
final class Mark {

    /** How many bytes it takes. */
    static final int LENGTH = 22;

    private static final int DIGITS = 8;
    private static final int NUMBER_AT = LENGTH - DIGITS;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] start;
    private final long firstEight;
    private final long lastEight;

    Mark(int run) {
        start = "load-%08x-".formatted(run).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.wrap(start);
        firstEight = bytes.getLong(0);
        lastEight = bytes.getLong(NUMBER_AT - Long.BYTES);
    }

    /** Room for a mark, to be written over. */
    static byte[] blank() {
        return "load-00000000-00000000".getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the run; the number stays as it is. */
    void stamp(byte[] bytes, int at) {
        System.arraycopy(start, 0, bytes, at, start.length);
    }

    /** Writes a number into a mark that stands there. */
    static void number(ByteBuffer bytes, int at, int number) {
        int rest = number;
        for (int i = at + LENGTH - 1; i >= at + NUMBER_AT; i--) {
            bytes.put(i, HEX[rest & 15]);
            rest >>>= 4;
        }
    }

    /** Whether a mark of this run stands there. */
    boolean standsAt(ByteBuffer bytes, int at, int end) {
        return at + LENGTH <= end && bytes.getLong(at) == firstEight && bytes.getLong(at + NUMBER_AT - Long.BYTES) == lastEight;
    }

    /** Where the first mark of this run is, or -1. */
    int find(ByteBuffer bytes, int from, int end) {
        for (int at = from; at + LENGTH <= end; at++) {
            if (bytes.getLong(at) == firstEight && standsAt(bytes, at, end)) {
                return at;
            }
        }
        return -1;
    }

    /** The number in the mark that stands there; -1 if it is none. */
    static int numberAt(ByteBuffer bytes, int at) {
        int number = 0;
        for (int i = at + NUMBER_AT; i < at + LENGTH; i++) {
            int digit = Character.digit(bytes.get(i), 16);
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }
}
