package org.bolide.api;

import java.time.YearMonth;
import java.util.List;
import java.util.SortedMap;

import org.osgi.annotation.versioning.ProviderType;

/** The log as everybody reads it. Safe for use by any number of threads. */
@ProviderType
public interface EventLog {

    /**
     * Opens a reader. May read the disk.
     *
     * @throws IllegalStateException if a reader of that name is open already
     */
    EventReader open(ReaderSpec spec);

    /** The places of the named readers, open or not, whose names begin so. Does not block. */
    SortedMap<String, ReaderPlace> places(String prefix);

    /**
     * Forgets a named reader: the next one of that name begins where its spec says. Does nothing if the name is not
     * known. May wait for the disk.
     *
     * @throws IllegalStateException if the reader is open
     * @throws java.io.UncheckedIOException if the disk does not let it; the place is then kept
     */
    void forget(String name);

    /**
     * The events with this identifier, oldest first, quiet ones too. May read the disk.
     *
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    List<BrokerEvent> withIdentifier(String identifier, int maxEvents);

    /**
     * The newest events that are what is looked for, newest first, quiet ones too. Reads the disk.
     *
     * @param before only events before this sequence: the last one of the page before; {@link Long#MAX_VALUE} for the first page
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    List<BrokerEvent> search(EventQuery query, long before, int maxEvents);

    /**
     * How many events are what is looked for, quiet ones too. Reads the disk.
     *
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    long count(EventQuery query);

    /**
     * A page of the events that are what is looked for, without their content, quiet ones too. Reads the disk.
     *
     * @param descending whether what would be last comes first
     * @param skip how many to leave out at the beginning
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    List<EventSummary> list(EventQuery query, EventSummary.Order order, boolean descending, long skip, int maxEvents);

    /**
     * How many events of each stream and role are what is looked for, by stream and role, quiet ones too. Reads the disk.
     *
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    List<EventSummary.Tally> tally(EventQuery query);

    /**
     * How many events are what is looked for by the month in which they were written, in UTC; of those that do not name the time under no
     * key. Quiet ones too. Reads the disk.
     *
     * @throws java.io.UncheckedIOException if the log cannot be read now
     */
    SortedMap<YearMonth, Long> tallyByMonth(EventQuery query);

    /** The sequence of the newest event that is on disk; 0 if there has been none. Does not block. */
    long latest();
}
