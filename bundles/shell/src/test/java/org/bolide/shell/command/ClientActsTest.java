package org.bolide.shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.management.Bans;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Streams;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClientActsTest {

    private static final Instant NOW = Instant.parse("2026-04-20T12:00:00Z");

    private final FewBans bans = new FewBans();
    private final Listener listener = new Listener();
    private final TestServices services = new TestServices().with(bans).with(listener).with(new FewStreams());

    private static final class FewBans implements Bans {

        private final List<Ban> all = new ArrayList<>();

        @Override
        public List<Ban> bans() {
            return all;
        }

        @Override
        public int ban(String network, Optional<Instant> until, String reason) {
            if (network.equals("x")) {
                throw new IllegalArgumentException("\"x\" is no network");
            } else if (network.equals("disk")) {
                throw new UncheckedIOException(new IOException("disk full"));
            }
            all.add(new Ban(network, NOW, until, reason, 3));
            return 2;
        }

        @Override
        public boolean lift(String network) {
            return all.removeIf(ban -> ban.network().equals(network));
        }
    }

    private static final class Listener implements Connections {

        private String closed = "";

        @Override
        public Endpoint endpoint() {
            return new Endpoint("receiver.x", Role.AUTHOR, "127.0.0.1:8098", "ivo://test.bolide/b");
        }

        @Override
        public List<Connection> connections() {
            return List.of();
        }

        @Override
        public List<Departure> departures() {
            return List.of();
        }

        @Override
        public int close(String peer, String reason) {
            closed += peer + ": " + reason;
            return peer.equals("192.0.2.7") ? 1 : 0;
        }
    }

    private static final class FewStreams implements Streams {

        @Override
        public List<StreamStatus> streams() {
            return List.of();
        }

        @Override
        public boolean forget(Kind kind, String name) {
            return kind == Kind.REMOTE && name.equals("subscription.gcn");
        }
    }

    private String type(String... words) throws Refusal, InterruptedException {
        TestCaller caller = new TestCaller(Path.of("/"));
        assertEquals(0, caller.type(services, Clock.fixed(NOW, ZoneOffset.UTC), words));
        return caller.said();
    }

    @Test
    void shouldBanListAndLift() throws Exception {
        assertEquals("Nobody is banned.\n", type("clients", "bans"));
        assertEquals("192.0.2.0/24 is kept out until 2026-04-27 12:00:00 UTC; 2 connections closed.\n",
                type("clients", "ban", "--for=7d", "--reason=a flood", "192.0.2.0/24"));
        assertEquals("192.0.2.7 is kept out until \"clients unban\"; 2 connections closed.\n", type("clients", "ban", "192.0.2.7"));
        assertEquals("""
                Network       Since (UTC)       Until (UTC)       Turned away  Why
                192.0.2.0/24  2026-04-20 12:00  2026-04-27 12:00            3  a flood
                192.0.2.7     2026-04-20 12:00  -                           3
                """, type("clients", "bans"));
        assertEquals("192.0.2.7 may connect again, as far as the allow-lists let it.\n", type("clients", "unban", "192.0.2.7"));
        assertThrows(Refusal.class, () -> type("clients", "unban", "192.0.2.7"));
        for (String time : List.of("7", "x", "-1d", "1y", "0.5h")) {
            assertEquals(Refusal.USAGE, assertThrows(Refusal.class, () -> type("clients", "ban", "--for=" + time, "192.0.2.8"), time).status());
        }
        assertEquals("\"x\" is no network", assertThrows(Refusal.class, () -> type("clients", "ban", "x")).getMessage());
        assertEquals("The ban cannot be kept, so nothing was changed: disk full",
                assertThrows(Refusal.class, () -> type("clients", "ban", "disk")).getMessage());
        assertEquals(1, bans.all.size());
    }

    @Test
    void shouldCloseConnections() throws Exception {
        assertTrue(type("clients", "close", "192.0.2.7").startsWith("Closed 1 connection of 192.0.2.7."));
        assertEquals("192.0.2.7: closed by alice", listener.closed);
        assertThrows(Refusal.class, () -> type("clients", "close", "192.0.2.9"));
    }

    @Test
    void shouldForgetAStreamOrARemoteBroker() throws Exception {
        assertTrue(type("streams", "forget", "subscription.gcn").startsWith("Forgot subscription.gcn"));
        assertThrows(Refusal.class, () -> type("streams", "forget", "unknown"));
    }
}
