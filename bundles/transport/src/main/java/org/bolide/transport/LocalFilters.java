package org.bolide.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.bolide.api.BrokerEvent;
import org.bolide.api.FilterLanguage;
import org.bolide.transport.FilterSet.BadFilterException;
import org.bolide.transport.FilterSet.Ready;
import org.bolide.transport.TransportMessage.Filter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The filters of a subscription. The remote broker is asked for them, and what it sends is judged by them here too: it
 * may not know filters, or not yet. While their language is missing nothing can be judged. Safe for any number of threads.
 */
final class LocalFilters {

    private static final Logger LOG = LoggerFactory.getLogger(LocalFilters.class);

    private final Instance instance;
    private final Languages languages;
    private final AtomicReference<FilterSet> blamed = new AtomicReference<>();

    private volatile Asked asked;
    /** Null as long as they never were compiled. */
    private volatile FilterSet set;
    private volatile String fault;

    private record Asked(String language, List<String> texts) {

        static Asked of(SubscriptionConfig config) {
            return new Asked(config.filterLanguage().strip(), List.of(config.filters()));
        }
    }

    /** @throws IllegalArgumentException if a filter is wrong; the message says which, where, and in which file */
    LocalFilters(Instance instance, SubscriptionConfig config, Languages languages) {
        this.instance = instance;
        this.languages = languages;
        modify(config);
    }

    /**
     * Takes other filters.
     *
     * @throws IllegalArgumentException if one is wrong; then those before stay
     */
    synchronized void modify(SubscriptionConfig config) {
        Asked now = Asked.of(config);
        if (!now.language.equals(Languages.XPATH) && !now.language.equals(Languages.XQUERY)) {
            throw instance.wrong("filterLanguage", now.language, "is no language of filters; allowed are xpath and xquery");
        }
        try {
            FilterSet compiled = compile(now).orElse(null);
            asked = now;
            set = compiled;
            fault = set != null ? null : missing();
        } catch (BadFilterException e) {
            throw new IllegalArgumentException(wrong(e), e);
        }
    }

    /** A language has come, gone or changed. */
    synchronized void languagesChanged() {
        if (set != null && set.isCurrent(languages)) {
            fault = null;
            return;
        }
        try {
            Optional<FilterSet> compiled = compile(asked);
            fault = compiled.isPresent() ? null : missing();
            set = compiled.orElse(set); // what is on its way can still be judged
        } catch (BadFilterException e) {
            fault = wrong(e);
            LOG.error("{} (nothing is taken from the remote broker until that is right)", fault);
        }
    }

    private Optional<FilterSet> compile(Asked from) throws BadFilterException {
        Optional<FilterLanguage> language = languages.of(from.language);
        if (from.texts.isEmpty()) {
            return Optional.of(FilterSet.EVERYTHING);
        }
        if (language.isEmpty()) {
            return Optional.empty();
        }
        List<Ready> ready = new ArrayList<>();
        for (String text : from.texts) {
            Optional<String> empty = text.isBlank() ? Optional.of("it is empty") : Optional.empty();
            ready.add(FilterSet.compile(new Filter(from.language, text, "", empty), "filter " + (ready.size() + 1), language.get()));
        }
        return Optional.of(FilterSet.of(ready));
    }

    private String wrong(BadFilterException e) {
        return instance.file() + ", key filters (option --filter): " + e.getMessage();
    }

    private String missing() {
        String text = "the filter language " + asked.language + " is not installed, so nothing is taken from the remote broker";
        LOG.info("{}: {}", instance.name(), text); // at start-up it comes a moment later
        return text;
    }

    /** Whether events can be judged now. */
    boolean areReady() {
        FilterSet now = set;
        return now != null && now.isCurrent(languages);
    }

    /** Why they are not ready. */
    Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /**
     * Whether the event is wanted.
     *
     * @throws IllegalStateException if that cannot be told now
     */
    boolean pass(BrokerEvent event) {
        FilterSet now = set;
        if (now == null) {
            throw new IllegalStateException("the filter language " + asked.language + " is missing");
        }
        boolean passes = now.passes(event);
        List<Ready> overran = passes ? List.of() : now.overran();
        if (!overran.isEmpty() && blamed.getAndSet(now) != now) {
            LOG.warn("{}: {}, {}, took too long on an event and was ended, as if the event did not pass; write it so that it costs less",
                    instance.name(), overran.get(0).which(), Shown.filter(overran.get(0).filter().text()));
        }
        return passes;
    }

    /** The filters as they were written. */
    List<String> texts() {
        return asked.texts;
    }

    /** The name of the Params in which they are asked for. */
    String paramName() {
        return asked.language.equals(Languages.XQUERY) ? TransportMessage.XQUERY_FILTER : TransportMessage.XPATH_FILTER;
    }
}
