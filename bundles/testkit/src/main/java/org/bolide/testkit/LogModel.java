package org.bolide.testkit;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;
import org.bolide.api.EventSummary.Order;
import org.bolide.api.EventSummary.Tally;

/** What a log must answer to an {@link EventQuery}, in the plainest way: every question goes through all events. */
final class LogModel {

    private final List<EventSummary> events;
    private final Set<String> cited;

    private LogModel(List<EventSummary> events) {
        this.events = events;
        cited = events.stream().flatMap(event -> event.header().citations().stream()).map(Citation::identifier).collect(Collectors.toSet());
    }

    /** A model of these events; the count of their citations is not asked for. */
    static <E> LogModel of(Collection<E> events, Function<E, EventSummary> summary) {
        List<EventSummary> bare = events.stream().map(summary).toList();
        Map<String, Long> cited = bare.stream().flatMap(event -> event.header().citations().stream())
                .collect(Collectors.groupingBy(Citation::identifier, Collectors.counting()));
        return new LogModel(bare.stream().map(event -> new EventSummary(event.sequence(), event.header(), event.source(), event.receivedAt(),
                event.bytes(), event.header().identifier().map(identifier -> cited.getOrDefault(identifier, 0L)).orElse(0L))).toList());
    }

    /** Who is found, in the order of the log. */
    Stream<EventSummary> found(EventQuery query) {
        return events.stream().filter(event -> query.matches(event.header(), event.receivedAt(), cited::contains))
                .sorted(Comparator.comparing(EventSummary::sequence));
    }

    List<EventSummary> list(EventQuery query, Order order, boolean descending, long skip, int maxEvents) {
        Comparator<EventSummary> ascending = switch (order) {
            case SEQUENCE -> Comparator.comparing(EventSummary::sequence);
            case AUTHORED -> Comparator.comparing((EventSummary event) -> event.header().authoredAt().orElse(Instant.MAX));
            case IDENTIFIER -> Comparator.comparing((EventSummary event) -> event.header().identifier().isEmpty())
                    .thenComparing(event -> event.header().identifier().orElse(""), LogModel::byCodePoints);
        };
        Comparator<EventSummary> wanted = descending ? ascending.reversed() : ascending;
        if (order != Order.SEQUENCE) {
            wanted = Comparator.<EventSummary, Boolean>comparing(event -> lacksKey(event.header(), order)).thenComparing(wanted)
                    .thenComparing(EventSummary::sequence);
        }
        return found(query).sorted(wanted).skip(skip).limit(Math.max(0, maxEvents)).toList();
    }

    private static boolean lacksKey(EventHeader header, Order order) {
        return order == Order.AUTHORED ? header.authoredAt().isEmpty() : header.identifier().isEmpty();
    }

    private static int byCodePoints(String one, String other) {
        int[] a = one.codePoints().toArray();
        int[] b = other.codePoints().toArray();
        return Arrays.compare(a, b);
    }

    List<Tally> tally(EventQuery query) {
        TreeMap<String, TreeMap<String, Long>> counts = new TreeMap<>();
        found(query).forEach(event -> counts.computeIfAbsent(event.header().stream(), stream -> new TreeMap<>())
                .merge(event.header().role().orElse(""), 1L, Long::sum));
        return counts.entrySet().stream().flatMap(stream -> stream.getValue().entrySet().stream()
                .map(role -> new Tally(stream.getKey(), role.getKey(), role.getValue()))).toList();
    }

    SortedMap<YearMonth, Long> tallyByMonth(EventQuery query) {
        return found(query).flatMap(event -> event.header().authoredAt().stream())
                .collect(Collectors.groupingBy(at -> YearMonth.from(at.atZone(ZoneOffset.UTC)), TreeMap::new, Collectors.counting()));
    }
}
