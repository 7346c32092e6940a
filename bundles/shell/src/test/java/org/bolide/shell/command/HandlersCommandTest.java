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
import java.util.OptionalLong;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import org.bolide.api.Outcome;
import org.bolide.api.ReaderSpec.Start;
import org.bolide.api.management.Lanes;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HandlersCommandTest {

    private static final Instant NOW = Instant.parse("2026-04-20T12:00:00Z");

    private final FewLanes lanes = new FewLanes();
    private final TestServices services = new TestServices().with(lanes);

    /** Three lanes; notes what is asked for. */
    static final class FewLanes implements Lanes {

        final List<String> acts = new ArrayList<>();
        List<LaneStatus> all = List.of(
                new LaneStatus("save-event", "org.bolide.handler.saveevent 1.0.0", State.RUNNING, 1234, 0, 1200, 34, 0, 0,
                        Optional.of(new LastCall(Outcome.DONE, 1234, NOW.minusSeconds(12))), Optional.empty()),
                new LaneStatus("alert", "org.bolide.handler.exec 1.0.0", State.RETRYING, 1230, 4, 11, 0, 3, 1,
                        Optional.of(new LastCall(Outcome.RETRY, 1231, NOW.minusSeconds(3))), Optional.of("exit status 1:\u001b[2J no route")),
                new LaneStatus("chat", "org.example.chat 2.1.0", State.PAUSED, 10, 1224, 0, 0, 0, 0, Optional.empty(), Optional.empty()));

        private void act(String what, String handler) {
            if (handler.equals("disk")) {
                throw new UncheckedIOException(new IOException("disk full"));
            } else if (all.stream().noneMatch(lane -> lane.handler().equals(handler))) {
                throw new IllegalArgumentException("no handler is called \"" + handler + "\"");
            }
            acts.add(what + " " + handler);
        }

        @Override
        public List<LaneStatus> lanes() {
            return all;
        }

        @Override
        public void pause(String handler) {
            act("pause", handler);
        }

        @Override
        public void resume(String handler) {
            act("resume", handler);
        }

        @Override
        public long move(String handler, Start to) {
            act("move to " + to + " of", handler);
            return 41;
        }

        @Override
        public OptionalLong skip(String handler) {
            act("skip", handler);
            return handler.equals("alert") ? OptionalLong.of(1231) : OptionalLong.empty();
        }
    }

    private String type(String... words) throws Refusal, InterruptedException {
        TestCaller caller = new TestCaller(Path.of("/"));
        assertEquals(0, caller.type(services, Clock.fixed(NOW, ZoneOffset.UTC), words));
        return caller.said();
    }

    @Test
    void shouldShowEachHandlerAndWhatCanBeDone() throws Exception {
        assertEquals("""
                State     Place    Lag  Handled  Disc.  Retries  Dead  Last call   Handler, bundle
                running   1,234      0    1,200     34        0     0  done, 12 s  save-event, saveevent 1.0.0
                retrying  1,230      4       11      0        3     1  retry, 3 s  alert, exec 1.0.0
                paused       10  1,224        0      0        0     0  -           chat, org.example.chat 2.1.0

                alert: holds an event and tries it again: exit status 1:�[2J no route. "handlers skip alert" makes
                the event a dead letter now.

                chat: paused. "handlers resume chat" has it go on.
                """, type("handlers"));
        JsonArray json = JsonParser.parseString(type("handlers", "list", "--json")).getAsJsonArray();
        assertEquals("retry", json.get(1).getAsJsonObject().get("lastOutcome").getAsString());
        assertEquals("org.bolide.handler.exec 1.0.0", json.get(1).getAsJsonObject().get("bundle").getAsString());
        lanes.all = List.of();
        assertEquals("No handler runs.\n", type("handlers"));
        assertEquals("[]\n", type("handlers", "--json"));
    }

    @Test
    void shouldDoWhatItIsTold() throws Exception {
        assertTrue(type("handlers", "pause", "alert").startsWith("alert stands still, also after a restart"));
        assertEquals("alert goes on.\n", type("handlers", "resume", "alert"));
        assertEquals("alert gives up the event 1231, which becomes a dead letter.\n", type("handlers", "skip", "alert"));
        assertEquals(List.of("pause alert", "resume alert", "skip alert"), lanes.acts);
    }

    @Test
    void shouldRewindToTheEventThatIsNamed() throws Exception {
        assertEquals("alert goes on after the sequence 41.\n", type("handlers", "rewind", "alert", "--to=42"));
        assertEquals("chat goes on after the sequence 41, when it is resumed.\n", type("handlers", "rewind", "--to=2026-03-20T12:00", "chat"));
        type("handlers", "rewind", "--to", "earliest", "chat");
        type("handlers", "rewind", "--to", "latest", "chat");
        assertEquals(List.of("move to After[sequence=41] of alert", "move to Since[time=2026-03-20T12:00:00Z] of chat",
                "move to Earliest[] of chat", "move to Latest[] of chat"), lanes.acts);
        assertEquals(Refusal.USAGE, assertThrows(Refusal.class, () -> type("handlers", "rewind", "chat")).status());
        assertEquals(Refusal.USAGE, assertThrows(Refusal.class, () -> type("handlers", "rewind", "--to=yesterday", "chat")).status());
        assertEquals(4, lanes.acts.size());
    }

    @Test
    void shouldSayWhyNothingWasDone() {
        assertEquals("no handler is called \"nobody\"", assertThrows(Refusal.class, () -> type("handlers", "pause", "nobody")).getMessage());
        assertEquals("The log cannot be read or written: disk full", assertThrows(Refusal.class, () -> type("handlers", "pause", "disk")).getMessage());
        assertEquals("save-event tries no event again just now: there is nothing to skip.",
                assertThrows(Refusal.class, () -> type("handlers", "skip", "save-event")).getMessage());
    }
}
