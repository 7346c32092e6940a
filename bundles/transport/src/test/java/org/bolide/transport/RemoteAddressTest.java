package org.bolide.transport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RemoteAddressTest {

    @ParameterizedTest
    @CsvSource({
        "voevent.example.org, voevent.example.org, voevent.example.org:1",
        " 192.0.2.7 , 192.0.2.7, 192.0.2.7:1",
        "::1, ::1, [::1]:1",
        "[2001:db8::7], 2001:db8::7, [2001:db8::7]:1",
    })
    void shouldReadNamesAndAddresses(String text, String host, String shown) {
        RemoteAddress address = RemoteAddress.of(text, 1);
        assertEquals(host, address.host());
        assertEquals(shown, address.toString());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"   ", "[::1", "http://host/", "two hosts", "[]"})
    void shouldRefuseWhatIsNoHost(String text) {
        assertThrows(IllegalArgumentException.class, () -> RemoteAddress.of(text, 1));
    }

    @Test
    void shouldSayWhereThePortBelongs() {
        String message = assertThrows(IllegalArgumentException.class, () -> RemoteAddress.of("host:8100", 1)).getMessage();
        assertTrue(message.contains("key port"), message);
    }
}
