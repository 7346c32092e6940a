package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventSummary;
import org.bolide.api.store.StoredEvent;

/** Reads the events that a search has found, in the order of their sequences' list. */
final class Found {

    /** So many at once. */
    private static final int ROWS = 500;

    /** Whole events that a server sends at once. */
    private static final int FETCH = 32;

    private final Connection connection;

    Found(Connection connection) {
        this.connection = connection;
    }

    /** Whole events. */
    List<StoredEvent> events(long[] sequences, Bodies bodies) throws SQLException {
        List<StoredEvent> events = new ArrayList<>(sequences.length);
        try (Bodies.Unpacker unpacker = bodies.unpacker(connection)) {
            for (int from = 0; from < sequences.length; from += ROWS) {
                long[] part = Arrays.copyOfRange(sequences, from, Math.min(sequences.length, from + ROWS));
                Map<Long, StoredEvent> found = new HashMap<>();
                try (PreparedStatement select = connection.prepareStatement(EventRow.SELECT + "where " + Citations.among(part))) {
                    select.setFetchSize(FETCH);
                    try (ResultSet row = select.executeQuery()) {
                        while (row.next()) {
                            StoredEvent event = EventRow.read(row, unpacker);
                            found.put(event.sequence(), event);
                        }
                    }
                }
                Arrays.stream(part).mapToObj(found::get).forEach(events::add);
            }
        }
        return LogReader.cite(connection, events);
    }

    /** Without content, which is not read. */
    List<EventSummary> summaries(long[] sequences, Dialect.Identifiers identifiers) throws SQLException {
        List<EventSummary> events = new ArrayList<>(sequences.length);
        for (int from = 0; from < sequences.length; from += ROWS) {
            long[] part = Arrays.copyOfRange(sequences, from, Math.min(sequences.length, from + ROWS));
            Map<Long, EventSummary> found = new HashMap<>();
            try (PreparedStatement select = connection.prepareStatement(EventRow.SELECT_SUMMARY + "where " + Citations.among(part));
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    EventSummary event = EventRow.summary(row);
                    found.put(event.sequence(), event);
                }
            }
            Map<Long, List<Citation>> citations = Citations.of(connection, part);
            Set<String> names = found.values().stream().flatMap(event -> event.header().identifier().stream()).collect(Collectors.toSet());
            Map<String, Long> cited = Citations.counts(connection, identifiers, names);
            Arrays.stream(part).mapToObj(found::get).map(event -> complete(event, citations, cited)).forEach(events::add);
        }
        return events;
    }

    private static EventSummary complete(EventSummary event, Map<Long, List<Citation>> citations, Map<String, Long> cited) {
        List<Citation> cites = citations.getOrDefault(event.sequence(), List.of());
        EventHeader header = cites.isEmpty() ? event.header() : EventRow.withCitations(event.header(), cites);
        long count = header.identifier().map(identifier -> cited.getOrDefault(identifier, 0L)).orElse(0L);
        return new EventSummary(event.sequence(), header, event.source(), event.receivedAt(), event.bytes(), count);
    }
}
