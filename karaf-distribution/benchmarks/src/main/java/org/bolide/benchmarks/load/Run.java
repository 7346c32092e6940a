package org.bolide.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;

import org.bolide.benchmarks.load.Ledger.End;

/** A load; {@link #against} puts it on a broker, any number of times. */
final class Run {

    private final Events events;
    private final AuthorPlan authors;
    private final CrowdPlan subscribers;
    private final boolean heap;
    private final Duration silence;
    private final Expectation expectation;

    /**
     * Finds out which events each subscriber should get.
     *
     * @param heap whether to find out what heap each idle subscriber takes
     * @param silence after how long without a delivery it is not waited for any more
     */
    Run(Events events, AuthorPlan authors, CrowdPlan subscribers, boolean heap, Duration silence) {
        this.events = events;
        this.authors = authors;
        this.subscribers = subscribers;
        this.heap = heap;
        this.silence = silence;
        expectation = new Expectation(subscribers.filters(), events, authors.events());
    }

    /** Connects the crowd, submits, waits for the last delivery, and says what happened. */
    Outcome against(Target target) throws IOException, InterruptedException {
        events.begin(ThreadLocalRandom.current().nextInt());
        Ledger ledger = new Ledger(authors.events());
        int ordered = authors.window() > 0 ? authors.connections() : 0;
        try (Crowd crowd = new Crowd(subscribers, events, ledger, target.host(), target.broadcastPort(), expectation, ordered);
                Authors submitting = Authors.of(authors, events, ledger,
                        new Sockets(target.host(), target.receivePort(), 1))) {
            OptionalInt before = heap ? heap(target) : OptionalInt.empty();
            crowd.connect();
            int live = crowd.live();
            OptionalInt connected = heap ? heap(target) : OptionalInt.empty();
            try (Meter meter = new Meter(target.pid())) {
                AtomicReference<Meter.Reading> cost = new AtomicReference<>();
                submit(submitting);
                if (subscribers.subscribers() > 0) {
                    crowd.drain(ledger, silence, () -> cost.set(meter.read()));
                }
                cost.compareAndSet(null, meter.read());
                crowd.stop();
                double heapBytes = before.isPresent() && connected.isPresent() && live > 0
                        ? (connected.getAsInt() - before.getAsInt()) * 1024.0 / live
                        : Double.NaN;
                return outcome(ledger, submitting.wanted(), subscribers, crowd, cost.get(), heapBytes);
            }
        }
    }

    private static OptionalInt heap(Target target) throws InterruptedException {
        return target.pid().isPresent() ? Commands.liveHeapKilobytes(target.pid().getAsLong()) : OptionalInt.empty();
    }

    /** On a thread of its own: a thread that has been interrupted closes its channels. */
    private static void submit(Authors authors) throws InterruptedException, IOException {
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        Thread thread = new Thread(authors, "load-authors");
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(
                e instanceof UncheckedIOException io ? io : new IllegalStateException("the authors failed", e)));
        thread.start();
        thread.join();
        if (failure.get() instanceof UncheckedIOException io) {
            throw io.getCause();
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static Outcome outcome(Ledger ledger, int wanted, CrowdPlan plan, Crowd crowd, Meter.Reading cost,
            double heapBytes) {
        Map<String, Integer> faults = Outcome.faults(ledger, wanted);
        Map<String, Integer> notes = new LinkedHashMap<>(ledger.reasons());
        crowd.count(ledger, faults, notes);
        long last = crowd.lastDelivery();
        boolean any = plan.subscribers() > 0;
        double perSecond = last > ledger.firstSent() ? crowd.delivered() * 1e9 / (last - ledger.firstSent()) : 0;
        return new Outcome(wanted, ledger.count(End.ACKED), ledger.ackedPerSecond(), ledger.latency(), crowd.delivered(),
                any ? perSecond : Double.NaN, crowd.latency(), ledger.lateness().millis(0.99), cost, heapBytes, faults,
                notes);
    }
}
