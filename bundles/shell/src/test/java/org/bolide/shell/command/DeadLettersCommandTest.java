package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.bolide.api.Outcome;
import org.bolide.api.management.DeadLetters;
import org.bolide.api.store.DeadLetter;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DeadLettersCommandTest {

    private final Box box = new Box();
    private final TestServices services = new TestServices().with(box);
    private final TestCaller caller = new TestCaller(Path.of("/"));

    /** Dead letters of two handlers; "alert" is well again, "chat" is not. */
    private static final class Box implements DeadLetters {

        private final SortedMap<Long, DeadLetter> letters = new TreeMap<>();

        void bury(long id, String handler) {
            letters.put(id, new DeadLetter(id, handler, 100 + id, Optional.of("ivo://test.author/x#" + id),
                    ByteBuffer.wrap(("<event>\u001b[2J\n" + id + "</event>").getBytes(StandardCharsets.UTF_8)), "no\nroute", 10,
                    Instant.parse("2026-04-20T12:00:00Z")));
        }

        @Override
        public List<DeadLetter> list(long afterId, int max) {
            return letters.tailMap(afterId + 1).values().stream().limit(max).toList();
        }

        @Override
        public Optional<DeadLetter> find(long id) {
            return Optional.ofNullable(letters.get(id));
        }

        @Override
        public Outcome retry(long id) {
            DeadLetter letter = find(id).orElseThrow(() -> new IllegalStateException("there is no dead letter " + id));
            if (!letter.handler().equals("alert")) {
                return Outcome.RETRY;
            }
            letters.remove(id);
            return Outcome.DONE;
        }

        @Override
        public boolean drop(long id) {
            return letters.remove(id) != null;
        }
    }

    private int type(String... words) throws Refusal, InterruptedException {
        caller.outBytes.reset();
        return caller.type(services, words);
    }

    @Test
    void shouldListAndShow() throws Exception {
        assertEquals(0, type("dead-letters"));
        assertEquals("There is no dead letter.\n", caller.said());
        box.bury(3, "alert");
        box.bury(7, "chat");
        type("dead-letters", "list");
        assertEquals("""
                ID  Handler  Given up (UTC)    Tries  Event, and why
                 3  alert    2026-04-20 12:00     10  ivo://test.author/x#3: no route
                 7  chat     2026-04-20 12:00     10  ivo://test.author/x#7: no route
                """, caller.said());
        type("dead-letters", "--handler=chat");
        assertEquals(2, caller.said().lines().count(), caller.said());
        type("dead-letters", "--limit=1");
        assertTrue(caller.said().endsWith("and more; --limit=NUMBER shows them\n"), caller.said());
        type("dead-letters", "show", "7");
        assertEquals("""
                Handler   chat
                Event     107, ivo://test.author/x#7
                Given up  2026-04-20 12:00:00 UTC, after 10 calls
                Why       no route

                <event>�[2J
                7</event>
                """, caller.said());
        type("dead-letters", "show", "--json", "7");
        JsonObject json = JsonParser.parseString(caller.said()).getAsJsonObject();
        assertEquals("<event>\u001b[2J\n7</event>", json.get("content").getAsString());
        assertThrows(Refusal.class, () -> type("dead-letters", "show", "8"));
    }

    @Test
    void shouldSeeMoreThanOnePage() throws Exception {
        for (long id = 1; id <= 450; id++) {
            box.bury(id, id % 3 == 0 ? "chat" : "alert");
        }
        assertEquals(1, type("dead-letters", "retry", "--all"));
        assertTrue(caller.said().endsWith("Handled 300 dead letters; 150 stay.\n"), caller.said());
        assertEquals(0, type("dead-letters", "drop", "--all", "--handler=chat"));
        assertEquals("Dropped 150 dead letters.\n", caller.said());
        assertTrue(box.letters.isEmpty());
    }

    @Test
    void shouldRetryAndDropThoseThatAreNamed() throws Exception {
        box.bury(3, "alert");
        box.bury(7, "chat");
        box.bury(8, "chat");
        assertEquals(0, type("dead-letters", "retry", "3"));
        assertEquals("Handled 1 dead letter.\n", caller.said());
        assertEquals(1, type("dead-letters", "retry", "7", "9"));
        assertEquals("""
                7: its handler has failed again; "handlers" shows why
                9: there is no dead letter 9
                Handled 0 dead letters; 2 stay.
                """, caller.said());
        assertEquals(1, type("dead-letters", "drop", "7", "9"));
        assertEquals(List.of(8L), List.copyOf(box.letters.keySet()));
        for (List<String> wrong : List.of(List.of("drop"), List.of("retry", "--all", "8"), List.of("drop", "--handler=chat", "8"), List.of("drop", "x"))) {
            String[] words = Stream.concat(Stream.of("dead-letters"), wrong.stream()).toArray(String[]::new);
            assertEquals(Refusal.USAGE, assertThrows(Refusal.class, () -> type(words), wrong.toString()).status());
        }
        assertEquals(1, box.letters.size());
    }
}
