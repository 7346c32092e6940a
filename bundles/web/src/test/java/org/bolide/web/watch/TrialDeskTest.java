package org.bolide.web.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.bolide.api.Explanation;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Filters;
import org.bolide.web.http.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class TrialDeskTest {

    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Instant SINCE = Instant.parse("2026-10-23T10:00:00Z");
    private static final Instant LATER = SINCE.plus(Duration.ofDays(3));

    /** Answers at once, or works until it is interrupted. */
    private static final class Engine implements Filters {

        private final AtomicInteger runs = new AtomicInteger();
        private volatile boolean isEndless;
        private volatile boolean wasInterruptedBefore;

        @Override
        public List<FilterStatus> filters() {
            return List.of();
        }

        @Override
        public Trial test(String language, String text, Instant since, int maxMatches) throws FilterSyntaxException {
            wasInterruptedBefore |= Thread.currentThread().isInterrupted();
            runs.incrementAndGet();
            switch (text) {
                case "wrong" -> throw new FilterSyntaxException("what is wrong?", 3);
                case "unreadable" -> throw new UncheckedIOException(new IOException("the disk is gone"));
                default -> {
                    try {
                        if (isEndless) {
                            new CountDownLatch(1).await(); // until it is ended
                        }
                        return new Trial(100, 7, 0, false, since, List.of());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return new Trial(10, 1, 0, false, LATER, List.of());
                    }
                }
            }
        }

        @Override
        public Optional<Explanation> explain(String language, String text, long sequence) {
            return Optional.empty();
        }
    }

    private final Engine engine = new Engine();

    private static TrialDesk.Question ask(String text) {
        return new TrialDesk.Question("xpath", text, 30);
    }

    @Test
    void shouldSayWhatCameOfIt() throws Exception {
        try (TrialDesk desk = new TrialDesk(() -> Optional.of(engine), InstantSource.fixed(NOW), 60_000)) {
            TrialDesk.Result result = desk.test(ask("//A"));
            assertTrue(result.isComplete());
            assertEquals(7, result.trial().passed());
            assertEquals("what is wrong?", assertThrows(Refusal.class, () -> desk.test(ask("wrong"))).getMessage());
            assertTrue(assertThrows(Refusal.class, () -> desk.test(ask("unreadable"))).getMessage().contains("the disk is gone"));
        }
    }

    @Test
    void shouldEndWhatTakesTooLongAndSaySinceWhenItHasLooked() throws Exception {
        engine.isEndless = true;
        try (TrialDesk desk = new TrialDesk(() -> Optional.of(engine), InstantSource.fixed(NOW), 50)) {
            TrialDesk.Result result = desk.test(ask("//A"));
            assertFalse(result.isComplete());
            assertEquals(LATER, result.trial().since());
            assertEquals(1, result.trial().passed());
            engine.isEndless = false;
            assertTrue(desk.test(ask("//A")).isComplete(), "the next one is not interrupted");
            assertFalse(engine.wasInterruptedBefore);
        }
    }

    private static CompletableFuture<String> answer(TrialDesk desk, String text) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return desk.test(ask(text)).trial().events() + " events";
            } catch (Refusal | InterruptedException e) {
                return e.getMessage();
            }
        }, task -> new Thread(task).start());
    }

    @Test
    void shouldTryOneAtATimeAndRefuseACrowd() throws Exception {
        engine.isEndless = true;
        List<CompletableFuture<String>> asked;
        try (TrialDesk desk = new TrialDesk(() -> Optional.of(engine), InstantSource.fixed(NOW), 60_000)) {
            asked = IntStream.range(0, 10).mapToObj(i -> answer(desk, "//A" + i)).toList();
            await("one of ten has no place").until(() -> asked.stream().anyMatch(CompletableFuture::isDone));
            assertEquals(1, asked.stream().filter(CompletableFuture::isDone).count());
            assertEquals(1, engine.runs.get());
        }
        List<String> answers = asked.stream().map(CompletableFuture::join).sorted().toList();
        assertEquals(1, answers.stream().filter("10 events"::equals).count(), answers::toString);
        assertEquals(1, answers.stream().filter(text -> text.startsWith("others are trying filters")).count(), answers::toString);
        assertEquals(8, answers.stream().filter(text -> text.startsWith("the page is being closed")).count(), answers::toString);
    }

    @Test
    void shouldAnswerTogetherWhoWaitsForTheSame() throws Exception {
        engine.isEndless = true;
        try (TrialDesk desk = new TrialDesk(() -> Optional.of(engine), InstantSource.fixed(NOW), 500)) {
            CompletableFuture<String> first = answer(desk, "//A");
            await().until(() -> engine.runs.get() == 1);
            List<CompletableFuture<String>> others = Stream.generate(() -> answer(desk, "//A")).limit(50).toList();
            first.join();
            engine.isEndless = false;
            others.forEach(other -> assertTrue(other.join().endsWith(" events"), other.join()));
            assertTrue(engine.runs.get() <= 5, "one for the first, one for those who waited, and for who came late: " + engine.runs.get());
        }
    }

    @Test
    void shouldSayThatNothingEvaluatesFilters() {
        try (TrialDesk desk = new TrialDesk(Optional::empty, InstantSource.fixed(NOW), 50)) {
            assertTrue(assertThrows(Refusal.class, () -> desk.test(ask("//A"))).getMessage().contains("nothing just now"));
        }
    }
}
