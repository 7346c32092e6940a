package org.bolide.shell.command;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Reader;
import org.bolide.api.management.Connections.Role;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ClientsCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final MemoryBroker broker = new MemoryBroker();
    private final TestServices services = new TestServices().with(broker);
    private final TestCaller caller = new TestCaller(Path.of(""));

    @AfterEach
    void stop() {
        broker.close();
    }

    private String typed(String... words) throws Exception {
        caller.outBytes.reset();
        assertEquals(0, caller.type(services, Clock.fixed(NOW, ZoneOffset.UTC), words));
        return caller.said();
    }

    private static Connection subscriber(String address, long sent, Optional<String> identifier, Reader reader) {
        return new Connection(Role.SUBSCRIBER, "broadcaster.public", address, identifier, true, NOW.minusSeconds(sent * 60),
                Optional.of(NOW), sent, 0, 0, Optional.of(reader), Optional.empty());
    }

    private void connect() {
        for (int i = 0; i < 12; i++) {
            broker.append(SampleEvents.event("ivo://test.author/clients#" + i).bytes());
        }
        services.with(new TestConnections(Role.SUBSCRIBER, "broadcaster.public", "0.0.0.0:8099",
                subscriber("192.0.2.7:41234", 4_711, Optional.of("ivo://org.example/archive"),
                        new Reader(Optional.of("night"), Optional.of(10L), 2, Optional.of(NOW.minusSeconds(12)), List.of(), Optional.empty())),
                subscriber("[2001:db8:1111:2222:3333:4444:5555:6666]:65535", 17, Optional.of("x\u001b[2J".repeat(40)),
                        new Reader(Optional.empty(), Optional.of(12L), 0, Optional.empty(),
                                List.of("//Param[@name='magnitude' and\n   @value<15]", "//How"), Optional.of("the filter cost too much: //What")))));
        services.with(new TestConnections(Role.AUTHOR, "receiver.public", "0.0.0.0:8098",
                new Connection(Role.AUTHOR, "receiver.public", "192.0.2.9:5000", Optional.empty(), true, NOW.minusSeconds(3),
                        Optional.of(NOW.minusMillis(250)), 3, 1, 2, Optional.empty(), Optional.empty())));
    }

    @Test
    void shouldShowSubscribersAndAuthors() throws Exception {
        connect();
        assertEquals("""
                2 subscribers
                Address                           Connected   Sent  Unacked  Lag  Last ack  Who, and what it wants
                192.0.2.7:41234                     3 d 6 h  4,711        2    2      12 s  "night",
                                                                                            ivo://org.example/archiv
                                                                                            e, everything
                """, typed("clients").lines().limit(5).map(line -> line + "\n").reduce("", String::concat));
        assertTrue(caller.said().endsWith("""
                1 author
                Address         Connected  Accepted  Duplicate  Refused  Last heard  At
                192.0.2.9:5000        3 s         3          1        2      250 ms  receiver.public
                """), caller.said());
    }

    @Test
    void shouldTellScriptsMore() throws Exception {
        connect();
        JsonArray clients = JsonParser.parseString(typed("clients", "--json")).getAsJsonArray();
        assertEquals(3, clients.size());
        JsonObject first = clients.get(0).getAsJsonObject();
        assertEquals("subscriber", first.get("role").getAsString());
        assertEquals("night", first.get("name").getAsString());
        assertEquals(2, first.get("lag").getAsLong());
        assertEquals("2026-11-22T11:59:48Z", first.get("lastAcknowledged").getAsString());
        assertEquals(2, clients.get(1).getAsJsonObject().get("filters").getAsJsonArray().size());
        assertTrue(clients.get(2).getAsJsonObject().get("lag").isJsonNull());
        assertEquals(2, clients.get(2).getAsJsonObject().get("refused").getAsLong());
    }

    @Test
    void shouldShowWhoHasGoneNewestFirst() throws Exception {
        assertEquals("No subscriber and no author is connected.\n", typed("clients"));
        assertEquals("Nobody has gone since the start.\n", typed("clients", "gone"));
        assertEquals("[]\n", typed("clients", "gone", "--json"));
        services.with(new TestConnections(Role.SUBSCRIBER, "broadcaster.public", "0.0.0.0:8099").gone(
                new Departure(Role.SUBSCRIBER, "broadcaster.public", "192.0.2.7:41234", Optional.of("night"), NOW.minusSeconds(60), false,
                        "it has not acknowledged an event for 120 s")));
        services.with(new TestConnections(Role.AUTHOR, "receiver.public", "0.0.0.0:8098").gone(
                new Departure(Role.AUTHOR, "receiver.public", "198.51.100.1:99", Optional.empty(), NOW, true, "it has closed the connection")));
        assertEquals("""
                At (UTC)             Role        Address          Who and why
                2026-11-22 12:00:00  author      198.51.100.1:99  it has closed the connection
                2026-11-22 11:59:00  subscriber  192.0.2.7:41234  night: it has not acknowledged an event for 120 s
                """, typed("clients", "gone"));
        assertEquals("No subscriber and no author is connected. Who was, and why no more: bolide clients gone\n", typed("clients"));
        JsonArray gone = JsonParser.parseString(typed("clients", "gone", "--json")).getAsJsonArray();
        assertTrue(gone.get(0).getAsJsonObject().get("byItself").getAsBoolean());
        assertEquals("night", gone.get(1).getAsJsonObject().get("name").getAsString());
    }
}
