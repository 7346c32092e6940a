package org.bolide.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7:4123, 192.0.2.7, 4123, true",
        "192.0.2.7:4124, 192.0.2.7, 4123, false",
        "192.0.2.7, 192.0.2.7, 4123, true",
        "192.0.2.0/24, 192.0.2.7, 4123, true",
        "192.0.2.8, 192.0.2.7, 4123, false",
        "[2001:db8::7]:4123, 2001:db8:0:0:0:0:0:7, 4123, true",
        "[2001:db8:0:0:0:0:0:7]:4124, 2001:db8::7, 4123, false",
        "[2001:db8::7], 2001:db8::7, 4123, true",
        "2001:db8::7, 2001:db8::7, 4123, true",
        "2001:db8::8, 2001:db8::7, 4123, false"})
    void shouldUnderstandHowOperatorsWriteAPeer(String text, String host, int port, boolean meant) throws Exception {
        assertEquals(meant, Addresses.peer(text).orElseThrow().test(new InetSocketAddress(InetAddress.getByName(host), port)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "archive", "archive@example.org", "[]:4", "[]", ":8099", "host:8099", "[nonsense]:1"})
    void shouldTakeNoNameForAnAddress(String text) {
        assertTrue(Addresses.peer(text).isEmpty());
    }
}
