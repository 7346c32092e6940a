package org.bolide.filtering;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.bolide.api.management.Filters.FilterStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compiled filter, whatever its language: computes each verdict once, counts, and tells of errors. A language says what
 * an event gives ({@link #passes}, {@link #values}) and throws when that fails or costs too much.
 */
public abstract class Filter implements EventExpression {

    /** What a filter says of an event. */
    public enum Verdict {
        PASSED, NOT_PASSED,
        /** Ended in an error: not passed. */
        FAILED,
        /** Ended because it cost too much: not passed. */
        OVERRAN
    }

    private static final Logger LOG = LoggerFactory.getLogger(Filter.class);

    private static final int MAX_KINDS = 16;

    /** Where the verdicts of this filter stand. */
    final Verdicts.Place place = Verdicts.Place.next();

    private final String language;
    private final String text;
    private final FilterCounters counters;
    private final LongAdder evaluations = new LongAdder();
    private final LongAdder passed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder overran = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    /** The kinds of error that the log has; replaced by a set of its own with the first. */
    private volatile Set<String> logged = Set.of();

    /** @param counters what all filters count together */
    protected Filter(String language, String text, FilterCounters counters) {
        this.language = language;
        this.text = text;
        this.counters = counters;
    }

    /** Whether the event passes. Called once for an event, on any thread, also on several at once for several events. */
    protected abstract boolean passes(BrokerEvent event) throws EvaluationException;

    /** What the expression selects, for {@link #select}. */
    protected abstract List<String> values(BrokerEvent event) throws EvaluationException;

    public final String language() {
        return language;
    }

    @Override
    public final String text() {
        return text;
    }

    @Override
    public final boolean matches(BrokerEvent event) {
        return verdict(event) == Verdict.PASSED;
    }

    /** As {@link #matches}, and tells errors apart. */
    public final Verdict verdict(BrokerEvent event) {
        return event.derived(Verdicts.class, e -> new Verdicts()).of(this, event);
    }

    @Override
    public final boolean overran() {
        return overran.sum() > 0;
    }

    /** What this filter has counted; only verdicts count, neither {@link #select} nor {@link #explain}. */
    public final FilterStatus status() {
        return new FilterStatus(language, text, evaluations.sum(), passed.sum(), failed.sum(), overran.sum(),
                Duration.ofNanos(nanos.sum()));
    }

    @Override
    public final List<String> select(BrokerEvent event) {
        try {
            return values(event);
        } catch (EvaluationException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            ended(event, e);
            return List.of();
        }
    }

    final Verdict evaluate(BrokerEvent event) {
        long start = System.nanoTime();
        Verdict verdict;
        try {
            verdict = passes(event) ? Verdict.PASSED : Verdict.NOT_PASSED;
        } catch (EvaluationException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            verdict = ended(event, e);
        }
        nanos.add(System.nanoTime() - start);
        evaluations.increment();
        counters.verdicts.increment();
        if (verdict == Verdict.PASSED) {
            passed.increment();
        }
        return verdict;
    }

    /** An Error of these two kinds is one of a costly filter's ends: stack and memory are whole again once it is unwound to here. */
    private Verdict ended(BrokerEvent event, Throwable e) {
        boolean cost = e instanceof EvaluationException evaluation ? evaluation.isOverrun() : e instanceof Error;
        (cost ? counters.overran : counters.failed).increment();
        (cost ? overran : failed).increment();
        String kind = e instanceof EvaluationException evaluation ? evaluation.kind() : e.getClass().getName();
        if (LOG.isDebugEnabled() && isNew(kind)) {
            LOG.debug("id={} position={} source={} does not pass a filter that {}: {} (filter {}; the next of this kind are"
                    + " only counted)", event.header().identifier().orElse("-"), event.sequence(), event.source(),
                    cost ? "costs too much" : "fails", e instanceof EvaluationException ? e.getMessage() : e.toString(), text);
        }
        return cost ? Verdict.OVERRAN : Verdict.FAILED;
    }

    private boolean isNew(String kind) {
        synchronized (this) {
            if (logged.isEmpty()) {
                logged = ConcurrentHashMap.newKeySet();
            }
        }
        return logged.size() < MAX_KINDS && logged.add(kind);
    }
}
