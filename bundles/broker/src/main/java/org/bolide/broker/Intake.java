package org.bolide.broker;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.Submission;
import org.bolide.api.management.Counters;
import org.bolide.api.management.HealthCheck;
import org.bolide.api.management.Latencies;
import org.bolide.api.management.LatencyHistogram;
import org.bolide.api.management.Refusals;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.bolide.broker.EventCheck.Checked;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The front door. Threads {@code intake-N}, one for each core, check events in parallel; the {@link DurableLog} writes
 * them one after the other. What waits between the two is bounded: beyond that a submission is UNAVAILABLE at once.
 */
@Component(
        service = {EventIntake.class, Counters.class, Refusals.class, Latencies.class, HealthCheck.class},
        configurationPid = Intake.PID,
        property = "bolide.component=intake")
@Designate(ocd = Intake.Config.class)
public final class Intake implements EventIntake, Counters, Refusals, Latencies, HealthCheck {

    static final String PID = "org.bolide.broker.intake";

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long STOP_SECONDS = 10;
    /** What an event costs that waits, besides its bytes. */
    private static final int OVERHEAD = 2048;
    private static final String STOPPING = "the broker is stopping";

    @ObjectClassDefinition(
            name = "Intake",
            description = "How much may wait to be checked and written. Whoever submits more is told to try again later.")
    @interface Config {

        @AttributeDefinition(name = "Waiting events", description = "The most events that may wait.", min = "1")
        int maxWaitingEvents() default 20_000;

        @AttributeDefinition(
                name = "Waiting bytes",
                description = "The most memory for events that wait: each counts its bytes and 2 KiB.",
                min = "1")
        long maxWaitingBytes() default 64 << 20;
    }

    private final DurableLog log;
    private final EventCheck check;
    private final Clock clock;
    private final int maxWaitingEvents;
    private final long maxWaitingBytes;
    private final ThreadPoolExecutor workers;
    private final Map<String, Queue<Ticket>> lines = new ConcurrentHashMap<>();
    private final AtomicInteger waitingEvents = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Tally tally = new Tally("intake.accepted", "intake.duplicate", "intake.refused", "intake.refused.malformed", "intake.refused.unknown",
            "intake.refused.invalid", "intake.refused.rule", "intake.unavailable", "intake.faulty");
    private final LatencyHistogram admit = new LatencyHistogram();
    private final RefusalBook refusals = new RefusalBook();
    private volatile boolean stopping;

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile List<EventValidator> validators = List.of();

    @Activate
    public Intake(@Reference DurableLog log, @Reference Vocabularies vocabularies, Config config) {
        this(log, vocabularies, config.maxWaitingEvents(), config.maxWaitingBytes(), Clock.systemUTC());
    }

    Intake(DurableLog log, Vocabularies vocabularies, int maxWaitingEvents, long maxWaitingBytes, Clock clock) {
        this.log = log;
        check = new EventCheck(vocabularies, () -> validators);
        this.clock = clock;
        this.maxWaitingEvents = maxWaitingEvents;
        this.maxWaitingBytes = maxWaitingBytes;
        AtomicInteger number = new AtomicInteger();
        // One more than there are cores: one of them may be waiting for the disk.
        workers = new ThreadPoolExecutor(
                Runtime.getRuntime().availableProcessors() + 1, Runtime.getRuntime().availableProcessors() + 1,
                0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> new Thread(task, "intake-" + number.incrementAndGet()));
    }

    @Deactivate
    void stop() throws InterruptedException {
        stopping = true;
        workers.shutdown();
        if (!workers.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("{} events were not checked within {} s and get no receipt", waitingEvents.get(), STOP_SECONDS);
            workers.shutdownNow();
        }
    }

    @Override
    public SortedMap<String, Long> counters() {
        return tally.read();
    }

    @Override
    public SortedMap<String, LatencyHistogram> latencies() {
        return new TreeMap<>(Map.of("admit", admit));
    }

    @Override
    public List<Refusal> newest(int max) {
        return refusals.newest(max);
    }

    @Override
    public List<Problem> problems() {
        if (!isCrowded()) {
            return List.of();
        }
        return List.of(new Problem(Weight.WARNING, "intake",
                "%,d events with %,d bytes wait to be checked and written, and soon more are turned away; see whether the disk or the rules are slow, or one source sends too much"
                        .formatted(waitingEvents.get(), waitingBytes.get()), Optional.empty(), Optional.of("clients")));
    }

    @Override
    public boolean isCrowded() {
        return waitingEvents.get() > maxWaitingEvents / 2 || waitingBytes.get() > maxWaitingBytes / 2;
    }

    private static int cost(Submission submission) {
        return OVERHEAD + submission.content().remaining();
    }

    @Override
    public CompletionStage<Receipt> submit(Submission submission) {
        int size = cost(submission);
        int events = waitingEvents.incrementAndGet();
        long bytes = waitingBytes.addAndGet(size);
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        if (stopping || events > maxWaitingEvents || bytes > maxWaitingBytes && events > 1) {
            release(submission);
            answer(submission, receipt, unavailable(stopping
                    ? STOPPING
                    : "the broker is overloaded: %,d events and %,d bytes wait".formatted(events - 1, bytes - size)));
            return receipt;
        }
        Ticket ticket = new Ticket(submission, clock.instant(), receipt);
        lines.compute(submission.connection(), (connection, line) -> {
            Queue<Ticket> open = line == null ? new ArrayDeque<>() : line;
            open.add(ticket);
            return open;
        });
        try {
            workers.execute(() -> {
                ticket.checked = isLate(ticket) ? LATE : check.check(submission, ticket.receivedAt);
                passOn(submission.connection());
            });
        } catch (RejectedExecutionException e) {
            ticket.checked = Checked.unavailable(STOPPING);
            passOn(submission.connection());
        }
        return receipt;
    }

    /** A submission on its way; {@code checked} is set by a worker and read under the line's lock. */
    private static final class Ticket {

        private final Submission submission;
        private final Instant receivedAt;
        private final CompletableFuture<Receipt> receipt;
        private final long since = System.nanoTime();
        private volatile Checked checked;
        private CompletableFuture<Appended> appended;

        Ticket(Submission submission, Instant receivedAt, CompletableFuture<Receipt> receipt) {
            this.submission = submission;
            this.receivedAt = receivedAt;
            this.receipt = receipt;
        }
    }

    /** Hands on what stands checked at the head of a connection's line, so that its events enter the log in order. */
    private void passOn(String connection) {
        List<Ticket> passed = new ArrayList<>();
        lines.computeIfPresent(connection, (c, line) -> {
            while (!line.isEmpty() && line.peek().checked != null) {
                Ticket ticket = line.remove();
                ticket.appended = ticket.checked.event().map(event -> log.enqueue(event, ticket.since)).orElse(null);
                passed.add(ticket);
            }
            return line.isEmpty() ? null : line;
        });
        // Outside the line's lock: a receipt runs its source's code.
        boolean anyAppended = false;
        for (Ticket ticket : passed) {
            if (ticket.appended == null) {
                ticket.checked.kind().ifPresent(kind -> refused(ticket, kind));
                done(ticket, ticket.checked.refusal());
            } else {
                anyAppended = true;
                NewEvent event = ticket.checked.event().get();
                ticket.appended.whenComplete((appended, failure) -> done(ticket,
                        failure == null ? receipt(event, appended) : unavailable(reason(failure))));
            }
        }
        if (anyAppended) {
            // While nobody waits to be checked this thread has the time to write what it has checked.
            log.write(workers.getQueue().isEmpty());
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof OverloadException ? cause.getMessage() : "the event log cannot be written: " + cause.getMessage();
    }

    private static final Checked LATE = Checked.unavailable("the broker is overloaded: events wait too long");

    private boolean isLate(Ticket ticket) {
        return System.nanoTime() - ticket.since > log.maxWait().toNanos();
    }

    private Receipt receipt(NewEvent event, Appended appended) {
        if (appended.duplicate()) {
            return new Receipt(
                    Status.DUPLICATE,
                    appended.sequence(),
                    event.header().identifier(),
                    "duplicate: this broker has had the same event before");
        }
        if (!event.faults().isEmpty()) {
            tally.count("intake.faulty");
        }
        return new Receipt(Status.ACCEPTED, appended.sequence(), event.header().identifier(),
                String.join("; ", event.faults()));
    }

    private static Receipt unavailable(String reason) {
        return new Receipt(Status.UNAVAILABLE, 0, Optional.empty(), reason);
    }

    private void refused(Ticket ticket, Kind kind) {
        tally.count("intake.refused." + kind.name().toLowerCase(Locale.ROOT));
        Receipt receipt = ticket.checked.refusal();
        refusals.add(new Refusal(ticket.receivedAt, ticket.submission.source(), receipt.identifier(), ticket.submission.content().remaining(), kind,
                receipt.reason()));
    }

    private void done(Ticket ticket, Receipt result) {
        if (result.status() != Status.UNAVAILABLE) {
            admit.record(System.nanoTime() - ticket.since);
        }
        release(ticket.submission);
        answer(ticket.submission, ticket.receipt, result);
    }

    private void release(Submission submission) {
        waitingEvents.decrementAndGet();
        waitingBytes.addAndGet(-cost(submission));
    }

    private void answer(Submission submission, CompletableFuture<Receipt> receipt, Receipt result) {
        tally.count("intake." + result.status().name().toLowerCase(Locale.ROOT));
        if (result.status() != Status.REFUSED) { // its source says why, and louder
            LOG.debug("id={} position={} source={} {} {}", result.identifier().orElse("?"), result.sequence(),
                    submission.source(), result.status(), result.reason());
        }
        receipt.complete(result);
    }
}
