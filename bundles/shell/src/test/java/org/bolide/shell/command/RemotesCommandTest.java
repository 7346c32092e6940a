package org.bolide.shell.command;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Connections.Uplink;
import org.bolide.api.management.Gaps;
import org.bolide.api.management.Rules;
import org.bolide.api.management.Streams;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Remote brokers, their gaps, streams, and rules. */
class RemotesCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final TestServices services = new TestServices();
    private final TestCaller caller = new TestCaller(Path.of(""));

    private record KnownStreams(List<StreamStatus> streams) implements Streams {

        @Override
        public boolean forget(Kind kind, String name) {
            throw new AssertionError("not asked for");
        }
    }

    private String typed(String... words) throws Exception {
        caller.outBytes.reset();
        assertEquals(0, caller.type(services, Clock.fixed(NOW, ZoneOffset.UTC), words));
        return caller.said();
    }

    private static Connection remote(String name, boolean connected, Uplink uplink) {
        return new Connection(Role.REMOTE_BROKER, name, "voevent.example:8099", Optional.of("ivo://remote.example/broker"), connected,
                NOW.minusSeconds(7_800), Optional.of(NOW.minusSeconds(31)), 12_345, 678, 9, Optional.empty(), Optional.of(uplink));
    }

    private static Streams streams() {
        return new KnownStreams(List.of(
                new Streams.StreamStatus(Streams.Kind.STREAM, "ivo://nasa.gsfc.gcn/SWIFT", 700_101, 12, NOW.minusSeconds(300), Optional.empty(),
                        OptionalDouble.of(12.34), Optional.of(Duration.ofHours(9)), false),
                new Streams.StreamStatus(Streams.Kind.REMOTE, "subscription.gcn", 13_023, 240, NOW.minusSeconds(300), Optional.empty(),
                        OptionalDouble.of(240), Optional.of(Duration.ofMinutes(30)), false),
                new Streams.StreamStatus(Streams.Kind.STREAM, "ivo://seldom.example/a/long/name\u001b[2J", 12, 0, NOW.minus(Duration.ofDays(80)), Optional.empty(),
                        OptionalDouble.of(0.1), Optional.of(Duration.ofDays(60)), true),
                new Streams.StreamStatus(Streams.Kind.STREAM, "ivo://new.example/one", 1, 1, NOW.minus(Duration.ofDays(81)), Optional.empty(),
                        OptionalDouble.empty(), Optional.empty(), false)));
    }

    @Test
    void shouldShowHowRemotesDo() throws Exception {
        assertEquals("This broker subscribes to no other.\n", typed("remotes"));
        services.with(new TestConnections(Role.REMOTE_BROKER, "subscription.gcn", "voevent.example:8099",
                remote("subscription.gcn", true, new Uplink(3, Optional.of("the connection was reset"), Optional.of(Duration.ofSeconds(-150))))));
        services.with(new TestConnections(Role.REMOTE_BROKER, "subscription.other", "voevent.example:8099",
                remote("subscription.other", false, new Uplink(1, Optional.of("nobody listens\nthere"), Optional.empty()))));
        assertEquals("""
                Remote               First  Later  Refused  Heard  Address and state
                subscription.gcn    12,345    678        9   31 s  voevent.example:8099, connected for 2 h 10 min, 2
                                                                   reconnects, its clock is 2 min behind
                subscription.other  12,345    678        9   31 s  voevent.example:8099, DOWN for 2 h 10 min: nobody
                                                                   listens there
                """, typed("remotes"));
        JsonObject first = JsonParser.parseString(typed("remotes", "--json")).getAsJsonArray().get(0).getAsJsonObject();
        assertEquals(-150, first.get("clockAheadSeconds").getAsDouble());
        assertEquals("the connection was reset", first.get("lastFailure").getAsString());
    }

    @Test
    void shouldTellWhatWasMissedAndWhatIsEstimated() throws Exception {
        assertTrue(typed("remotes", "gaps").startsWith("There was no gap"));
        services.with((Gaps) () -> List.of(
                new Gaps.Gap("subscription.gcn", NOW.minusSeconds(86_400), Optional.of(NOW.minusSeconds(82_800)), OptionalLong.of(0)),
                new Gaps.Gap("subscription.gcn", NOW.minusSeconds(43_200), Optional.of(NOW.minusSeconds(39_600)), OptionalLong.of(17)),
                new Gaps.Gap("subscription.gcn", NOW.minusSeconds(36_000), Optional.of(NOW.minusSeconds(28_800)), OptionalLong.empty()),
                new Gaps.Gap("subscription.unknown", NOW.minusSeconds(60), Optional.empty(), OptionalLong.empty())));
        services.with(streams());
        assertEquals("""
                subscription.unknown: you may have missed events between 2026-11-22 11:59:00 and now UTC (60 s); how
                many cannot be known.
                subscription.gcn: you missed about 20 events between 2026-11-22 02:00:00 and 2026-11-22 04:00:00 UTC
                (2 h), by its usual rate.
                subscription.gcn: you missed 17 events between 2026-11-22 00:00:00 and 2026-11-22 01:00:00 UTC (60
                min).
                subscription.gcn: you missed nothing between 2026-11-21 12:00:00 and 2026-11-21 13:00:00 UTC (60
                min): it was sent later.
                """, typed("remotes", "gaps"));
        JsonArray gaps = JsonParser.parseString(typed("remotes", "gaps", "--json")).getAsJsonArray();
        assertEquals(20, gaps.get(1).getAsJsonObject().get("missedEstimate").getAsLong());
        assertTrue(gaps.get(1).getAsJsonObject().get("missed").isJsonNull());
        assertEquals(17, gaps.get(2).getAsJsonObject().get("missed").getAsLong());
    }

    @Test
    void shouldShowStreamsWithTheirRates() throws Exception {
        assertEquals("Not now: the bundle org.bolide.watch does not run. The log file says why.",
                assertThrows(Refusal.class, () -> typed("streams")).getMessage());
        services.with(streams());
        assertEquals("""
                State     24 h   In all      Usual       Last  Alarm after  Name
                usual       12  700,101       12/d  5 min ago          9 h  ivo://nasa.gsfc.gcn/SWIFT
                usual      240   13,023      240/d  5 min ago       30 min  subscription.gcn
                SILENT       0       12  36.5/year   80 d ago         60 d  ivo://seldom.example/a/long/name�[2J
                learning     1        1          -   81 d ago            -  ivo://new.example/one
                """, typed("streams"));
    }

    @Test
    void shouldShowRules() throws Exception {
        services.with((Rules) () -> List.of(
                new Rules.RuleStatus(Rules.Kind.ACCEPT, "no-tests", 10, false, "role test", 1_234, Optional.empty()),
                new Rules.RuleStatus(Rules.Kind.FILTER, "institute", 20, true, "xquery from 192.0.2.0/24", 0, Optional.of("xquery does not run"))));
        assertEquals("""
                On      Order  Name       Verdict  Matched  What
                accept     10  no-tests   deny       1,234  role test
                filter     20  institute  allow          0  DOES NOT DECIDE: xquery does not run: xquery from
                                                            192.0.2.0/24
                """, typed("rules"));
        assertEquals(false, JsonParser.parseString(typed("rules", "--json")).getAsJsonArray().get(0).getAsJsonObject().get("allow").getAsBoolean());
    }
}
