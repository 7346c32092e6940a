package org.bolide.api.store;

import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;
import org.bolide.api.ReaderPlace;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The durable log. All methods may block on the disk or the database. {@link #append} is called by one thread at a time,
 * everything else by any number. What a method has written when it returns survives the end of the process and of the
 * machine's power. An {@link IOException} says that nothing was written and that a later call may succeed (disk full,
 * database away); its message tells an operator what to do.
 */
@ProviderType
public interface EventStore {

    /**
     * Appends events that the log does not have yet and records places, all in one transaction.
     *
     * @param events in the order in which they are to stand; two of the list may be the same event
     * @param places readers' names and the last sequence that each has done
     * @return one for each event, in the same order
     */
    List<Appended> append(List<NewEvent> events, Map<String, Long> places) throws IOException;

    /**
     * Events in the order of the log. An event alone larger than {@code maxBytes} comes alone.
     *
     * @param after the sequence before the first one wanted
     */
    List<StoredEvent> read(long after, int maxEvents, int maxBytes) throws IOException;

    /** The sequence of the newest event ever appended; 0 if none. It does not go back when events expire. */
    long latest() throws IOException;

    /** The sequence of the oldest event that can still be read; empty if there is none. */
    Optional<Long> earliest() throws IOException;

    /** The sequence before the first event that was received at the given time or later. */
    long before(Instant receivedAt) throws IOException;

    /** How many events with a sequence in the range (after, upTo] have expired. */
    long expired(long after, long upTo) throws IOException;

    /** The events with this identifier, oldest first: an identifier does not identify a message. */
    List<StoredEvent> withIdentifier(String identifier, int maxEvents) throws IOException;

    /** All readers' places, by name. */
    Map<String, ReaderPlace> places() throws IOException;

    /** Forgets readers' places. Names that are not known do not matter. */
    void forget(Collection<String> readers) throws IOException;

    /** Keeps a copy of an event that a handler could not handle, under an id of its own, which it returns. */
    long bury(DeadLetter letter) throws IOException;

    /** See {@link org.bolide.api.EventLog#search}. */
    List<StoredEvent> search(EventQuery query, long before, int maxEvents) throws IOException;

    /** See {@link org.bolide.api.EventLog#count}. */
    long count(EventQuery query) throws IOException;

    /** See {@link org.bolide.api.EventLog#list}. */
    List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents) throws IOException;

    /** See {@link org.bolide.api.EventLog#tally}. */
    List<EventSummary.Tally> tally(EventQuery query) throws IOException;

    /** See {@link org.bolide.api.EventLog#tallyByMonth}. */
    SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) throws IOException;

    /** See {@link org.bolide.api.KeptState#read}. */
    SortedMap<String, String> state(String kind) throws IOException;

    /** See {@link org.bolide.api.KeptState#write}. */
    void keep(String kind, Map<String, Optional<String>> changes) throws IOException;

    /** The first dead letters with a higher id than this, oldest first. */
    List<DeadLetter> deadLetters(long afterId, int max) throws IOException;

    /** The dead letter with this id. */
    Optional<DeadLetter> deadLetter(long id) throws IOException;

    /** Forgets a dead letter. Returns whether there was one with this id. */
    boolean drop(long deadLetterId) throws IOException;

    /** One append's outcome: the event's place in the log, and whether it had it before. */
    record Appended(long sequence, boolean duplicate) {}
}
