package org.bolide.web.watch;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

import com.google.gson.JsonObject;
import org.bolide.testkit.MemoryBroker;
import org.bolide.testkit.SampleEvents;
import org.bolide.web.http.TestPage;
import org.bolide.web.watch.Browser.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(120)
class WatchEndpointTest {

    private static final String WATCH = "/api/v1/watch";

    @TempDir
    Path etc;

    private final MemoryBroker broker = new MemoryBroker();
    private final FilterLanguages languages = new FilterLanguages();
    private final TestLanguage xpath = new TestLanguage();
    private FilterBook book;
    private Watchers watchers;
    private TestPage page;
    private int count;

    @BeforeEach
    void open() throws Exception {
        languages.put("xpath", xpath);
        book = new FilterBook(broker, languages, new RemoteSubscriptions(etc, Set::of), Runnable::run, InstantSource.system(), 100);
        start(new Watchers.Limits(10, 2, 15_000, 120_000));
    }

    private void start(Watchers.Limits limits) throws Exception {
        watchers = new Watchers(broker, book, limits);
        page = new TestPage().with("/watch", new WatchEndpoint(watchers)).start();
    }

    private void restart(Watchers.Limits limits) throws Exception {
        close();
        start(limits);
    }

    @AfterEach
    void close() {
        watchers.close();
        page.close();
    }

    private String register(String name, String text) throws Exception {
        return book.register(new FilterBook.Wish(name, "xpath", text, Optional.empty()));
    }

    private long append(String text) {
        return broker.append(SampleEvents.event("ivo://test.author/watch#" + ++count).description(text).bytes()).sequence();
    }

    private Browser browse(String query, String... headers) throws Exception {
        Browser browser = Browser.open(page.port(), WATCH + query, headers);
        assertEquals(200, browser.status());
        await().until(() -> !browser.lastId().isEmpty());
        return browser;
    }

    @Test
    void shouldSendWhatPassesAndSayWhichFilters() throws Exception {
        register("swift", "Swift");
        register("gamma", "gamma");
        append("Swift, before anybody watched");
        try (Browser browser = browse("?filter=swift&filter=gamma")) {
            assertTrue(browser.head().contains("text/event-stream"), browser.head());
            assertEquals("1", browser.lastId(), "it knows where it begins");
            append("radio");
            long both = append("Swift saw gamma rays");
            Message message = browser.take();
            assertEquals("alerts", message.type());
            assertEquals(List.of(both), message.sequences());
            assertEquals("[\"swift\",\"gamma\"]", event(message).get("filters").toString());
            assertEquals("ivo://test.author/watch#3", event(message).get("identifier").getAsString());
            assertEquals(both, message.data().get("place").getAsLong());
            assertEquals(Long.toString(both), message.id());
            long one = append("gamma rays");
            assertEquals("[\"gamma\"]", event(browser.take()).get("filters").toString());
            assertEquals(Long.toString(one), browser.lastId());
        }
    }

    private static JsonObject event(Message message) {
        return message.data().get("events").getAsJsonArray().get(0).getAsJsonObject();
    }

    @Test
    void shouldSendAllWhereNoFilterIsNamed() throws Exception {
        try (Browser browser = browse("")) {
            append("a");
            append("b");
            assertEquals(List.of(1L, 2L), browser.take(2));
        }
    }

    @Test
    void shouldTellNobodyMoreThanFourTimesASecond() throws Exception {
        try (Browser browser = browse("")) {
            List<Message> messages = new ArrayList<>();
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            long last = 0;
            while (System.nanoTime() < end) {
                last = append("one of many");
                if (browser.hasNothingFor(Duration.ofMillis(1))) {
                    continue;
                }
                messages.add(browser.take());
            }
            while (messages.isEmpty() || messages.get(messages.size() - 1).data().get("place").getAsLong() < last) {
                messages.add(browser.take());
            }
            assertEquals(LongStream.rangeClosed(1, last).boxed().toList(), messages.stream().flatMap(message -> message.sequences().stream()).toList());
            double seconds = (messages.get(messages.size() - 1).nanos() - messages.get(0).nanos()) / 1e9;
            assertTrue((messages.size() - 1) / seconds <= 4.1, messages.size() + " updates in " + seconds + " s");
            assertTrue(messages.size() >= 5, "and still every second several times: " + messages.size());
        }
    }

    @Test
    void shouldGoOnWithoutGapAndRepetition() throws Exception {
        register("odd", "odd");
        List<Long> expected = new ArrayList<>();
        List<Long> seen = new ArrayList<>();
        String place = "0";
        for (int round = 0; round < 4; round++) {
            for (int i = 0; i < 300; i++) {
                long sequence = append(i % 3 == 0 ? "odd" : "even");
                if (i % 3 == 0) {
                    expected.add(sequence);
                }
            }
            try (Browser browser = browse("?filter=odd", "Last-Event-ID: " + place)) {
                // It is lost in the middle of what it is being sent.
                seen.addAll(browser.take(1));
                place = Long.toString(seen.get(seen.size() - 1));
                if (round == 3) {
                    seen.addAll(browser.take(expected.size() - seen.size()));
                }
            }
        }
        assertEquals(expected, seen);
    }

    @Test
    void shouldOnlyDescribeItselfWhereNoBodyIsAskedFor() throws Exception {
        TestPage.Answer answer = page.send(page.request(WATCH).method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertEquals("text/event-stream;charset=utf-8", answer.header("Content-Type"));
        assertEquals(0, watchers.watching());
    }

    @Test
    void shouldBeginWhereTheAddressSays() throws Exception {
        append("a");
        append("b");
        try (Browser browser = browse("?after=1")) {
            assertEquals(List.of(2L), browser.take(1));
        }
        try (Browser browser = browse("?after=1", "Last-Event-ID: 2")) {
            assertEquals("2", browser.lastId(), "where it was goes before where it began");
        }
        try (Browser browser = browse("?after=99")) {
            append("c");
            assertEquals(List.of(3L), browser.take(1), "another log than it was");
        }
        assertEquals(400, page.get(WATCH + "?after=x").status());
    }

    @Test
    void shouldTellHowManyEventsExpiredBeforeIt() throws Exception {
        register("b", "beta");
        append("a");
        append("a");
        append("a");
        broker.expire(2);
        try (Browser browser = browse("?filter=b", "Last-Event-ID: 0")) {
            Message message = browser.take();
            assertEquals(2, message.data().get("missed").getAsLong());
            assertEquals(List.of(), message.sequences());
            append("beta");
            assertFalse(browser.take().data().has("missed"));
        }
    }

    @Test
    void shouldTellWhenAFilterIsTakenAway() throws Exception {
        String key = register("a", "alpha");
        register("bad", "costly beta");
        try (Browser browser = browse("?filter=a&filter=bad&filter=none")) {
            Message none = browser.take();
            assertEquals("filter", none.type());
            assertEquals("{\"name\":\"none\",\"fault\":\"there is no filter of this name any more\"}", none.data().toString());
            append("beta");
            Message bad = browser.take();
            assertEquals("bad", bad.data().get("name").getAsString());
            assertTrue(bad.data().get("fault").getAsString().startsWith("costs too much"), bad.toString());
            long last = append("alpha and beta");
            assertEquals(List.of(last), browser.take().sequences());
            book.delete("a", Optional.of(key), false);
            assertEquals("a", browser.take().data().get("name").getAsString());
            await("nothing is left to watch").until(browser::isEnded);
        }
        assertEquals(404, page.get(WATCH + "?filter=a").status());
        assertEquals("there is no filter \"a\"", page.get(WATCH + "?filter=a&filter=none").error());
    }

    @Test
    void shouldWaitForALanguageAndMissNothing() throws Exception {
        register("a", "a");
        languages.remove("xpath", xpath);
        book.languagesChanged();
        try (Browser browser = browse("?filter=a")) {
            append("a");
            assertTrue(browser.hasNothingFor(Duration.ofMillis(500)));
            languages.put("xpath", xpath);
            book.languagesChanged();
            assertEquals(List.of(1L), browser.take(1));
        }
    }

    @Test
    void shouldBoundHowManyWatch() throws Exception {
        List<Browser> open = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            open.add(browse(""));
        }
        TestPage.Answer answer = page.get(WATCH);
        assertEquals(503, answer.status());
        assertTrue(answer.error().contains("maxWatchers"), answer.error());
        open.forEach(Browser::close);
        await("an event shows that they have gone").until(() -> {
            append("x");
            return watchers.watching() == 0;
        });
        assertEquals(0, broker.openReaders());
        browse("").close();
    }

    @Test
    void shouldNoticeByASignOfLifeThatABrowserHasGone() throws Exception {
        restart(new Watchers.Limits(10, 2, 100, 120_000));
        try (Browser stays = browse("")) {
            browse("").close();
            await().until(() -> watchers.watching() == 1);
            assertEquals(1, broker.openReaders());
            await().until(() -> stays.signs() >= 2);
            register("none", "nothing");
        }
        try (Browser browser = browse("?filter=none")) {
            append("something else");
            await("the place moves on").until(() -> browser.lastId().equals("1"));
        }
    }

    @Test
    void shouldHoldNothingBackForABrowserThatReadsSlowly() throws Exception {
        try (Socket asleep = Browser.asleep(page.port(), WATCH); Browser awake = browse("")) {
            for (int i = 0; i < 2_000; i++) {
                appendLong();
            }
            assertEquals(2_000, awake.take(2_000).size());
            // What is sent to the sleeper fills the network's buffers; the rest stays in the log.
            byte[] buffer = new byte[1 << 16];
            StringBuilder text = new StringBuilder();
            asleep.setSoTimeout(20_000);
            while (text.indexOf("\"sequence\":2000,") < 0) {
                int length = asleep.getInputStream().read(buffer);
                text.append(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
                text.delete(0, Math.max(0, text.length() - (1 << 17)));
            }
        }
    }

    /** An event of which much is to be told. */
    private void appendLong() {
        broker.append(SampleEvents.event("ivo://test.author/" + "long".repeat(1_000) + "#" + ++count).bytes());
    }

    @Test
    void shouldLeaveABrowserThatTakesNothingAnyMore() throws Exception {
        restart(new Watchers.Limits(10, 2, 100, 500));
        try (Socket asleep = Browser.asleep(page.port(), WATCH)) {
            await().until(() -> watchers.watching() == 1);
            for (int i = 0; i < 5_000; i++) {
                appendLong();
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> watchers.watching() == 0);
            assertEquals(0, broker.openReaders());
            assertTrue(asleep.isConnected());
        }
    }

    @Test
    void shouldEndAllWhenItIsClosed() throws Exception {
        try (Browser one = browse(""); Browser other = browse("")) {
            watchers.close();
            await().until(() -> one.isEnded() && other.isEnded());
            assertEquals(0, broker.openReaders());
            assertEquals(503, page.get(WATCH).status());
        }
    }
}
