package org.bolide.api;

import java.net.InetAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class NetworksTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.77/24, 192.0.2.1, true",
        "192.0.2.0/255.255.255.128, 192.0.2.127, true",
        "192.0.2.0/255.255.255.128, 192.0.2.128, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0.0.0.0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "10.0.0.0/9, 10.127.0.1, true",
        "10.0.0.0/9, 10.128.0.1, false",
        "128.0.0.0/1, 127.0.0.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::/0, 2001:db8::1, true",
        "::ffff:192.0.2.0/120, 192.0.2.9, true",
        "::ffff:192.0.2.0/120, 192.0.3.9, false",
        "192.0.2.0/24, ::ffff:192.0.2.9, true",
    })
    void shouldKnowWhoIsIn(String network, String address, boolean in) throws Exception {
        assertEquals(in, Networks.parse(network).contains(InetAddress.getByName(address)));
    }

    @Test
    void shouldAddUp() throws Exception {
        Networks networks = Networks.parse("192.0.2.0/24", " 2001:db8::/32 ", "");
        assertTrue(networks.contains(InetAddress.getByName("192.0.2.1")));
        assertTrue(networks.contains(InetAddress.getByName("2001:db8::1")));
        assertEquals("192.0.2.0/24, 2001:db8::/32", networks.toString());
    }

    @Test
    void shouldLetEveryoneInWithoutEntries() throws Exception {
        assertTrue(Networks.parse().contains(InetAddress.getByName("203.0.113.9")));
        assertTrue(Networks.parse("").contains(InetAddress.getByName("::1")));
    }

    @ParameterizedTest
    @CsvSource({
        "example.org, names are not looked up",
        "1.2.3, names are not looked up",
        "256.0.0.1, names are not looked up",
        "192.0.2.0/33, number from 0 to 32 or a dotted mask",
        "192.0.2.0/255.0.255.0, ones followed by zeros",
        "192.0.2.0/, number from 0 to 32",
        "2001:db8::/129, number from 0 to 128",
        "2001:db8::/255.255.0.0, number from 0 to 128",
        "2001:db8:::1, is no address",
        "::ffff:192.0.2.0/24, write networks of IPv4 as IPv4",
    })
    void shouldRefuseWhatIsNoNetwork(String text, String why) {
        String message = assertThrows(IllegalArgumentException.class, () -> Networks.parse(text)).getMessage();
        assertTrue(message.contains(why) && message.contains("'" + text + "'"), message);
    }
}
