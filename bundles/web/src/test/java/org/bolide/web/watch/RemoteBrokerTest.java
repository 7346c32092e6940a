package org.bolide.web.watch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class RemoteBrokerTest {

    @ParameterizedTest
    @CsvSource({"voevent.example.org, voevent.example.org:8099", "VOEvent.Example.org:8098, voevent.example.org:8098", "192.0.2.7:1, 192.0.2.7:1",
            "[2001:db8::7], [2001:db8::7]:8099", "[2001:DB8::7]:65535, [2001:db8::7]:65535", "localhost, localhost:8099", "a_b:3, a_b:3"})
    void shouldReadAnAddress(String text, String address) {
        assertEquals(address, RemoteBroker.parse(text).toString());
        assertEquals(RemoteBroker.parse(text), RemoteBroker.parse(address));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "host:0", "host:65536", "host:", "host:x", "2001:db8::7", "../x", "a/b", "-x", "h\nx", "http://host", "[::1", "ü"})
    void shouldRefuseWhatIsNone(String text) {
        assertThrows(IllegalArgumentException.class, () -> RemoteBroker.parse(text));
    }

    @Test
    void shouldNameAFileOfItsOwn() {
        assertEquals("voevent.example.org-8099", RemoteBroker.parse("voevent.example.org").slug());
        assertEquals("2001+db8++7-8099", RemoteBroker.parse("[2001:db8::7]").slug());
        assertNotEquals(RemoteBroker.parse("[2001:db8::7]:1").slug(), RemoteBroker.parse("[2001:db8::7]:11").slug());
    }
}
