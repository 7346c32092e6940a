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
import java.util.TreeSet;
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

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventIntake;
import org.bolide.api.EventValidator;
import org.bolide.api.MalformedEventException;
import org.bolide.api.Reading;
import org.bolide.api.Receipt;
import org.bolide.api.Receipt.Status;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.bolide.api.Vocabulary;
import org.bolide.api.management.Counters;
import org.bolide.api.store.EventStore.Appended;
import org.bolide.api.store.NewEvent;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
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
        service = {EventIntake.class, Counters.class},
        configurationPid = Intake.PID,
        property = "bolide.component=intake")
@Designate(ocd = Intake.Config.class)
public final class Intake implements EventIntake, Counters {

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

    private record Root(Vocabulary vocabulary, long serviceId) {}

    private final DurableLog log;
    private final Clock clock;
    private final int maxWaitingEvents;
    private final long maxWaitingBytes;
    private final ThreadPoolExecutor workers;
    private final Map<String, Root> roots = new ConcurrentHashMap<>();
    private final Map<String, Queue<Ticket>> lines = new ConcurrentHashMap<>();
    private final AtomicInteger waitingEvents = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final Tally tally =
            new Tally("intake.accepted", "intake.duplicate", "intake.refused", "intake.unavailable", "intake.faulty");
    private volatile boolean stopping;

    @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
    volatile List<EventValidator> validators = List.of();

    @Activate
    public Intake(@Reference DurableLog log, Config config) {
        this(log, config.maxWaitingEvents(), config.maxWaitingBytes(), Clock.systemUTC());
    }

    Intake(DurableLog log, int maxWaitingEvents, long maxWaitingBytes, Clock clock) {
        this.log = log;
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

    @Reference(cardinality = ReferenceCardinality.AT_LEAST_ONE, policy = ReferencePolicy.DYNAMIC)
    void bindVocabulary(Vocabulary vocabulary, Map<String, Object> properties) {
        Root root = new Root(vocabulary, (Long) properties.get("service.id"));
        for (String name : names(properties)) {
            Root other = roots.putIfAbsent(name, root);
            if (other != null && other.serviceId != root.serviceId) {
                LOG.warn("two vocabularies read {}: the first one stays in charge", name);
            }
        }
    }

    void updatedVocabulary(Vocabulary vocabulary, Map<String, Object> properties) {
        unbindVocabulary(vocabulary, properties);
        bindVocabulary(vocabulary, properties);
    }

    void unbindVocabulary(Vocabulary vocabulary, Map<String, Object> properties) {
        roots.values().removeIf(root -> root.serviceId == (Long) properties.get("service.id"));
    }

    private static String[] names(Map<String, Object> properties) {
        Object names = properties.get(Vocabulary.ROOTS);
        return names instanceof String[] several ? several : new String[] {String.valueOf(names)};
    }

    @Override
    public SortedMap<String, Long> counters() {
        return tally.read();
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
            done(submission, receipt, unavailable(stopping
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
                ticket.checked = isLate(ticket) ? LATE : check(submission, ticket.receivedAt);
                passOn(submission.connection());
            });
        } catch (RejectedExecutionException e) {
            ticket.checked = new Checked(Optional.empty(), unavailable(STOPPING));
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
                ticket.appended = ticket.checked.event.map(event -> log.enqueue(event, ticket.since)).orElse(null);
                passed.add(ticket);
            }
            return line.isEmpty() ? null : line;
        });
        // Outside the line's lock: a receipt runs its source's code.
        boolean anyAppended = false;
        for (Ticket ticket : passed) {
            if (ticket.appended == null) {
                done(ticket.submission, ticket.receipt, ticket.checked.refusal);
            } else {
                anyAppended = true;
                NewEvent event = ticket.checked.event.get();
                ticket.appended.whenComplete((appended, failure) -> done(ticket.submission, ticket.receipt,
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

    /** An event that may enter, or the receipt of one that may not. */
    private record Checked(Optional<NewEvent> event, Receipt refusal) {}

    private static final Checked LATE = new Checked(Optional.empty(), unavailable("the broker is overloaded: events wait too long"));

    private boolean isLate(Ticket ticket) {
        return System.nanoTime() - ticket.since > log.maxWait().toNanos();
    }

    private Checked check(Submission submission, Instant receivedAt) {
        Optional<String> identifier = Optional.empty();
        try {
            RootElement root = RootElement.locate(submission.content());
            Reading reading = vocabularyOf(root.name()).read(submission.content());
            identifier = reading.header().identifier();
            if (submission.origin() == Submission.Origin.AUTHOR && !reading.faults().isEmpty()) {
                throw new RefusedException(String.join("; ", reading.faults()));
            }
            List<EventValidator> asked = validators;
            if (!asked.isEmpty()) {
                BrokerEvent candidate =
                        new DetachedEvent(reading, submission.content(), submission.source(), receivedAt);
                Optional<String> undecided = undecided(asked, candidate, submission);
                if (undecided.isPresent()) {
                    return new Checked(Optional.empty(), unavailable(undecided.get()));
                }
            }
            return new Checked(
                    Optional.of(new NewEvent(
                            root.digest(submission.content()),
                            reading.header(),
                            submission.content(),
                            submission.source(),
                            receivedAt,
                            reading.faults(),
                            submission.keep().map(receivedAt::plus),
                            submission.quiet())),
                    null);
        } catch (MalformedEventException | RefusedException e) {
            return new Checked(Optional.empty(), new Receipt(Status.REFUSED, 0, identifier, e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("checking failed: id={} source={}", identifier.orElse("?"), submission.source(), e);
            return new Checked(Optional.empty(), unavailable("the event could not be checked: " + e));
        }
    }

    /** Asks the validators; returns why one cannot decide now. */
    private static Optional<String> undecided(List<EventValidator> asked, BrokerEvent candidate, Submission submission)
            throws RefusedException {
        for (EventValidator validator : asked) {
            try {
                validator.validate(candidate, submission);
            } catch (IllegalStateException e) {
                // Its owner knows; an error with a trace for each event would tell nobody more.
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private Vocabulary vocabularyOf(QName name) throws RefusedException {
        Root root = roots.get("{" + name.getNamespaceURI() + "}" + name.getLocalPart());
        if (root == null) {
            throw new RefusedException("wrong root element: no vocabulary here reads %s; known are %s"
                    .formatted(name, String.join(", ", new TreeSet<>(roots.keySet()))));
        }
        return root.vocabulary;
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

    private void done(Submission submission, CompletableFuture<Receipt> receipt, Receipt result) {
        waitingEvents.decrementAndGet();
        waitingBytes.addAndGet(-cost(submission));
        tally.count("intake." + result.status().name().toLowerCase(Locale.ROOT));
        if (result.status() != Status.REFUSED) { // its source says why, and louder
            LOG.debug("id={} position={} source={} {} {}", result.identifier().orElse("?"), result.sequence(),
                    submission.source(), result.status(), result.reason());
        }
        receipt.complete(result);
    }
}
