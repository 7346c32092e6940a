package org.bolide.filtering;

import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.bolide.api.BrokerEvent;
import org.bolide.api.DetachedEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.EventLog;
import org.bolide.api.EventQuery;
import org.bolide.api.EventReader;
import org.bolide.api.Explanation;
import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.ReaderSpec;
import org.bolide.api.Reading;
import org.bolide.api.management.Filters;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Filters tried on what the log holds, on the caller's thread, a page of events at a time. A trial is apart from the
 * filters in use: it has a filter of its own even where somebody uses the same, and leaves nothing with the events.
 */
@Component
public final class Trials implements Filters {

    private static final int FIRST_PAGE_EVENTS = 50;
    private static final int MAX_PAGE_EVENTS = 500;
    private static final long PAGE_BYTES = 4 << 20;

    private final FilterRegistry registry;
    private final EventLog log;
    private final Map<String, FilterLanguage> languages = new TreeMap<>();

    @Activate
    public Trials(
            @Reference FilterRegistry registry,
            @Reference EventLog log,
            @Reference(policyOption = ReferencePolicyOption.GREEDY) Collection<Map.Entry<Map<String, Object>, FilterLanguage>> languages) {
        this.registry = registry;
        this.log = log;
        // In the order of their ranking: of two with one name the higher stays.
        languages.forEach(language -> this.languages.put(
                String.valueOf(language.getKey().get(FilterLanguage.LANGUAGE)), language.getValue()));
    }

    @Override
    public List<FilterStatus> filters() {
        return registry.filters().stream().map(Filter::status)
                .sorted(Comparator.comparing(FilterStatus::time).reversed().thenComparing(FilterStatus::text)).toList();
    }

    @Override
    public Trial test(String language, String text, Instant since, int maxMatches) throws FilterSyntaxException {
        EventExpression filter = compile(language, text);
        List<Match> newest = new ArrayList<>();
        long tried = 0;
        long passed = 0;
        Instant reached = Instant.now();
        EventQuery query = EventQuery.all().since(since);
        // What comes meanwhile is left out.
        List<BrokerEvent> page = page(query, log.latest() + 1, FIRST_PAGE_EVENTS);
        while (!page.isEmpty()) {
            for (BrokerEvent event : page) {
                if (Thread.currentThread().isInterrupted()) {
                    return trial(filter, tried, passed, reached, newest);
                }
                tried++;
                reached = event.receivedAt();
                if (filter.matches(apart(event))) {
                    passed++;
                    if (newest.size() < maxMatches) {
                        newest.add(new Match(event.sequence(), event.header().identifier(), event.receivedAt()));
                    }
                }
            }
            page = page(query, page.get(page.size() - 1).sequence(), nextPageEvents(page));
        }
        return trial(filter, tried, passed, Thread.currentThread().isInterrupted() ? reached : since, newest);
    }

    /** The next older events; none at the end, and none when an interrupted thread cannot read any more. */
    private List<BrokerEvent> page(EventQuery query, long before, int maxEvents) {
        try {
            return log.search(query, before, maxEvents);
        } catch (UncheckedIOException e) {
            if (Thread.currentThread().isInterrupted()) {
                return List.of();
            }
            throw e;
        }
    }

    /** So many that they have about the size of a page if they are like those before. */
    private static int nextPageEvents(List<BrokerEvent> page) {
        long bytes = Math.max(1, page.stream().mapToLong(event -> event.content().remaining()).sum());
        return (int) Math.max(1, Math.min(MAX_PAGE_EVENTS, PAGE_BYTES * page.size() / bytes));
    }

    private static Trial trial(EventExpression filter, long tried, long passed, Instant since, List<Match> newest) {
        // A language of another bundle does not tell errors apart.
        long failed = filter instanceof Filter ours ? ours.status().failed() : 0;
        return new Trial(tried, passed, failed, filter.overran(), since, newest);
    }

    @Override
    public Optional<Explanation> explain(String language, String text, long sequence) throws FilterSyntaxException {
        EventExpression filter = compile(language, text);
        try (EventReader reader = log.open(ReaderSpec.from(new ReaderSpec.Start.After(sequence - 1)))) {
            return reader.poll(1, Integer.MAX_VALUE).stream().filter(event -> event.sequence() == sequence).findFirst()
                    .map(event -> explain(filter, apart(event)));
        }
    }

    private static Explanation explain(EventExpression filter, BrokerEvent event) {
        Explanation whole = filter.explain(event);
        String verdict = filter.matches(event) ? "passes: " : "does not pass: ";
        return new Explanation(whole.expression(), verdict + whole.result(), whole.parts());
    }

    private EventExpression compile(String language, String text) throws FilterSyntaxException {
        FilterLanguage known = languages.get(language);
        if (known == null) {
            throw new FilterSyntaxException("no filter language is called \"" + language + "\"; "
                    + (languages.isEmpty() ? "there is none" : "there is " + String.join(", ", languages.keySet())), -1);
        }
        return registry.apart(known, text, Map.of());
    }

    /**
     * The same event outside the log: what is derived from it, tree and verdicts, goes when the trial does, instead of
     * staying with an event that is held in memory for others.
     */
    private static BrokerEvent apart(BrokerEvent event) {
        return new DetachedEvent(
                new Reading(event.header(), event.faults()), event.content(), event.source(), event.receivedAt());
    }
}
