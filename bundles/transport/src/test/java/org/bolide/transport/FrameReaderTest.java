package org.bolide.transport;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;

import org.bolide.testkit.VtpPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FrameReaderTest {

    private static final int LIMIT = 200_000;

    private final FrameReader reader = new FrameReader(() -> LIMIT);

    @Test
    void shouldCutMessagesWhereverTheBytesAreSplit() throws Exception {
        byte[] one = bytes(150_000);
        byte[] two = bytes(7);
        ByteBuffer all = ByteBuffer.allocate(8 + one.length + two.length).put(VtpPeer.frame(one)).put(VtpPeer.frame(two)).flip();
        for (int step : new int[] {1, 3, 4_096, 1_000_000}) {
            ByteBuffer stream = all.duplicate();
            assertArrayEquals(one, readInSteps(stream, step));
            assertArrayEquals(two, readInSteps(stream, step));
            assertEquals(Optional.empty(), reader.incomplete());
        }
    }

    private byte[] readInSteps(ByteBuffer stream, int step) throws BadFrameException {
        while (stream.hasRemaining()) {
            ByteBuffer part = stream.slice(stream.position(), Math.min(step, stream.remaining()));
            byte[] message = reader.read(part);
            stream.position(stream.position() + part.position());
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    @Test
    void shouldTellWhatIsMissing() throws Exception {
        assertNull(reader.read(ByteBuffer.wrap(new byte[] {0, 0})));
        assertEquals(Optional.of("only 2 of the 4 bytes of a message's length came"), reader.incomplete());
        assertNull(reader.read(ByteBuffer.wrap(new byte[] {0, 9, 1, 1, 1})));
        assertEquals(Optional.of("3 of 9 bytes of the message came"), reader.incomplete());
        assertTrue(reader.midMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0          | the message is empty",
        "-1         | 4294967295 (or -1, as signed) bytes, the limit is 200000",
        "200001     | 200001 bytes, the limit is 200000",
        "0x7fffffff | 2147483647 bytes",
        "0xdf010000 | little-endian order (479 as it stands)",
    })
    void shouldRefuseImpossibleLengths(String length, String reason) {
        ByteBuffer in = ByteBuffer.allocate(4).putInt(Long.decode(length).intValue()).flip();
        assertTrue(assertThrows(BadFrameException.class, () -> reader.read(in)).getMessage().contains(reason));
    }

    @ParameterizedTest
    @CsvSource({"GET / HTTP/1.1, HTTP request", "POST /events, HTTP request", "<?xml version, without its length",
        "<VOEvent, without its length", "SSH-2.0-x, SSH client"})
    void shouldRecogniseOtherProtocols(String text, String reason) {
        ByteBuffer in = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        assertTrue(assertThrows(BadFrameException.class, () -> reader.read(in)).getMessage().contains(reason));
    }

    @Test
    void shouldRecogniseTls() {
        ByteBuffer in = ByteBuffer.wrap(new byte[] {0x16, 0x03, 0x01, 0x02});
        assertTrue(assertThrows(BadFrameException.class, () -> reader.read(in)).getMessage().contains("TLS"));
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
