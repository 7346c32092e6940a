package org.bolide.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;
import org.bolide.api.ReaderPlace;
import org.bolide.api.store.DeadLetter;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;

/**
 * The log in memory, for tests of whatever stands above it. Keeps everything until {@link #expire} is called, and fails
 * like a full disk between {@link #fail} and {@link #mend}. A broker is "restarted" by giving the same store to the next.
 */
public final class InMemoryEventStore implements EventStore {

    private static final int KEY_CHARACTERS = 500;

    private record Entry(StoredEvent event, Optional<Instant> expiresAt) {}

    private final TreeMap<Long, Entry> events = new TreeMap<>();
    private final Map<ByteBuffer, Long> digests = new HashMap<>();
    private final Map<String, ReaderPlace> places = new TreeMap<>();
    private final TreeMap<Long, DeadLetter> deadLetters = new TreeMap<>();
    private final Map<String, TreeMap<String, String>> state = new HashMap<>();
    private long latest;
    private long latestDeadLetter;
    private Optional<String> failure = Optional.empty();

    @Override
    public synchronized List<Appended> append(List<NewEvent> newEvents, Map<String, Long> newPlaces) throws IOException {
        check();
        List<Appended> result = new ArrayList<>(newEvents.size());
        for (NewEvent event : newEvents) {
            ByteBuffer digest = copy(event.digest());
            Long known = digests.get(digest);
            if (known != null) {
                result.add(new Appended(known, true));
                continue;
            }
            digests.put(digest, ++latest);
            StoredEvent stored = new StoredEvent(latest, event.header(), copy(event.content()), event.source(),
                    event.receivedAt(), event.faults(), event.quiet());
            events.put(latest, new Entry(stored, event.expiresAt()));
            result.add(new Appended(latest, false));
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        newPlaces.forEach((reader, sequence) -> places.put(reader, new ReaderPlace(sequence, now)));
        return result;
    }

    @Override
    public synchronized List<StoredEvent> read(long after, int maxEvents, int maxBytes) throws IOException {
        check();
        List<StoredEvent> result = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : events.tailMap(after, false).values()) {
            StoredEvent event = entry.event();
            bytes += event.content().remaining();
            if (result.size() == maxEvents || !result.isEmpty() && bytes > maxBytes) {
                break;
            }
            result.add(view(event));
        }
        return result;
    }

    /** A new one each time: a reader may move its buffer's position. */
    private static StoredEvent view(StoredEvent event) {
        return new StoredEvent(event.sequence(), event.header(), event.content(), event.source(), event.receivedAt(),
                event.faults(), event.quiet());
    }

    private static DeadLetter view(DeadLetter letter) {
        return new DeadLetter(letter.id(), letter.handler(), letter.sequence(), letter.identifier(), letter.content(), letter.reason(),
                letter.attempts(), letter.buriedAt());
    }

    @Override
    public synchronized List<StoredEvent> withIdentifier(String identifier, int maxEvents) throws IOException {
        check();
        return events.values().stream().map(Entry::event)
                .filter(event -> event.header().identifier().filter(identifier::equals).isPresent())
                .limit(maxEvents).map(InMemoryEventStore::view).toList();
    }

    @Override
    public synchronized long latest() throws IOException {
        check();
        return latest;
    }

    @Override
    public synchronized Optional<Long> earliest() throws IOException {
        check();
        return events.keySet().stream().findFirst();
    }

    @Override
    public synchronized long before(Instant receivedAt) throws IOException {
        check();
        return events.values().stream()
                .map(Entry::event)
                .filter(event -> !event.receivedAt().isBefore(receivedAt))
                .findFirst()
                .map(event -> event.sequence() - 1)
                .orElse(latest);
    }

    @Override
    public synchronized long expired(long after, long upTo) throws IOException {
        check();
        long from = Math.max(0, after);
        long to = Math.min(upTo, latest);
        return to <= from ? 0 : to - from - events.subMap(from, false, to, true).size();
    }

    @Override
    public synchronized Map<String, ReaderPlace> places() throws IOException {
        check();
        return Map.copyOf(places);
    }

    @Override
    public synchronized void forget(Collection<String> readers) throws IOException {
        check();
        places.keySet().removeAll(readers);
    }

    @Override
    public synchronized long bury(DeadLetter letter) throws IOException {
        check();
        long id = ++latestDeadLetter;
        deadLetters.put(id, new DeadLetter(id, letter.handler(), letter.sequence(), letter.identifier(),
                copy(letter.content()), letter.reason(), letter.attempts(), letter.buriedAt()));
        return id;
    }

    @Override
    public synchronized List<DeadLetter> deadLetters(long afterId, int max) throws IOException {
        check();
        return deadLetters.tailMap(afterId, false).values().stream().limit(Math.max(0, max)).map(InMemoryEventStore::view).toList();
    }

    @Override
    public synchronized Optional<DeadLetter> deadLetter(long id) throws IOException {
        check();
        return Optional.ofNullable(deadLetters.get(id)).map(InMemoryEventStore::view);
    }

    @Override
    public synchronized List<StoredEvent> search(EventQuery query, long before, int maxEvents) throws IOException {
        check();
        return found(query, before).limit(Math.max(0, maxEvents)).map(InMemoryEventStore::view).toList();
    }

    @Override
    public synchronized long count(EventQuery query) throws IOException {
        check();
        return model().found(query).count();
    }

    private Stream<StoredEvent> found(EventQuery query, long before) {
        Set<Long> found = model().found(query).map(EventSummary::sequence).collect(Collectors.toSet());
        return events.headMap(before, false).descendingMap().values().stream().map(Entry::event)
                .filter(event -> found.contains(event.sequence()));
    }

    private LogModel model() {
        return LogModel.of(events.values(), entry -> new EventSummary(entry.event().sequence(), entry.event().header(), entry.event().source(),
                entry.event().receivedAt(), entry.event().content().remaining(), 0));
    }

    @Override
    public synchronized List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents)
            throws IOException {
        check();
        return model().list(query, order, descending, skip, maxEvents);
    }

    @Override
    public synchronized List<EventSummary.Tally> tally(EventQuery query) throws IOException {
        check();
        return model().tally(query);
    }

    @Override
    public synchronized SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) throws IOException {
        check();
        return model().tallyByMonth(query);
    }

    @Override
    public synchronized SortedMap<String, String> state(String kind) throws IOException {
        check();
        return new TreeMap<>(state.getOrDefault(kind, new TreeMap<>()));
    }

    @Override
    public synchronized void keep(String kind, Map<String, Optional<String>> changes) throws IOException {
        check();
        if (changes.keySet().stream().anyMatch(key -> key.length() > KEY_CHARACTERS)) {
            throw new IllegalArgumentException("a key has at most " + KEY_CHARACTERS + " characters");
        }
        TreeMap<String, String> kept = state.computeIfAbsent(kind, key -> new TreeMap<>());
        changes.forEach((key, value) -> value.ifPresentOrElse(text -> kept.put(key, text), () -> kept.remove(key)));
    }

    @Override
    public synchronized boolean drop(long deadLetterId) throws IOException {
        check();
        return deadLetters.remove(deadLetterId) != null;
    }

    /** Forgets the events whose {@link NewEvent#expiresAt()} has come at this instant. */
    public synchronized void expire(Instant now) {
        events.values().removeIf(entry -> entry.expiresAt().filter(end -> !end.isAfter(now)).isPresent());
    }

    /** From now on every method throws an IOException with this message and changes nothing. */
    public synchronized void fail(String message) {
        failure = Optional.of(message);
    }

    /** Ends what {@link #fail} began. */
    public synchronized void mend() {
        failure = Optional.empty();
    }

    private void check() throws IOException {
        if (failure.isPresent()) {
            throw new IOException(failure.get());
        }
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
}
