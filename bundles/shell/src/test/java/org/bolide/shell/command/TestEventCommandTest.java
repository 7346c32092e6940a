package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.bolide.api.Submission;
import org.bolide.api.management.Connections;
import org.bolide.api.management.Lanes.LaneStatus;
import org.bolide.api.management.Lanes.State;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The commands that send events. */
class TestEventCommandTest {

    private static final Instant NOW = Instant.parse("2026-04-20T12:00:00.250Z");

    @TempDir
    Path directory;

    private final MemoryBroker broker = new MemoryBroker();
    private final Broadcaster broadcaster = new Broadcaster();
    private final HandlersCommandTest.FewLanes lanes = new HandlersCommandTest.FewLanes();
    private final TestServices services = new TestServices().with(broker).with(broadcaster).with(lanes);
    private final TestCaller caller = new TestCaller(Path.of("/"));

    /** Subscribers as a test wants them: what each has been sent, and how far it is, follows the log's newest event. */
    private final class Broadcaster implements Connections {

        private final List<String> subscribers = new ArrayList<>();

        @Override
        public Endpoint endpoint() {
            return new Endpoint("broadcaster.x", Role.SUBSCRIBER, "127.0.0.1:8099", "ivo://test.bolide/b");
        }

        /** "quick" acknowledges, "picky" has a filter that leaves tests out, "slow" does not acknowledge, "leaving" goes. */
        @Override
        public List<Connection> connections() {
            boolean before = broker.latest() == 0;
            return subscribers.stream().filter(who -> before || !who.equals("leaving")).map(who -> new Connection(Role.SUBSCRIBER, "broadcaster.x", who, Optional.empty(),
                    true, NOW, Optional.empty(), before || who.equals("picky") ? 0 : 1, 0, 0,
                    Optional.of(new Reader(Optional.empty(), Optional.of(who.equals("slow") ? 0 : broker.latest()), 0, Optional.empty(), List.of(), Optional.empty())),
                    Optional.empty())).toList();
        }

        @Override
        public List<Departure> departures() {
            return List.of();
        }

        @Override
        public int close(String peer, String reason) {
            throw new AssertionError("not asked for");
        }
    }

    private static LaneStatus lane(String name, State state, long place) {
        return new LaneStatus(name, "x 1.0.0", state, place, 1 - place, 0, 0, 0, 0, Optional.empty(),
                state == State.RETRYING ? Optional.of("no route") : Optional.empty());
    }

    private int type(String... words) throws Refusal, InterruptedException {
        return caller.type(services, Clock.fixed(NOW, ZoneOffset.UTC), words);
    }

    @Test
    void shouldFollowTheEventToSubscribersAndHandlers() throws Exception {
        broadcaster.subscribers.addAll(List.of("quick", "picky"));
        lanes.all = List.of(lane("save-event", State.RUNNING, 1));
        assertEquals(0, type("test-event"), caller.said());
        assertEquals("""
                ivo://test.bolide/b#TestEvent-2026-04-20T12:00:00.250Z was accepted, with the sequence 1.
                Subscribers: 2 connected, 1 acknowledged it. 1 was not sent it: a filter or a relay rule leaves it
                out.
                Handlers: 1 of 1 has done with it.
                All went well.
                """, caller.said());
        Submission sent = broker.submissions().get(0);
        assertEquals(Submission.Origin.AUTHOR, sent.origin());
        assertTrue(sent.keep().isPresent());
        String event = StandardCharsets.UTF_8.decode(sent.content()).toString();
        assertTrue(event.contains("role=\"test\"") && event.contains("<AuthorIVORN>ivo://test.bolide/b</AuthorIVORN>"), event);
    }

    @Test
    void shouldSayWhoHasNotGotIt() throws Exception {
        broadcaster.subscribers.addAll(List.of("quick", "slow", "leaving"));
        lanes.all = List.of(lane("save-event", State.RUNNING, 1), lane("chat", State.PAUSED, 0), lane("alert", State.RETRYING, 0), lane("behind", State.RUNNING, 0));
        assertEquals(1, type("test-event", "--wait=1"));
        assertTrue(caller.said().contains("! The subscriber slow has not acknowledged it."), caller.said());
        assertTrue(caller.said().contains("! The subscriber leaving has gone meanwhile."), caller.said());
        assertTrue(caller.said().contains("! The handler chat has not come to it: it is paused."), caller.said());
        assertTrue(caller.said().contains("! The handler alert has not come to it: it is retrying (no route)."), caller.said());
        assertTrue(caller.said().contains("! The handler behind has not come to it: it is 1 event behind."), caller.said());
        assertTrue(caller.said().endsWith("Not all went well: 5 faults.\n"), caller.said());
    }

    @Test
    void shouldExplainWhyItIsNotTaken() {
        broker.refuse("refused by rule \"no-tests\": no tests here");
        assertTrue(assertThrows(Refusal.class, () -> type("test-event")).getMessage()
                .startsWith("The test event was refused: refused by rule \"no-tests\": no tests here.\n\"rules\" lists"));
        broker.unavailable();
        assertTrue(assertThrows(Refusal.class, () -> type("test-event")).getMessage().startsWith("The broker takes no events now: "));
    }

    @Test
    void shouldSendEventsAndTellTheReceiptForEach() throws Exception {
        Files.write(directory.resolve("swift.xml"), SampleEvents.swift());
        Files.writeString(directory.resolve("bad.xml"), "no event");
        caller.input = SampleEvents.event("ivo://test.author/x#1").bytes();
        assertEquals(1, type("send", directory + "/swift.xml", "-", directory + "/swift.xml", directory + "/bad.xml"));
        assertTrue(caller.said().replace('\n', ' ').startsWith(directory + "/swift.xml: accepted as 1, ivo://"), caller.said());
        assertTrue(caller.said().contains("standard input: accepted as 2, ivo://test.author/x#1"), caller.said());
        assertTrue(caller.said().endsWith("4 events: 2 accepted, 1 duplicate, 1 refused.\n"), caller.said());
        assertEquals(ByteBuffer.wrap(SampleEvents.swift()), broker.submissions().get(0).content());
        assertThrows(Refusal.class, () -> type("send", directory + "/absent.xml"));
    }
}
