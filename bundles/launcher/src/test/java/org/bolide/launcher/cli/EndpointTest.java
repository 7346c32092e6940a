package org.bolide.launcher.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "8098, *:8098",
        "tcp:8098, *:8098",
        "tcp4:8098, *:8098",
        "tcp:port=8098, *:8098",
        "tcp:8098:interface=127.0.0.1, 127.0.0.1:8098",
        "8098:interface=127.0.0.1, 127.0.0.1:8098",
        "tcp:8098:interface=0.0.0.0, *:8098",
        "tcp:8098:backlog=50:interface=192.0.2.1, 192.0.2.1:8098",
        "'tcp6:8098:interface=\\:\\:1', [::1]:8098",
        "tcp:0, *:0",
    })
    void shouldReadAListener(String text, String expected) {
        assertEquals(expected, Endpoint.listener(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcp", "tcp:", "localhost", "tcp:localhost:8098", "70000", "-1", "tcp:8098:colour=red"})
    void shouldRefuseWhatIsNoListener(String text) {
        assertThrows(IllegalArgumentException.class, () -> Endpoint.listener(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:/run/comet", "ssl:8098:privateKey=x", "systemd:domain=INET:index=0"})
    void shouldRefuseOtherKindsOfEndpointByName(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> Endpoint.listener(text)).getMessage();
        String kind = text.substring(0, text.indexOf(':'));
        assertTrue(message.contains("is a " + kind + " endpoint, and only tcp is supported"), message);
        assertThrows(IllegalArgumentException.class, () -> Endpoint.remote(text, 8099));
    }

    @ParameterizedTest
    @CsvSource({
        "voevent.example.org, voevent.example.org:8099",
        "voevent.example.org:8800, voevent.example.org:8800",
        "tcp:voevent.example.org:8800, voevent.example.org:8800",
        "tcp:voevent.example.org, voevent.example.org:8099",
        "tcp:host=voevent.example.org:port=8800, voevent.example.org:8800",
        "tcp:voevent.example.org:8800:timeout=30, voevent.example.org:8800",
        "192.0.2.7, 192.0.2.7:8099",
        "2001:db8::1, [2001:db8::1]:8099",
        "[2001:db8::1], [2001:db8::1]:8099",
        "[2001:db8::1]:8800, [2001:db8::1]:8800",
        "tcp:[2001:db8::1]:8800, [2001:db8::1]:8800",
        "'tcp:2001\\:db8\\:\\:1:8800', [2001:db8::1]:8800",
    })
    void shouldReadARemoteBroker(String text, String expected) {
        assertEquals(expected, Endpoint.remote(text, 8099).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":8099", "host:port", "host:0", "host:70000", "[::1", "[::1]8099", "[]"})
    void shouldRefuseWhatIsNoRemoteBroker(String text) {
        assertThrows(IllegalArgumentException.class, () -> Endpoint.remote(text, 8099));
    }

    @Test
    void shouldSayWhatAPortIs() {
        String message = assertThrows(IllegalArgumentException.class, () -> Endpoint.remote("host:99999", 8099)).getMessage();
        assertEquals("\"99999\" is not a port: a port is a number from 1 to 65535", message);
    }
}
