package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec;
import org.bolide.api.management.BrokerRun;
import org.bolide.api.management.Connections.Connection;
import org.bolide.api.management.Connections.Departure;
import org.bolide.api.management.Connections.Role;
import org.bolide.api.management.Connections.Uplink;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.HealthCheck.Problem;
import org.bolide.api.management.HealthCheck.Weight;
import org.bolide.api.management.Lanes;
import org.bolide.api.management.LogMaintenance;
import org.bolide.api.management.Refusals;
import org.bolide.api.management.Streams;
import org.bolide.api.store.DeadLetter;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StatusCommandTest {

    private static final Machine MACHINE = new Machine(4_711, "17.0.15", "/var/lib/bolide", 120_000_000, 512_000_000);

    private static final Pattern HINT = Pattern.compile("→ bolide ([a-z -]+)$", Pattern.MULTILINE);

    private final Instant now = Instant.now();
    private final MemoryBroker broker = new MemoryBroker();
    private final TestServices services = new TestServices();
    private final TestCaller caller = new TestCaller(Path.of(""));

    @AfterEach
    void stop() {
        broker.close();
    }

    private int typed(String... options) throws Exception {
        caller.outBytes.reset();
        Command command = new StatusCommand(services, Clock.fixed(now, ZoneOffset.UTC), () -> MACHINE);
        int status = Commands.run(command, List.of(options), caller);
        assertTrue(options.length > 0 || caller.said().lines().allMatch(line -> line.codePointCount(0, line.length()) <= 100), caller.said());
        return status;
    }

    private record Run(Instant since, OptionalLong command) implements BrokerRun {
        @Override
        public String version() {
            return "1.0.0";
        }
    }

    private void runWell() {
        broker.append(SampleEvents.event("ivo://test.author/status#1").bytes());
        services.with(broker).with(new Run(now.minus(Duration.ofHours(75)), OptionalLong.empty())).with(new Log());
        services.with((Refusals) max -> List.of());
        services.with(new TestConnections(Role.AUTHOR, "receiver.public", "0.0.0.0:8098"));
    }

    @Test
    void shouldSayThatAllIsInOrder() throws Exception {
        runWell();
        services.with(new TestConnections(Role.SUBSCRIBER, "broadcaster.public", "0.0.0.0:8099",
                new Connection(Role.SUBSCRIBER, "broadcaster.public", "192.0.2.7:41234", Optional.empty(), true, now, Optional.empty(), 0, 0, 0,
                        Optional.empty(), Optional.empty())));
        assertEquals(0, typed());
        assertEquals("""
                Bolide     1.0.0, ivo://org.example/broker, up 3 d 3 h, since %s UTC
                Process    4711 on Java 17.0.15, heap 120 MB of 512 MB, in /var/lib/bolide
                Health     all is in order
                Events     1 in the last minute, 1 in the last hour, 1 in 24 h  → bolide events
                Refused    none in 24 h
                Clients    1 subscriber at broadcaster.public (0.0.0.0:8099)  → bolide clients
                           0 authors at receiver.public (0.0.0.0:8098)
                Handlers   not known: the broker does not run
                Streams    not known: the bundle org.bolide.watch does not run
                Log        14,190 events since 2026-03-20 12:00, 71 MB on disk, SQLite  → bolide log
                """.formatted(Screen.second(now.minus(Duration.ofHours(75)))), caller.said());
    }

    @Test
    void shouldShowWhatIsWrongFirstAndWhereToLookInOneScreen() throws Exception {
        runWell();
        services.with((HealthCheck) () -> List.of(
                new Problem(Weight.WARNING, "stream ivo://seldom.example/one", "nothing has come for longer than is usual\u001b[2J.",
                        Optional.of(now.minus(Duration.ofDays(3))), Optional.of("streams"))));
        services.with((HealthCheck) () -> List.of(
                new Problem(Weight.NOT_READY, "receiver.public", "cannot listen on port 8098, which another program uses: stop that, or give another port.",
                        Optional.empty(), Optional.of("clients"))));
        services.with((Refusals) max -> List.of(
                new Refusals.Refusal(now.minusSeconds(1), "x", Optional.empty(), 1, Refusals.Kind.INVALID, "why"),
                new Refusals.Refusal(now.minusSeconds(2), "x", Optional.empty(), 1, Refusals.Kind.INVALID, "why"),
                new Refusals.Refusal(now.minusSeconds(3), "x", Optional.empty(), 1, Refusals.Kind.MALFORMED, "why"),
                new Refusals.Refusal(now.minus(Duration.ofDays(2)), "x", Optional.empty(), 1, Refusals.Kind.RULE, "why")));
        services.replace(Refusals.class);
        services.with(new TestConnections(Role.SUBSCRIBER, "broadcaster.public", "0.0.0.0:8099").gone(
                new Departure(Role.SUBSCRIBER, "broadcaster.public", "192.0.2.7:1", Optional.empty(), now.minusSeconds(9), false, "silence"),
                new Departure(Role.SUBSCRIBER, "broadcaster.public", "192.0.2.7:2", Optional.empty(), now.minusSeconds(9), true, "it closed")));
        services.with(new TestConnections(Role.REMOTE_BROKER, "subscription.gcn", "voevent.example:8099",
                new Connection(Role.REMOTE_BROKER, "subscription.gcn", "voevent.example:8099", Optional.empty(), false, now.minusSeconds(7_800),
                        Optional.of(now.minusSeconds(7_830)), 12_345, 0, 0, Optional.empty(),
                        Optional.of(new Uplink(2, Optional.of("nobody listens there"), Optional.empty())))));
        services.with(new Handlers(List.of(
                lane("save-event", Lanes.State.RUNNING, 0, Optional.of("long ago")),
                lane("exec", Lanes.State.RETRYING, 12, Optional.of("java.io.IOException: the program ended with status 1 " + "and said much ".repeat(30))))));
        services.with(new Dead(List.of(letter("exec", 1), letter("exec", 2), letter("http-post", 3))));
        services.with(new Known(List.of(stream("ivo://a.example/1", 60, false), stream("ivo://a.example/2", 70, false), stream("ivo://a.example/3", 80, false),
                stream("ivo://a.example/4", 90, false), stream("ivo://seldom.example/one", 259_200, true))));
        assertEquals(2, typed());
        assertEquals("""
                Bolide     1.0.0, ivo://org.example/broker, up 3 d 3 h, since %s UTC
                Process    4711 on Java 17.0.15, heap 120 MB of 512 MB, in /var/lib/bolide
                NOT READY  receiver.public: cannot listen on port 8098, which another program uses: stop that, or
                           give another port.  → bolide clients
                Warning    stream ivo://seldom.example/one: nothing has come for longer than is usual�[2J. (for 3 d)
                           → bolide streams
                Events     1 in the last minute, 1 in the last hour, 1 in 24 h  → bolide events
                Refused    3 in 24 h: 2 invalid, 1 malformed  → bolide events refused
                Clients    0 subscribers at broadcaster.public (0.0.0.0:8099); 1 cut off or not let in within 24 h
                           → bolide clients gone
                           0 authors at receiver.public (0.0.0.0:8098)
                Remotes    subscription.gcn (voevent.example:8099), DOWN for 2 h 10 min, 1 reconnect: nobody listens
                           there, last heard 2 h 10 min ago, first with 12,345 events  → bolide remotes
                Handlers   exec: RETRYING, lag 12, 1,234 handled: java.io.IOException: the program ended with status
                           1 and said much and said much and said much and said much and said much and said much and
                           said much and said much and said much and said much and …  → bolide handlers
                           save-event: running, lag 0, 1,234 handled
                Dead       3 dead letters: 2 of exec, 1 of http-post  → bolide dead-letters
                Streams    ivo://seldom.example/one, SILENT for 3 d, usual 24/d  → bolide streams
                           ivo://a.example/1, last 60 s ago, 7 in 24 h, usual 24/d
                           ivo://a.example/2, last 70 s ago, 7 in 24 h, usual 24/d
                           ivo://a.example/3, last 80 s ago, 7 in 24 h, usual 24/d
                           and 1 more  → bolide streams
                Log        14,190 events since 2026-03-20 12:00, 71 MB on disk, SQLite  → bolide log
                """.formatted(Screen.second(now.minus(Duration.ofHours(75)))), caller.said());
        assertEquals(11, assertHintsAreCommands(caller.said()), caller.said());
        assertEquals(2, typed("--json"));
        JsonObject status = JsonParser.parseString(caller.said()).getAsJsonObject();
        assertEquals("not ready", status.get("problems").getAsJsonArray().get(0).getAsJsonObject().get("weight").getAsString());
        assertEquals(2, status.get("refusedLastDay").getAsJsonObject().get("invalid").getAsInt());
        assertEquals(1, status.get("received").getAsJsonObject().get("lastMinute").getAsInt());
        assertEquals(3, status.get("deadLetters").getAsInt());
        assertEquals(12, status.get("handlers").getAsJsonArray().get(1).getAsJsonObject().get("lag").getAsInt());
        assertEquals(1, status.get("listeners").getAsJsonArray().get(0).getAsJsonObject().get("droppedLastDay").getAsInt());
        assertEquals("/var/lib/bolide", status.get("base").getAsString());
        assertEquals(71_000_000, status.get("log").getAsJsonObject().get("diskBytes").getAsLong());
    }

    private int assertHintsAreCommands(String screen) {
        List<String> hints = HINT.matcher(screen).results().map(hint -> hint.group(1)).toList();
        for (String hint : hints) {
            String[] words = hint.split(" ", 2);
            Grammar grammar = new Commands(services).all().stream().map(Command::grammar).filter(each -> each.name().equals(words[0])).findFirst().orElseThrow(
                    () -> new AssertionError("no command: " + hint));
            assertTrue(words.length == 1 || grammar.form(words[1]).isPresent(), hint);
        }
        return hints.size();
    }

    @Test
    void shouldSayWhatDoesNotRun() throws Exception {
        assertEquals(2, typed());
        assertEquals("""
                Bolide     is starting
                Process    4711 on Java 17.0.15, heap 120 MB of 512 MB, in /var/lib/bolide
                NOT READY  log: the event log does not run, so no event is taken or sent: the log file says why
                Events     not known: the event log does not run
                Refused    not known: the broker does not run
                Clients    nobody can connect: neither --receive nor --broadcast, and nothing of that kind in etc
                Handlers   not known: the broker does not run
                Streams    not known: the bundle org.bolide.watch does not run
                Log        not known: the event log does not run
                """, caller.said());
        assertEquals(2, typed("--json"));
        assertTrue(JsonParser.parseString(caller.said()).getAsJsonObject().get("log").isJsonNull());
    }

    @Test
    void shouldSayThatNoBrokerRuns() throws Exception {
        services.with(new Run(now, OptionalLong.of(17)));
        assertEquals(3, typed());
        assertEquals("", caller.said());
    }

    @Test
    void shouldEndWith1IfThereAreWarningsOnly() throws Exception {
        runWell();
        services.with((HealthCheck) () -> List.of(new Problem(Weight.WARNING, "x", "y", Optional.empty(), Optional.empty())));
        assertEquals(1, typed());
    }

    @Test
    void shouldSayThatACheckFails() throws Exception {
        runWell();
        services.with(new Broken());
        assertEquals(1, typed());
        assertTrue(caller.said().contains("Warning    Broken: cannot tell whether all is in order: java.lang.IllegalStateException: gone\n"), caller.said());
    }

    private record Broken() implements HealthCheck {
        @Override
        public List<Problem> problems() {
            throw new IllegalStateException("gone");
        }
    }

    private static Lanes.LaneStatus lane(String name, Lanes.State state, long lag, Optional<String> failure) {
        return new Lanes.LaneStatus(name, "org.bolide.handler.x 1.0.0", state, 100, lag, 1_234, 0, 0, 0, Optional.empty(), failure);
    }

    private DeadLetter letter(String handler, long id) {
        return new DeadLetter(id, handler, id, Optional.empty(), ByteBuffer.allocate(0), "why", 11, now);
    }

    private Streams.StreamStatus stream(String name, long secondsAgo, boolean silent) {
        return new Streams.StreamStatus(Streams.Kind.STREAM, name, 100, 7, now.minusSeconds(secondsAgo), Optional.empty(), OptionalDouble.of(24),
                Optional.of(Duration.ofHours(3)), silent);
    }

    private record Known(List<StreamStatus> streams) implements Streams {
        @Override
        public boolean forget(Kind kind, String name) {
            throw new AssertionError("not asked for");
        }
    }

    private record Handlers(List<LaneStatus> lanes) implements Lanes {

        @Override
        public void pause(String handler) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void resume(String handler) {
            throw new AssertionError("not asked for");
        }

        @Override
        public long move(String handler, ReaderSpec.Start to) {
            throw new AssertionError("not asked for");
        }

        @Override
        public OptionalLong skip(String handler) {
            throw new AssertionError("not asked for");
        }
    }

    private record Dead(List<DeadLetter> letters) implements DeadLetters {

        @Override
        public List<DeadLetter> list(long afterId, int max) {
            return letters.stream().filter(letter -> letter.id() > afterId).limit(max).toList();
        }

        @Override
        public Optional<DeadLetter> find(long id) {
            throw new AssertionError("not asked for");
        }

        @Override
        public Outcome retry(long id) {
            throw new AssertionError("not asked for");
        }

        @Override
        public boolean drop(long id) {
            throw new AssertionError("not asked for");
        }
    }

    private record Log() implements LogMaintenance {

        @Override
        public LogState state() {
            return new LogState("SQLite", "/nowhere/eventlog", 20_000, Optional.of(Instant.parse("2026-04-20T12:00:00Z")),
                    Optional.of(5811L), Optional.of(Instant.parse("2026-03-20T12:00:00Z")), 14_190, 55_000_000, 71_000_000, 3_400_000, true);
        }

        @Override
        public LogFindings check(Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public long backup(Path file, Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public long compact(Progress progress) {
            throw new AssertionError("not asked for");
        }

        @Override
        public LogCopy migrate(Database target, Progress progress) {
            throw new AssertionError("not asked for");
        }
    }
}
