package org.bolide.transport;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.bolide.transport.TransportMessage.Filter;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OffencesTest {

    private long now = 5;
    private final Offences offences = new Offences(() -> now);

    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    private static Filter filter(String language, int text) {
        return new Filter(language, "filter " + text, "Param", Optional.empty());
    }

    private long waitSeconds(InetAddress address) {
        return TimeUnit.NANOSECONDS.toSeconds(offences.waitNanos(address, now));
    }

    @Test
    void shouldLetAnAddressWaitTwiceAsLongEachTimeUpToAMinute() throws Exception {
        InetAddress address = address("192.0.2.1");
        assertEquals(0, waitSeconds(address));
        long[] expected = {1, 2, 4, 8, 16, 32, 60, 60, 60};
        for (int i = 0; i < expected.length; i++) {
            offences.overran(address, filter("xpath", i));
            assertEquals(expected[i], waitSeconds(address));
        }
        assertEquals(0, waitSeconds(address("192.0.2.2")));
        long asked = now;
        now += TimeUnit.SECONDS.toNanos(59);
        assertEquals(1, TimeUnit.NANOSECONDS.toSeconds(offences.waitNanos(address, asked)));
        now += TimeUnit.SECONDS.toNanos(1);
        assertEquals(0, offences.waitNanos(address, asked));
    }

    @Test
    void shouldRefuseAFilterToAnAddressForAnHour() throws Exception {
        InetAddress address = address("2001:db8::1");
        offences.overran(address, filter("xpath", 1));
        assertTrue(offences.refuses(address("2001:db8::2"), filter("xpath", 1)), "the same network of 64 bits");
        assertFalse(offences.refuses(address, filter("xquery", 1)));
        assertFalse(offences.refuses(address, filter("xpath", 2)));
        assertFalse(offences.refuses(address("2001:db9::1"), filter("xpath", 1)));
        now += Offences.REMEMBERED_NANOS;
        assertTrue(offences.refuses(address, filter("xpath", 1)));
        now++;
        assertFalse(offences.refuses(address, filter("xpath", 1)));
        assertEquals(0, waitSeconds(address));
    }

    @Test
    void shouldCountTheSameFilterOnce() throws Exception {
        InetAddress address = address("192.0.2.1");
        for (int i = 0; i < 40; i++) {
            offences.overran(address, filter("xpath", 1));
        }
        assertEquals(1, waitSeconds(address));
    }

    @Test
    void shouldForgetWhatWasTouchedLongestAgo() throws Exception {
        for (int i = 0; i < 10_000; i++) {
            offences.overran(address("10." + (i >> 8 & 255) + "." + (i & 255) + ".1"), filter("xpath", 1));
        }
        assertFalse(offences.refuses(address("10.0.0.1"), filter("xpath", 1)));
        assertTrue(offences.refuses(address("10.39.15.1"), filter("xpath", 1)));
        InetAddress address = address("192.0.2.1");
        for (int i = 0; i < 1000; i++) {
            offences.overran(address, filter("xpath", i));
        }
        assertFalse(offences.refuses(address, filter("xpath", 0)));
        assertTrue(offences.refuses(address, filter("xpath", 999)));
    }
}
