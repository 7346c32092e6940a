package org.bolide.web.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.google.gson.JsonObject;
import org.bolide.api.KeptState;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.web.http.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FilterBookTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir
    Path etc;

    private final MemoryBroker broker = new MemoryBroker();
    private final FilterLanguages languages = new FilterLanguages();
    private final TestLanguage xpath = new TestLanguage();

    @AfterEach
    void close() {
        broker.close();
    }

    private FilterBook open() {
        return open(broker);
    }

    /** What may take its time is done at once here. */
    private FilterBook open(KeptState state) {
        return new FilterBook(state, languages, new RemoteSubscriptions(etc, Set::of), Runnable::run, InstantSource.fixed(NOW), 3);
    }

    private static FilterBook.Wish wish(String name, String text) {
        return new FilterBook.Wish(name, "xpath", text, Optional.empty());
    }

    private static String refused(org.junit.jupiter.api.function.Executable act) {
        return assertThrows(Refusal.class, act).getMessage();
    }

    @Test
    void shouldKeepFiltersAcrossARestart() throws Exception {
        languages.put("xpath", xpath);
        String key = open().register(new FilterBook.Wish("swift", "xpath", "Swift", Optional.of(RemoteBroker.parse("[::1]:7"))));
        FilterBook again = open();
        LiveFilter live = again.find("swift").orElseThrow();
        assertEquals("Swift", live.expression().orElseThrow().text());
        assertEquals(NOW, live.filter().createdAt());
        assertEquals(Optional.of(new RemoteBroker("::1", 7)), live.filter().remote());
        assertFalse(broker.read(FilterBook.KIND).toString().contains(key), "the key itself is nowhere");
        again.delete("swift", Optional.of(key), false);
        assertEquals(Optional.empty(), open().find("swift"));
    }

    @Test
    void shouldDeleteOnlyWithTheKeyOrForAnAdmin() throws Exception {
        languages.put("xpath", xpath);
        FilterBook book = open();
        book.register(wish("a", "A"));
        String other = book.register(wish("b", "B"));
        assertTrue(refused(() -> book.delete("a", Optional.empty(), false)).contains("by its key"));
        assertEquals("this is not the key of the filter \"a\"", refused(() -> book.delete("a", Optional.of(other), false)));
        book.delete("a", Optional.empty(), true);
        assertEquals("there is no filter \"a\"", refused(() -> book.delete("a", Optional.empty(), true)));
        assertTrue(book.find("b").isPresent());
    }

    @Test
    void shouldRefuseWhatIsWrongTakenOrTooMuch() throws Exception {
        languages.put("xpath", xpath);
        FilterBook book = open();
        Refusal wrong = assertThrows(Refusal.class, () -> book.register(wish("wrong", "ab!")));
        assertEquals("! is not expected here", wrong.getMessage());
        assertTrue(refused(() -> book.register(wish("../a", "A"))).contains("1 to 64"));
        assertTrue(refused(() -> book.register(wish("x".repeat(65), "A"))).contains("1 to 64"));
        assertEquals("no filter language is called \"xquery\"; there is xpath",
                refused(() -> book.register(new FilterBook.Wish("q", "xquery", "A", Optional.empty()))));
        book.register(wish("a", "A"));
        assertTrue(refused(() -> book.register(wish("a", "B"))).contains("already"));
        book.register(wish("b", "A"));
        book.register(wish("c", "A"));
        assertTrue(refused(() -> book.register(wish("d", "A"))).contains("maxFilters"));
        assertEquals(Set.of("a", "b", "c"), broker.read(FilterBook.KIND).keySet());
    }

    @Test
    void shouldTakeAFilterAwayThatOverranForGood() throws Exception {
        languages.put("xpath", xpath);
        FilterBook book = open();
        int[] changes = {0};
        book.listen(() -> changes[0]++);
        book.register(wish("bad", "costly Swift"));
        LiveFilter live = book.find("bad").orElseThrow();
        live.expression().orElseThrow().matches(broker.append(SampleEvents.swift()));
        book.overran(live);
        book.overran(live);
        assertEquals(2, changes[0], "registered, taken away");
        assertTrue(book.find("bad").orElseThrow().isLost());
        assertTrue(book.find("bad").orElseThrow().fault().orElseThrow().startsWith("costs too much"));
        book.languagesChanged();
        assertTrue(book.find("bad").orElseThrow().isLost());
        LiveFilter after = open().find("bad").orElseThrow();
        assertTrue(after.isLost() && after.expression().isEmpty(), "after a restart, too");
    }

    @Test
    void shouldWaitForItsLanguage() throws Exception {
        languages.put("xpath", xpath);
        open().register(wish("a", "A"));
        languages.remove("xpath", xpath);
        FilterBook book = open();
        assertTrue(book.find("a").orElseThrow().isWaiting());
        assertEquals("waits: no filter language is called \"xpath\"; there is none just now", book.find("a").orElseThrow().fault().orElseThrow());
        long before = book.version();
        languages.put("xpath", xpath);
        book.languagesChanged();
        assertTrue(book.version() > before);
        assertTrue(book.find("a").orElseThrow().expression().isPresent());
    }

    @Test
    void shouldSayWhatIsWrongWithAFilterThatAnotherVersionTook() {
        JsonObject kept = new JsonObject();
        kept.addProperty("language", "xpath");
        kept.addProperty("text", "ab!");
        kept.addProperty("createdAt", NOW.toString());
        kept.addProperty("keyDigest", "x");
        broker.write(FilterBook.KIND, Map.of("old", Optional.of(kept.toString()), "broken", Optional.of("{")));
        languages.put("xpath", xpath);
        FilterBook book = open();
        assertEquals("cannot be used any more: ! is not expected here", book.find("old").orElseThrow().fault().orElseThrow());
        assertEquals(1, book.all().size());
    }

    @Test
    void shouldSubscribeToTheRemoteBrokerAndLeaveItWithTheFilter() throws Exception {
        languages.put("xpath", xpath);
        FilterBook book = open();
        String key = book.register(new FilterBook.Wish("far", "xpath", "Swift", Optional.of(RemoteBroker.parse("voevent.example.org"))));
        assertEquals(1, files());
        book.delete("far", Optional.of(key), false);
        assertEquals(0, files());
    }

    @Test
    void shouldRegisterNothingWhereItCannotSubscribe() throws Exception {
        languages.put("xpath", xpath);
        Files.delete(etc);
        Files.writeString(etc, "no folder");
        FilterBook book = open();
        String why = refused(() -> book.register(new FilterBook.Wish("far", "xpath", "Swift", Optional.of(RemoteBroker.parse("voevent.example.org")))));
        assertTrue(why.startsWith("the broker cannot subscribe to voevent.example.org:8099: "), why);
        assertEquals(0, book.all().size());
        assertEquals(Map.of(), broker.read(FilterBook.KIND));
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(etc)) {
            return files.count();
        }
    }
}
