package org.bolide.broker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.bolide.api.EventReader;
import org.bolide.api.ReaderSpec;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.bolide.api.management.Refusals.Kind;
import org.bolide.api.management.Refusals.Refusal;
import org.bolide.testkit.InMemoryEventStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IntakeTest {

    private final Fixture broker = new Fixture(new InMemoryEventStore());

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void shouldAcceptAnEventOnceItIsStored() throws Exception {
        Receipt receipt = broker.submit("<e id=\"1\"/>\n");
        assertEquals(Status.ACCEPTED, receipt.status());
        assertEquals("1", receipt.identifier().orElseThrow());
        assertEquals("<e id=\"1\"/>\n", StandardCharsets.UTF_8.decode(
                broker.store.read(receipt.sequence() - 1, 1, 1000).get(0).content()).toString());
    }

    @Test
    void shouldKnowAnEventAgainWhateverIsAroundItsRoot() {
        Receipt first = broker.submit("<e id=\"1\"/>");
        Receipt again = broker.submit("<?xml version=\"1.0\"?>\n<!-- relayed --><e id=\"1\"/>\n");
        assertEquals(Status.DUPLICATE, again.status());
        assertEquals(first.sequence(), again.sequence());
        assertEquals(Status.ACCEPTED, broker.submit("<e id=\"1\" />").status(), "one byte more inside is another event");
        assertEquals(2, broker.intake.counters().get("intake.accepted"));
        assertEquals(1, broker.intake.counters().get("intake.duplicate"));
    }

    @Test
    void shouldRefuseWithTheReason() {
        assertRefused("<e>bad</e>", "bad at line 1");
        assertRefused("no XML", "not XML");
        assertRefused("<!DOCTYPE e []><e/>", "DTD");
        assertRefused("<x:other xmlns:x=\"urn:x\"/>", "no vocabulary here reads {urn:x}other; known are {}e");
        assertRefused("<e id=\"1\" fault=\"no author\"/>", "no author");
        assertEquals(5, broker.intake.counters().get("intake.refused"));
    }

    @Test
    void shouldRememberWhatItRefusedAndCountItByKind() {
        Instant before = Instant.now();
        broker.intake.validators = List.of((candidate, submission) -> {
            throw new RefusedException("not this one");
        });
        assertRefused("<e>bad</e>", "bad at line 1");
        assertRefused("<other/>", "no vocabulary here reads other");
        assertRefused("<e id=\"3\" fault=\"no author\"/>", "no author");
        assertRefused("<e id=\"4\"/>", "not this one");
        List<Refusal> newest = broker.intake.newest(10);
        assertEquals(List.of(Kind.RULE, Kind.INVALID, Kind.UNKNOWN, Kind.MALFORMED), newest.stream().map(Refusal::kind).toList());
        assertEquals(new Refusal(newest.get(1).at(), "a test", Optional.of("3"), 29, Kind.INVALID, "no author"), newest.get(1));
        assertFalse(newest.get(3).at().isBefore(before));
        assertEquals(2, broker.intake.newest(2).size());
        for (String kind : List.of("malformed", "unknown", "invalid", "rule")) {
            assertEquals(1, broker.intake.counters().get("intake.refused." + kind), kind);
        }
    }

    @Test
    void shouldMeasureHowLongItTakesToAdmitAnEvent() throws InterruptedException {
        broker.submitNumbers(1, 3);
        assertRefused("<e>bad</e>", "bad");
        assertEquals(4, broker.intake.latencies().get("admit").read().count());
        assertEquals(3, broker.log.latencies().get("commit").read().count());
        broker.intake.stop();
        broker.submitNumbers(4, 4);
        assertEquals(4, broker.intake.latencies().get("admit").read().count(), "what is not decided is not measured");
    }

    @Test
    void shouldLetFaultsOfABrokersEventPassAndRecordThem() throws Exception {
        ByteBuffer content = ByteBuffer.wrap("<e id=\"1\" fault=\"no author\"/>".getBytes(StandardCharsets.UTF_8));
        Receipt receipt = broker.submit(Submission.fromBroker(content, "upstream"));
        assertEquals(Status.ACCEPTED, receipt.status());
        assertEquals(List.of("no author"), broker.store.read(0, 1, 1000).get(0).faults());
        assertEquals(Status.REFUSED, broker.submit(Submission.fromBroker(
                ByteBuffer.wrap("<e>bad</e>".getBytes(StandardCharsets.UTF_8)), "upstream")).status());
    }

    @Test
    void shouldAskTheValidators() {
        broker.intake.validators = List.of((candidate, submission) -> {
            if (candidate.header().identifier().equals(Optional.of("2"))) {
                throw new RefusedException("not number two");
            }
        });
        assertEquals(Status.ACCEPTED, broker.submit("<e id=\"1\"/>").status());
        assertRefused("<e id=\"2\"/>", "not number two");
    }

    @Test
    void shouldBeUnavailableWhileAValidatorCannotDecide() {
        broker.intake.validators = List.of((candidate, submission) -> {
            throw new IllegalStateException("the rules are being read");
        });
        Receipt receipt = broker.submit("<e id=\"1\"/>");
        assertEquals(Status.UNAVAILABLE, receipt.status());
        assertEquals("the rules are being read", receipt.reason());
        broker.intake.validators = List.of((candidate, submission) -> {
            throw new IllegalArgumentException("a mistake of the validator's");
        });
        assertEquals(Status.UNAVAILABLE, broker.submit("<e id=\"1\"/>").status());
        broker.intake.validators = List.of();
        assertEquals(Status.ACCEPTED, broker.submit("<e id=\"1\"/>").status());
    }

    @Test
    void shouldKeepTheOrderOfAConnectionThoughChecksTakeDifferentTime() {
        broker.intake.validators = List.of((candidate, submission) -> {
            long end = System.nanoTime() + Math.abs(candidate.header().hashCode()) % 200_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
        });
        EventReader reader = broker.log.open(ReaderSpec.from(new ReaderSpec.Start.Earliest()));
        List<CompletableFuture<Receipt>> receipts = IntStream.rangeClosed(1, 2000)
                .mapToObj(i -> broker.intake.submit(Fixture.fromAuthor(Fixture.document(i))).toCompletableFuture())
                .toList();
        CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();
        List<String> ids = new ArrayList<>();
        for (var events = reader.poll(100, 1 << 20); !events.isEmpty(); events = reader.poll(100, 1 << 20)) {
            ids.addAll(Fixture.ids(events));
        }
        assertEquals(IntStream.rangeClosed(1, 2000).mapToObj(String::valueOf).toList(), ids);
    }

    @Test
    void shouldBeUnavailableBeyondItsBound() throws InterruptedException {
        try (Fixture small = new Fixture(new InMemoryEventStore(), 10, 2)) {
            CountDownLatch hold = new CountDownLatch(1);
            small.intake.validators = List.of((candidate, submission) -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            CompletableFuture<Receipt> first = small.intake.submit(Fixture.fromAuthor("<e id=\"1\"/>")).toCompletableFuture();
            CompletableFuture<Receipt> second = small.intake.submit(Fixture.fromAuthor("<e id=\"2\"/>")).toCompletableFuture();
            Receipt third = small.submit("<e id=\"3\"/>");
            hold.countDown();
            assertEquals(Status.UNAVAILABLE, third.status());
            assertTrue(third.reason().contains("overloaded: 2 events"), third.reason());
            assertEquals(Status.ACCEPTED, first.orTimeout(10, TimeUnit.SECONDS).join().status());
            assertEquals(Status.ACCEPTED, second.orTimeout(10, TimeUnit.SECONDS).join().status());
            assertEquals(Status.ACCEPTED, small.submit("<e id=\"3\"/>").status());
        }
    }

    @Test
    void shouldSayThatItIsCrowdedBeforeItRefuses() throws InterruptedException {
        try (Fixture small = new Fixture(new InMemoryEventStore(), 10, 4)) {
            CountDownLatch hold = new CountDownLatch(1);
            small.intake.validators = List.of((candidate, submission) -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                assertFalse(small.intake.isCrowded());
                receipts.add(small.intake.submit(Fixture.fromAuthor(Fixture.document(i))).toCompletableFuture());
            }
            assertTrue(small.intake.isCrowded());
            assertTrue(small.intake.problems().get(0).text().startsWith("3 events with "), small.intake.problems().toString());
            hold.countDown();
            receipts.forEach(receipt -> assertEquals(Status.ACCEPTED, receipt.orTimeout(10, TimeUnit.SECONDS).join().status()));
            assertFalse(small.intake.isCrowded());
            assertEquals(List.of(), small.intake.problems());
        }
    }

    @Test
    void shouldCountWhatAWaitingEventCosts() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        broker.intake.validators = List.of((candidate, submission) -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        String padding = " ".repeat(1 << 20);
        for (int i = 1; i <= 80; i++) {
            receipts.add(broker.intake.submit(Fixture.fromAuthor(Fixture.document(i) + padding).on("c" + i)).toCompletableFuture());
        }
        hold.countDown();
        CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();
        assertEquals(63, receipts.stream().filter(receipt -> receipt.join().status() == Status.ACCEPTED).count(), "of 64 MiB");
    }

    @Test
    void shouldServeAllOfTwoThousandAuthorsWhoComeAtOnce() {
        List<CompletableFuture<Receipt>> receipts = IntStream.rangeClosed(1, 2000).parallel().mapToObj(i -> broker.intake
                .submit(Fixture.fromAuthor(Fixture.document(i)).on("author " + i)).toCompletableFuture()).toList();
        CompletableFuture.allOf(receipts.toArray(CompletableFuture[]::new)).orTimeout(20, TimeUnit.SECONDS).join();
        assertEquals(2000, receipts.stream().filter(receipt -> receipt.join().status() == Status.ACCEPTED).count());
    }

    @Test
    void shouldBeUnavailableWhileTheStoreFailsAndRecover() {
        broker.store.fail("the disk is full");
        Receipt receipt = broker.submit("<e id=\"1\"/>");
        assertEquals(Status.UNAVAILABLE, receipt.status());
        assertTrue(receipt.reason().contains("the disk is full"), receipt.reason());
        broker.store.mend();
        assertEquals(Status.ACCEPTED, broker.submit("<e id=\"1\"/>").status());
    }

    @Test
    void shouldBeUnavailableOnceItStops() throws InterruptedException {
        broker.intake.stop();
        Receipt receipt = broker.submit("<e id=\"1\"/>");
        assertEquals(Status.UNAVAILABLE, receipt.status());
        assertEquals("the broker is stopping", receipt.reason());
    }

    private void assertRefused(String document, String reason) {
        Receipt receipt = broker.submit(document);
        assertEquals(Status.REFUSED, receipt.status(), document);
        assertTrue(receipt.reason().contains(reason), receipt.reason());
    }
}
