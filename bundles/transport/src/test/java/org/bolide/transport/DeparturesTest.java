package org.bolide.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Role;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeparturesTest {

    private static final Leaving REFUSED = Leaving.because("refused.allow-list", "it is not on the allow-list");

    private final Departures departures = new Departures(Role.SUBSCRIBER, "broadcaster.public");

    private static InetSocketAddress peer(int host, int port) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName("192.0." + host / 256 + "." + host % 256), port);
    }

    @Test
    void shouldShowTheNewestFirst() throws Exception {
        departures.gone(peer(1, 1001), Optional.of("archive"), Leaving.ended());
        departures.refused(peer(2, 1002), REFUSED);
        departures.gone(peer(3, 1003), Optional.empty(), Leaving.because("cut.iamalive", "it did not answer"));
        List<Departure> newest = departures.newest();
        assertEquals(List.of("192.0.0.3:1003", "192.0.0.2:1002", "192.0.0.1:1001"), newest.stream().map(Departure::address).toList());
        assertEquals(List.of(false, false, true), newest.stream().map(Departure::wanted).toList());
        assertEquals(Optional.of("archive"), newest.get(2).name());
        assertEquals("it did not answer", newest.get(0).reason());
        assertEquals("broadcaster.public", newest.get(0).component());
    }

    @Test
    void shouldCountWhatHappensToOnePeerAgainAndAgain() throws Exception {
        departures.gone(peer(1, 1001), Optional.empty(), Leaving.because("cut.unsettled", "too much is unanswered"));
        for (int port = 1; port <= 10_000; port++) {
            departures.refused(peer(2, port), REFUSED);
        }
        departures.gone(peer(2, 1003), Optional.empty(), Leaving.ended());
        List<Departure> newest = departures.newest();
        assertEquals(3, newest.size());
        assertEquals("it ended the connection", newest.get(0).reason());
        assertTrue(newest.get(1).reason().startsWith("it is not on the allow-list (10000 times since "), newest.get(1).reason());
        assertEquals("192.0.0.2:10000", newest.get(1).address());
    }

    @Test
    void shouldTellSubscribersOfOneAddressApartByTheirNames() throws Exception {
        departures.gone(peer(1, 1), Optional.of("a"), Leaving.ended());
        departures.gone(peer(1, 2), Optional.of("b"), Leaving.ended());
        assertEquals(2, departures.newest().size());
    }

    @Test
    void shouldKeepAHundredAndNotLetTheRefusedPushOutTheOthers() throws Exception {
        for (int host = 0; host < 50; host++) {
            departures.gone(peer(host, 1), Optional.empty(), Leaving.ended());
        }
        for (int host = 0; host < 1000; host++) {
            departures.refused(peer(host, 2), REFUSED);
        }
        assertEquals(100, departures.newest().size());
        assertEquals(50, departures.newest().stream().filter(Departure::wanted).count());
        assertEquals("192.0.3.231:2", departures.newest().get(0).address());
        for (int host = 0; host < 1000; host++) {
            departures.gone(peer(host, 3), Optional.empty(), Leaving.ended());
        }
        assertEquals(100, departures.newest().size());
        assertEquals(50, departures.newest().stream().filter(Departure::wanted).count());
    }
}
