package org.bolide.shell.command;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.bolide.api.EventIntake;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.Submission;

/**
 * One import: takes events from files into the log, as if their authors sent them. Many are on their way at
 * once, in the order of the files. What the broker cannot take just now is offered again, behind nothing that came later.
 */
final class EventImport {

    /** A fraction of what the intake lets wait, so that authors and other brokers have room beside an import. */
    private static final int WINDOW = 1_000;
    private static final long WINDOW_BYTES = 16L << 20;
    private static final long PAUSE_MILLIS = 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MAX_REASONS = 12;

    private static final AtomicLong IMPORTS = new AtomicLong();

    private record Offer(String name, byte[] event, CompletableFuture<Receipt> receipt) {}

    private final EventIntake intake;
    private final boolean quiet;
    private final String connection = "import-" + IMPORTS.incrementAndGet();
    private final Deque<Offer> waiting = new ArrayDeque<>();
    private final Map<String, Reason> reasons = new LinkedHashMap<>();
    private long waitingBytes;
    /** Since when nothing has been taken; 0 while things move. */
    private long stuckSince;
    private long accepted;
    private long duplicate;
    private long refused;
    private ProgressLine progress;
    private EventFiles files;

    /** What events were refused for: how many, and the first of them. */
    private static final class Reason {
        private final String text;
        private final String first;
        private long events;

        Reason(String text, String first) {
            this.text = text;
            this.first = first;
        }
    }

    /** @param quiet whether the events only enter the log, and nobody is told of them */
    EventImport(EventIntake intake, boolean quiet) {
        this.intake = intake;
        this.quiet = quiet;
    }

    /** Takes everything in; to be called once. The status is 1 if any event was refused. */
    int run(List<String> operands, Call call) throws Refusal, InterruptedException {
        Caller caller = call.caller();
        files = new EventFiles(caller);
        try (ProgressLine line = new ProgressLine(caller)) {
            progress = line;
            files.read(operands, this::take);
            while (!waiting.isEmpty()) {
                settle();
            }
            line.clear();
            call.done(summary(line.seconds()));
            reasons(caller);
        } catch (Refusal e) {
            caller.err().println(summary(progress.seconds()));
            reasons(caller);
            throw e;
        }
        return refused > 0 ? Refusal.FAILED : 0;
    }

    private void take(String name, byte[] event) throws Refusal, InterruptedException {
        while (!waiting.isEmpty() && (waiting.size() >= WINDOW || waitingBytes + event.length > WINDOW_BYTES)) {
            settle();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        waitingBytes += event.length;
        waiting.add(new Offer(name, event, submit(event)));
        progress.show(() -> (files.size() > 0 ? "%d %%, ".formatted(100 * files.consumed() / files.size()) : "")
                + counts() + ", %,.0f/s".formatted((accepted + duplicate + refused) / progress.seconds()));
    }

    private CompletableFuture<Receipt> submit(byte[] event) {
        Submission submission = Submission.fromAuthor(ByteBuffer.wrap(event), "import").on(connection);
        return intake.submit(quiet ? submission.quietly() : submission).toCompletableFuture();
    }

    /** Waits for the oldest receipt. */
    private void settle() throws Refusal, InterruptedException {
        Offer offer = waiting.peek();
        Receipt receipt = get(offer.receipt);
        if (receipt.status() == Status.UNAVAILABLE) {
            offerAgain(receipt.reason());
            return;
        }
        stuckSince = 0;
        waiting.remove();
        waitingBytes -= offer.event.length;
        switch (receipt.status()) {
            case ACCEPTED -> accepted++;
            case DUPLICATE -> duplicate++;
            default -> {
                refused++;
                reasons.computeIfAbsent(kind(receipt.reason()), kind -> new Reason(receipt.reason(), offer.name)).events++;
            }
        }
    }

    /** Waits until all that is on its way is decided, and offers anew what was not taken, so that the order stays. */
    private void offerAgain(String reason) throws Refusal, InterruptedException {
        List<Offer> offers = new ArrayList<>(waiting);
        boolean moves = false;
        for (Offer offer : offers) {
            moves |= get(offer.receipt).status() != Status.UNAVAILABLE;
        }
        if (moves || stuckSince == 0) {
            stuckSince = System.nanoTime();
        } else if (System.nanoTime() - stuckSince > PATIENCE_NANOS) {
            throw new Refusal("The broker takes no events now: " + Screen.line(reason)
                    + ".\nImport the same again later: what it has, it knows.");
        }
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        waiting.clear();
        for (Offer offer : offers) {
            boolean taken = get(offer.receipt).status() != Status.UNAVAILABLE;
            waiting.add(taken ? offer : new Offer(offer.name, offer.event, submit(offer.event)));
        }
    }

    private static Receipt get(CompletableFuture<Receipt> receipt) throws InterruptedException {
        try {
            return receipt.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the intake promises a receipt", e);
        }
    }

    /** Where a fault is, and what the event says there, differs from event to event. */
    private static String kind(String reason) {
        return reason.replaceAll("(?:line \\d+, column \\d+: ?)", "").replaceAll("\"[^\"]*\"|'[^']*'", "\"\"").replaceAll("\\d+", "0");
    }

    private String counts() {
        return "%,d accepted, %,d duplicate, %,d refused".formatted(accepted, duplicate, refused);
    }

    private String summary(double seconds) {
        return Screen.count(accepted + duplicate + refused, "event") + ": " + counts()
                + ", in %,.1f s".formatted(seconds) + (quiet ? ", quietly." : ".");
    }

    private void reasons(Caller caller) {
        if (reasons.isEmpty()) {
            return;
        }
        Table table = new Table(">Refused", "Why, and the first of them");
        reasons.values().stream().sorted((a, b) -> Long.compare(b.events, a.events)).limit(MAX_REASONS).forEach(reason -> table.row(
                Screen.number(reason.events), Screen.line(reason.text + " (" + reason.first + ")")));
        table.print(caller.out());
        if (reasons.size() > MAX_REASONS) {
            caller.out().println("and for " + Screen.count(reasons.size() - MAX_REASONS, "other reason"));
        }
    }
}
