package org.bolide.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.Cited;
import org.bolide.api.EventSummary;
import org.bolide.api.EventSummary.Order;
import org.bolide.api.EventSummary.Tally;
import org.bolide.api.store.EventStore;
import org.bolide.api.store.NewEvent;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What every {@link EventStore} must find: what {@link LogModel} finds, in whatever way. */
public abstract class EventSearchContract {

    private static final Instant T0 = Instant.parse("2026-11-21T20:00:00.123456Z");
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    /** The store under test, empty when a test begins; after {@link #restart} the reopened one. */
    protected abstract EventStore store();

    /** Closes the store and opens it anew in the same place. */
    protected abstract void restart() throws IOException;

    /** Forgets the events whose {@link NewEvent#expiresAt()} has come at this instant. */
    protected abstract void expire(Instant now) throws IOException;

    /** Does what the store otherwise does by itself when it has grown, so that searches find events by its indexes. */
    protected void index() throws IOException {
        // not every store has any
    }

    @Test
    void shouldFindWhatIsLookedFor() throws IOException {
        SearchSamples samples = new SearchSamples(7);
        InMemoryEventStore model = new InMemoryEventStore();
        for (int part = 0; part < 3; part++) {
            List<NewEvent> events = samples.events(300);
            assertEquals(model.append(events, Map.of()), store().append(events, Map.of()));
            model.expire(SearchSamples.END);
            expire(SearchSamples.END);
            if (part == 1) {
                index();
            }
            for (int i = 0; i < 150; i++) {
                assertAnswersTheSame(model, samples.query(), samples);
            }
        }
        restart();
        index();
        for (EventQuery query : samples.corners()) {
            assertAnswersTheSame(model, query, samples);
        }
    }

    private void assertAnswersTheSame(InMemoryEventStore model, EventQuery query, SearchSamples samples) throws IOException {
        long before = samples.before();
        int max = samples.max();
        assertEquals(model.search(query, before, max), store().search(query, before, max), () -> query + " before " + before + ", at most " + max);
        assertEquals(model.count(query), store().count(query), query::toString);
        Order order = samples.order();
        boolean descending = samples.isDescending();
        long skip = samples.skip();
        assertEquals(model.list(query, order, descending, skip, max), store().list(query, order, descending, skip, max),
                () -> query + " by " + order + (descending ? ", descending, " : ", ") + skip + " left out, at most " + max);
        assertEquals(model.tally(query), store().tally(query), query::toString);
        assertEquals(model.tallyByMonth(query), store().tallyByMonth(query), query::toString);
    }

    @Test
    void shouldCountCitationsOfEventsThatAreThere() throws IOException {
        append(event("a", "ivo://a.b/c#1", List.of(), Optional.empty()),
                event("b", "ivo://a.b/c#2", List.of("ivo://a.b/c#1", "ivo://a.b/c#1", "ivo://other/x#1"), Optional.empty()),
                event("c", "ivo://a.b/c#3", List.of("ivo://a.b/c#1"), Optional.of(T0)));
        assertEquals(List.of(3L, 0L, 0L), cited());
        assertEquals(1, store().count(EventQuery.all().and(new Cited(true))));
        expire(T0);
        assertEquals(List.of(2L, 0L), cited());
        index();
        append(event("d", "ivo://a.b/c#1", List.of("ivo://a.b/c#2"), Optional.empty()));
        assertEquals(List.of(2L, 1L, 2L), cited());
        assertEquals(3, store().count(EventQuery.all().and(new Cited(true))));
    }

    private List<Long> cited() throws IOException {
        return store().list(EventQuery.all(), Order.SEQUENCE, false, 0, NO_LIMIT).stream().map(EventSummary::cited).toList();
    }

    @Test
    void shouldListWhatHasNoKeyLast() throws IOException {
        append(event("a", null, List.of(), Optional.empty()), event("b", "y", List.of(), Optional.empty()),
                event("c", "x", List.of(), Optional.empty()), event("d", null, List.of(), Optional.empty()), event("e", "y", List.of(), Optional.empty()));
        assertEquals(List.of(3L, 2L, 5L, 1L, 4L), sequences(false, 0, 9));
        assertEquals(List.of(2L, 5L, 3L, 1L, 4L), sequences(true, 0, 9));
        assertEquals(List.of(5L, 1L), sequences(false, 2, 2));
        assertEquals(List.of(4L), sequences(false, 4, 2));
        assertEquals(List.of(), sequences(false, 5, 2));
        assertEquals(List.of(), sequences(false, 0, 0));
        for (Order order : Order.values()) {
            assertEquals(List.of(), store().list(EventQuery.all().ofRole("test"), order, true, Long.MAX_VALUE, NO_LIMIT));
            assertEquals(List.of(), store().list(EventQuery.all(), order, true, Long.MAX_VALUE, NO_LIMIT));
        }
        assertEquals(List.of(new Tally("{urn:x}e", "", 5)), store().tally(EventQuery.all()));
    }

    private List<Long> sequences(boolean descending, long skip, int max) throws IOException {
        return store().list(EventQuery.all(), Order.IDENTIFIER, descending, skip, max).stream().map(EventSummary::sequence).toList();
    }

    private void append(NewEvent... events) throws IOException {
        store().append(List.of(events), Map.of());
    }

    private static NewEvent event(String text, String identifier, List<String> cites, Optional<Instant> end) {
        NewEvent plain = EventStoreContract.event(text.getBytes(StandardCharsets.UTF_8), T0, end);
        EventHeader header = new EventHeader(new QName("urn:x", "e"), Optional.ofNullable(identifier), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), cites.stream().map(to -> new Citation(to, "followup")).toList());
        return new NewEvent(plain.digest(), header, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), "s", T0, List.of(), end, false);
    }
}
