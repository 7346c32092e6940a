package org.bolide.transport;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RemoteAddressTest {

    @ParameterizedTest
    @CsvSource({
        "voevent.example.org, voevent.example.org, 8099",
        "voevent.example.org:8100, voevent.example.org, 8100",
        "192.0.2.7, 192.0.2.7, 8099",
        " 192.0.2.7:1 , 192.0.2.7, 1",
        "::1, ::1, 8099",
        "2001:db8::7, 2001:db8::7, 8099",
        "[::1], ::1, 8099",
        "[::1]:8100, ::1, 8100",
    })
    void shouldReadHostAndPort(String text, String host, int port) {
        assertEquals(new RemoteAddress(host, port), RemoteAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", ":8099", "host:", "host:port", "host:0", "host:65536", "[::1", "[::1]8099", "[::1]:", "[host]:1",
        "http://host", "two hosts"})
    void shouldRefuseWhatIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> RemoteAddress.parse(text));
    }
}
