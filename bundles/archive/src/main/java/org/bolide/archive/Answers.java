package org.bolide.archive;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary;
import org.bolide.api.SkyPosition;

/** The results of the endpoints, in the form in which they become JSON. Safe for use by any number of threads. */
final class Answers {

    /** What is not known has this key, as Python writes its None. */
    private static final String NONE = "null";
    private static final String IVO = "ivo://";

    private final EventLog log;

    Answers(EventLog log) {
        this.log = log;
    }

    long count(EventQuery query) {
        return log.count(query);
    }

    List<Object> ivorns(EventQuery query, Paging page) {
        return rows(query, page, Answers::ivorn);
    }

    List<Object> references(EventQuery query, Paging page) {
        return rows(query, page, event -> Arrays.asList(ivorn(event), event.header().citations().size()));
    }

    List<Object> citations(EventQuery query, Paging page) {
        return rows(query, page, event -> Arrays.asList(ivorn(event), event.cited()));
    }

    private List<Object> rows(EventQuery query, Paging page, Function<EventSummary, Object> row) {
        return log.list(query, page.order(), page.descending(), page.offset(), page.limit()).stream().map(row).collect(Collectors.toList());
    }

    private static String ivorn(EventSummary event) {
        return event.header().identifier().orElse(null);
    }

    Map<String, Long> months(EventQuery query) {
        Map<String, Long> months = new TreeMap<>();
        log.tallyByMonth(query).forEach((month, events) -> months.put(month.toString(), events));
        long undated = log.count(query) - months.values().stream().mapToLong(Long::longValue).sum();
        if (undated > 0) {
            months.put(NONE, undated);
        }
        return months;
    }

    Map<String, Long> roles(EventQuery query) {
        Map<String, Long> roles = new TreeMap<>();
        log.tally(query).forEach(tally -> roles.merge(role(tally), tally.events(), Long::sum));
        return roles;
    }

    Map<String, Long> streams(EventQuery query) {
        Map<String, Long> streams = new TreeMap<>();
        log.tally(query).forEach(tally -> streams.merge(bare(tally.stream()), tally.events(), Long::sum));
        return streams;
    }

    Map<String, Map<String, Long>> rolesOfStreams(EventQuery query) {
        Map<String, Map<String, Long>> streams = new TreeMap<>();
        log.tally(query).forEach(tally -> streams.computeIfAbsent(bare(tally.stream()), stream -> new TreeMap<>())
                .merge(role(tally), tally.events(), Long::sum));
        return streams;
    }

    private static String role(EventSummary.Tally tally) {
        return tally.role().isEmpty() ? NONE : tally.role();
    }

    /** A stream is written without {@code ivo://}. */
    static String bare(String stream) {
        return stream.startsWith(IVO) ? stream.substring(IVO.length()) : stream;
    }

    /** The first event of that identifier: later ones voeventdb would not have taken. */
    BrokerEvent event(String ivorn) throws ApiError {
        if (ivorn.isEmpty()) {
            throw ApiError.notSupplied();
        }
        return log.withIdentifier(ivorn, 1).stream().findFirst().orElseThrow(() -> ApiError.notFound(ivorn));
    }

    Map<String, Object> synopsis(BrokerEvent event) {
        EventHeader header = event.header();
        PacketText text = PacketText.of(PacketText.bytes(event));
        Map<String, Object> voevent = new LinkedHashMap<>();
        voevent.put("author_datetime", header.authoredAt().map(IsoTime::format).orElse(null));
        voevent.put("author_ivorn", header.author().orElse(null));
        voevent.put("ivorn", header.identifier().orElse(null));
        voevent.put("received", IsoTime.format(event.receivedAt()));
        voevent.put("role", header.role().orElse(null));
        voevent.put("stream", bare(header.stream()));
        voevent.put("version", text.version().orElse(null));
        Map<String, Object> synopsis = new LinkedHashMap<>();
        synopsis.put("coords", Sky.equatorial(header).stream().map(position -> coord(position, header)).toList());
        synopsis.put("refs", header.citations().stream().map(citation -> {
            Map<String, Object> ref = new LinkedHashMap<>();
            ref.put("cite_type", citation.relation().isEmpty() ? null : citation.relation());
            ref.put("description", text.citationsDescription().orElse(null));
            ref.put("ref_ivorn", citation.identifier());
            return ref;
        }).toList());
        synopsis.put("relevant_urls", List.of());
        synopsis.put("voevent", voevent);
        return synopsis;
    }

    private static Map<String, Object> coord(SkyPosition position, EventHeader header) {
        Map<String, Object> coord = new LinkedHashMap<>();
        coord.put("dec", position.latitude());
        coord.put("error", position.errorRadius().isPresent() ? position.errorRadius().getAsDouble() : null);
        coord.put("ra", position.longitude());
        coord.put("time", header.observedAt().map(IsoTime::format).orElse(null));
        return coord;
    }

    /** What there is to ask. */
    static Map<String, Object> root(String version) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("api_version", "apiv1");
        root.put("endpoints", Stream.of(Endpoint.values()).map(endpoint -> endpoint.isPacket() ? endpoint.path() : endpoint.rule()).toList());
        root.put("message", "Welcome to Bolide's archive, which answers as voeventdb's REST API does, interface version 'apiv1'.");
        root.put("version_tag", version);
        return root;
    }
}
