package org.bolide.transport;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PeersTest {

    private final Peers peers = new Peers();

    @Test
    void shouldBoundTheConnectionsOfOneAddress() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        Peers.Peer peer = peers.enter(one, 2).orElseThrow();
        assertTrue(peers.enter(one, 2).isPresent());
        assertEquals(Optional.empty(), peers.enter(one, 2));
        assertTrue(peers.enter(InetAddress.getByName("192.0.2.2"), 2).isPresent());
        peers.leave(peer);
        assertTrue(peers.enter(one, 2).isPresent());
        assertTrue(peers.enter(one, 0).isPresent());
    }

    @Test
    void shouldTakeAnIpv6NetworkForOnePeer() throws Exception {
        assertTrue(peers.enter(InetAddress.getByName("2001:db8:1:2::1"), 1).isPresent());
        assertEquals(Optional.empty(), peers.enter(InetAddress.getByName("2001:db8:1:2:ffff::2"), 1));
        assertTrue(peers.enter(InetAddress.getByName("2001:db8:1:3::1"), 1).isPresent());
    }

    @Test
    void shouldSlowDownWhatExceedsTheRate() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        Peers.Peer peer = peers.enter(one, 0).orElseThrow();
        for (int i = 0; i < 10; i++) {
            assertEquals(0, peer.book(100, 10, 0));
        }
        long wait = peer.book(100, 10, 0);
        assertTrue(wait > TimeUnit.MILLISECONDS.toNanos(50) && wait <= TimeUnit.MILLISECONDS.toNanos(100), "waits " + wait);
        // the next connection of the same address goes on where the first was
        peers.leave(peer);
        peers.sweep();
        assertTrue(peers.enter(one, 0).orElseThrow().book(100, 10, 0) > 0);
    }

    @Test
    void shouldSlowDownByBytesToo() throws Exception {
        Peers.Peer peer = peers.enter(InetAddress.getByName("192.0.2.1"), 0).orElseThrow();
        assertEquals(0, peer.book(1_000, 0, 1_000));
        assertTrue(peer.book(500, 0, 1_000) > TimeUnit.MILLISECONDS.toNanos(400));
        assertEquals(0, peer.book(1_000_000, 0, 0));
    }

    @Test
    void shouldRefillAQuotaAllTheTime() throws Exception {
        Peers.Peer peer = peers.enter(InetAddress.getByName("192.0.2.1"), 0).orElseThrow();
        long perDay = TimeUnit.DAYS.toMillis(1); // a byte each millisecond
        peer.charge((int) perDay - 1_000, perDay);
        assertEquals(0, peer.quotaWait(perDay));
        peer.charge(5_000, perDay);
        long wait = TimeUnit.NANOSECONDS.toMillis(peer.quotaWait(perDay));
        assertTrue(wait > 2_000 && wait <= 4_000, "waits " + wait + " ms");
        assertEquals(0, peer.quotaWait(0));
        // it is remembered while nobody is connected
        peers.leave(peer);
        peers.sweep();
        assertTrue(peers.enter(InetAddress.getByName("192.0.2.1"), 0).orElseThrow().quotaWait(perDay) > 0);
    }

    @Test
    void shouldBoundNobodyOnThisMachine() throws Exception {
        for (String local : new String[] {"127.0.0.1", "127.3.2.1", "::1"}) {
            Peers.Peer peer = peers.enter(InetAddress.getByName(local), 1).orElseThrow();
            assertTrue(peers.enter(InetAddress.getByName(local), 1).isPresent());
            peer.charge(1_000, 1);
            assertEquals(0, peer.quotaWait(1));
        }
    }
}
