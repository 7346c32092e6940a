package org.bolide.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

import javax.xml.namespace.QName;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.EventIntake;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventReader;
import org.bolide.api.EventSummary;
import org.bolide.api.EventValidator;
import org.bolide.api.KeptState;
import org.bolide.api.ReaderPlace;
import org.bolide.api.ReaderSpec;
import org.bolide.api.Receipt;
import org.bolide.api.RefusedException;
import org.bolide.api.Submission;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The in-memory twin of the broker's front door and log: takes any well-formed XML without a DTD, knows a document by
 * its bytes, forgets everything when it is closed. Completes submissions and wakes readers on a thread of its own, as the
 * real broker does. Readers' places are kept as long as it is there.
 */
public final class MemoryBroker implements EventIntake, EventLog, KeptState, AutoCloseable {

    private final List<BrokerEvent> events = new ArrayList<>();
    private final Map<ByteBuffer, Long> known = new HashMap<>();
    private final List<Submission> submissions = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private final TreeMap<String, ReaderPlace> places = new TreeMap<>();
    private final Map<String, TreeMap<String, String>> state = new HashMap<>();
    private long expired;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "memory-broker");
        created.setDaemon(true);
        return created;
    });

    private final List<EventValidator> validators = new CopyOnWriteArrayList<>();

    private volatile Function<Submission, Optional<Receipt>> verdict = submission -> Optional.empty();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean parsing = true;

    /** From now on every event that the function has a receipt for gets that receipt, and the log does not see it. */
    public void answer(Function<Submission, Optional<Receipt>> newVerdict) {
        verdict = newVerdict;
    }

    /** From now on this validator is asked about each event. */
    public void validate(EventValidator validator) {
        validators.add(validator);
    }

    /** From now on every event is refused. */
    public void refuse(String reason) {
        answer(submission -> Optional.of(new Receipt(Receipt.Status.REFUSED, 0, identifier(submission), reason)));
    }

    /** From now on no event can be taken. */
    public void unavailable() {
        answer(submission -> Optional.of(new Receipt(Receipt.Status.UNAVAILABLE, 0, Optional.empty(), "told to")));
    }

    /** From now on events are taken again. */
    public void available() {
        answer(submission -> Optional.empty());
    }

    /** Holds back all receipts until {@link #open}. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    /** Lets the receipts go that {@link #hold} held back. */
    public void open() {
        gate.countDown();
    }

    /** Takes everything as VOEvents without looking, for measurements of what is in front of the broker. */
    public void withoutParsing() {
        parsing = false;
    }

    /** What was submitted so far, in order. */
    public synchronized List<Submission> submissions() {
        return List.copyOf(submissions);
    }

    /** What the log holds. */
    public synchronized List<BrokerEvent> events() {
        return List.copyOf(events);
    }

    /** How many readers are open. */
    public synchronized int openReaders() {
        return readers.size();
    }

    /** Lets the events up to this one expire. */
    public synchronized void expire(long sequence) {
        expired = sequence;
    }

    /** Lets a place be as old as if it had last been written at that time. */
    public synchronized void age(String name, Instant usedAt) {
        places.computeIfPresent(name, (key, place) -> new ReaderPlace(place.sequence(), usedAt));
    }

    /** Appends an event directly and returns it. */
    public BrokerEvent append(byte[] content) {
        Receipt receipt = take(Submission.fromBroker(ByteBuffer.wrap(content), "test"));
        synchronized (this) {
            return events.get((int) receipt.sequence() - 1);
        }
    }

    /** Appends an event with this header, which need not be its own, and returns it. */
    public synchronized BrokerEvent append(EventHeader header, byte[] content) {
        MemoryEvent event = new MemoryEvent(events.size() + 1L, header, Submission.fromBroker(ByteBuffer.wrap(content), "test"), Instant.now());
        events.add(event);
        return event;
    }

    @Override
    public CompletionStage<Receipt> submit(Submission submission) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        synchronized (this) {
            if (parsing) {
                submissions.add(submission);
            }
            thread.execute(() -> {
                try {
                    gate.await();
                    receipt.complete(verdict.apply(submission).orElseGet(() -> take(submission)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    receipt.complete(new Receipt(Receipt.Status.UNAVAILABLE, 0, Optional.empty(), "closed"));
                }
            });
        }
        return receipt;
    }

    private Receipt take(Submission submission) {
        EventHeader header;
        try {
            header = parsing ? header(submission.content()) : EventHeader.of(new QName("VOEvent"));
        } catch (SAXException e) {
            return new Receipt(Receipt.Status.REFUSED, 0, Optional.empty(), "not well-formed: " + e.getMessage());
        }
        try {
            for (EventValidator validator : validators) {
                validator.validate(new MemoryEvent(0, header, submission, Instant.now()), submission);
            }
        } catch (RefusedException e) {
            return new Receipt(Receipt.Status.REFUSED, 0, header.identifier(), e.getMessage());
        } catch (IllegalStateException e) {
            return new Receipt(Receipt.Status.UNAVAILABLE, 0, header.identifier(), e.getMessage());
        }
        Receipt receipt;
        List<Runnable> wakes = new ArrayList<>();
        synchronized (this) {
            Long before = parsing ? known.get(submission.content()) : null;
            if (before != null) {
                return new Receipt(Receipt.Status.DUPLICATE, 0, header.identifier(), "this broker has the event already");
            }
            long sequence = events.size() + 1L;
            if (parsing) {
                known.put(submission.content(), sequence);
            }
            events.add(new MemoryEvent(sequence, header, submission, Instant.now()));
            receipt = new Receipt(Receipt.Status.ACCEPTED, sequence, header.identifier(), "");
            readers.forEach(reader -> reader.takeWake().ifPresent(wakes::add));
        }
        if (!wakes.isEmpty()) {
            thread.execute(() -> wakes.forEach(Runnable::run));
        }
        return receipt;
    }

    @Override
    public synchronized EventReader open(ReaderSpec spec) {
        if (spec.name().isPresent() && readers.stream().anyMatch(reader -> reader.name.equals(spec.name()))) {
            throw new IllegalStateException("the reader \"" + spec.name().get() + "\" is open already");
        }
        Optional<ReaderPlace> known = spec.name().map(places::get);
        ReaderSpec.Start start = spec.start();
        long place = 0;
        if (known.isPresent()) {
            place = known.get().sequence();
        } else if (start instanceof ReaderSpec.Start.Latest) {
            place = events.size();
        } else if (start instanceof ReaderSpec.Start.Earliest) {
            place = expired;
        } else if (start instanceof ReaderSpec.Start.After after) {
            place = after.sequence();
        } else if (start instanceof ReaderSpec.Start.Again again) {
            place = again.sequence();
        } else if (start instanceof ReaderSpec.Start.Since since) {
            place = Math.max(expired, events.stream().filter(e -> e.receivedAt().isBefore(since.time())).count());
        }
        boolean past = known.isEmpty() && !(start instanceof ReaderSpec.Start.Latest || start instanceof ReaderSpec.Start.Again);
        Reader reader = new Reader(spec.name(), place, past ? events.size() : 0);
        readers.add(reader);
        reader.commit(place);
        return reader;
    }

    @Override
    public synchronized SortedMap<String, ReaderPlace> places(String prefix) {
        return new TreeMap<>(places.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    @Override
    public synchronized void forget(String name) {
        if (readers.stream().anyMatch(reader -> reader.name.equals(Optional.of(name)))) {
            throw new IllegalStateException("the reader \"" + name + "\" is open");
        }
        places.remove(name);
    }

    @Override
    public synchronized List<BrokerEvent> withIdentifier(String identifier, int maxEvents) {
        return events.stream().filter(event -> event.header().identifier().filter(identifier::equals).isPresent())
                .limit(maxEvents).toList();
    }

    @Override
    public synchronized List<BrokerEvent> search(EventQuery query, long before, int maxEvents) {
        List<BrokerEvent> found = new ArrayList<>(model().found(query).filter(event -> event.sequence() < before)
                .map(event -> events.get((int) event.sequence() - 1)).toList());
        Collections.reverse(found);
        return List.copyOf(found.subList(0, Math.min(Math.max(0, maxEvents), found.size())));
    }

    @Override
    public synchronized long count(EventQuery query) {
        return model().found(query).count();
    }

    private LogModel model() {
        return LogModel.of(events.subList((int) expired, events.size()), event -> new EventSummary(event.sequence(), event.header(), event.source(),
                event.receivedAt(), event.content().remaining(), 0));
    }

    @Override
    public synchronized List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents) {
        return model().list(query, order, descending, skip, maxEvents);
    }

    @Override
    public synchronized List<EventSummary.Tally> tally(EventQuery query) {
        return model().tally(query);
    }

    @Override
    public synchronized SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) {
        return model().tallyByMonth(query);
    }

    @Override
    public synchronized SortedMap<String, String> read(String kind) {
        return new TreeMap<>(state.getOrDefault(kind, new TreeMap<>()));
    }

    @Override
    public synchronized void write(String kind, Map<String, Optional<String>> changes) {
        TreeMap<String, String> kept = state.computeIfAbsent(kind, key -> new TreeMap<>());
        changes.forEach((key, value) -> value.ifPresentOrElse(text -> kept.put(key, text), () -> kept.remove(key)));
    }

    @Override
    public synchronized long latest() {
        return events.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private static Optional<String> identifier(Submission submission) {
        try {
            return header(submission.content()).identifier();
        } catch (SAXException e) {
            return Optional.empty();
        }
    }

    private static EventHeader header(ByteBuffer content) throws SAXException {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        RootReader root = new RootReader();
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultNSInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.newSAXParser().parse(new ByteArrayInputStream(bytes), root);
        } catch (IOException | ParserConfigurationException e) {
            throw new SAXException(e);
        }
        return root.header;
    }

    private static final class RootReader extends DefaultHandler {

        private EventHeader header;

        @Override
        public void startElement(String uri, String localName, String qName, Attributes attributes) {
            if (header == null) {
                header = new EventHeader(new QName(uri, localName), Optional.ofNullable(attributes.getValue("ivorn")),
                        Optional.ofNullable(attributes.getValue("role")), Optional.empty(), Optional.empty(),
                        Optional.empty(), Optional.empty(), List.of());
            }
        }
    }

    /** Safe for one reading thread; the broker's monitor guards it. */
    private final class Reader implements EventReader {

        private final Optional<String> name;
        private final long quietUpTo;
        private long next;
        private long committed;
        private long missed;
        private Runnable wake;

        private Reader(Optional<String> name, long place, long quietUpTo) {
            this.name = name;
            this.quietUpTo = quietUpTo;
            next = place;
            committed = place;
        }

        @Override
        public List<BrokerEvent> poll(int maxEvents, int maxBytes) {
            synchronized (MemoryBroker.this) {
                List<BrokerEvent> batch = new ArrayList<>();
                int bytes = 0;
                missed += Math.max(0, expired - next);
                next = Math.max(expired, next);
                while (batch.size() < maxEvents && next < events.size()) {
                    MemoryEvent event = (MemoryEvent) events.get((int) next);
                    if (event.submission().quiet() && event.sequence() > quietUpTo) {
                        next++;
                        continue;
                    }
                    bytes += event.content().remaining();
                    if (bytes > maxBytes && !batch.isEmpty()) {
                        break;
                    }
                    batch.add(event);
                    next++;
                }
                return batch;
            }
        }

        @Override
        public void onAvailable(Runnable newWake) {
            synchronized (MemoryBroker.this) {
                if (next >= events.size()) {
                    wake = newWake;
                    return;
                }
                wake = null;
            }
            thread.execute(newWake);
        }

        private Optional<Runnable> takeWake() {
            Runnable taken = wake;
            wake = null;
            return Optional.ofNullable(taken);
        }

        @Override
        public void commit(long sequence) {
            synchronized (MemoryBroker.this) {
                committed = sequence;
                if (readers.contains(this)) {
                    name.ifPresent(key -> places.put(key, new ReaderPlace(sequence, Instant.now())));
                }
            }
        }

        @Override
        public long place() {
            synchronized (MemoryBroker.this) {
                return committed;
            }
        }

        @Override
        public long missed() {
            synchronized (MemoryBroker.this) {
                return missed;
            }
        }

        @Override
        public void close() {
            synchronized (MemoryBroker.this) {
                readers.remove(this);
                wake = null;
            }
        }
    }

    private record MemoryEvent(long sequence, EventHeader header, Submission submission, Instant receivedAt,
            Map<Class<?>, Object> made) implements BrokerEvent {

        private MemoryEvent(long sequence, EventHeader header, Submission submission, Instant receivedAt) {
            this(sequence, header, submission, receivedAt, new ConcurrentHashMap<>());
        }

        @Override
        public ByteBuffer content() {
            return submission.content().asReadOnlyBuffer();
        }

        @Override
        public String source() {
            return submission.source();
        }

        @Override
        public List<String> faults() {
            return List.of();
        }

        @Override
        public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
            return type.cast(made.computeIfAbsent(type, key -> make.apply(this)));
        }
    }
}
