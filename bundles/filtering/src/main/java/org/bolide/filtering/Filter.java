package org.bolide.filtering;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

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

    private enum Tally {
        EVALUATIONS, PASSED, FAILED, OVERRAN, NANOS
    }

    private static final Logger LOG = LoggerFactory.getLogger(Filter.class);

    private static final int MAX_KINDS = 16;

    /** Where the verdicts of this filter stand. */
    final Verdicts.Place place = Verdicts.Place.next();

    private final String language;
    private final String text;
    private final FilterCounters counters;
    /** What is counted, by {@link Tally}: in one place of memory, for there may be ten thousand filters to ask. */
    private final AtomicLongArray tallies = new AtomicLongArray(Tally.values().length);
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

    /** Whether it is known at once that the event does not pass, so that it need not be evaluated. Does not throw. */
    protected boolean excludes(BrokerEvent event) {
        return false;
    }

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
        return tally(Tally.OVERRAN) > 0;
    }

    /** What this filter has counted; only verdicts count, neither {@link #select} nor {@link #explain}. */
    public final FilterStatus status() {
        return new FilterStatus(language, text, tally(Tally.EVALUATIONS), tally(Tally.PASSED), tally(Tally.FAILED),
                tally(Tally.OVERRAN), Duration.ofNanos(tally(Tally.NANOS)));
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
        count(Tally.EVALUATIONS, 1);
        counters.verdicts.increment();
        if (excludes(event)) {
            return Verdict.NOT_PASSED;
        }
        long start = System.nanoTime();
        Verdict verdict;
        try {
            verdict = passes(event) ? Verdict.PASSED : Verdict.NOT_PASSED;
        } catch (EvaluationException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            verdict = ended(event, e);
        }
        count(Tally.NANOS, System.nanoTime() - start);
        if (verdict == Verdict.PASSED) {
            count(Tally.PASSED, 1);
        }
        return verdict;
    }

    /** An Error of these two kinds is one of a costly filter's ends: stack and memory are whole again once it is unwound to here. */
    private Verdict ended(BrokerEvent event, Throwable e) {
        boolean cost = e instanceof EvaluationException evaluation ? evaluation.isOverrun() : e instanceof Error;
        (cost ? counters.overran : counters.failed).increment();
        count(cost ? Tally.OVERRAN : Tally.FAILED, 1);
        String kind = e instanceof EvaluationException evaluation ? evaluation.kind() : e.getClass().getName();
        if (LOG.isDebugEnabled() && isNew(kind)) {
            LOG.debug("id={} position={} source={} does not pass a filter that {}: {} (filter {}; the next of this kind are"
                    + " only counted)", event.header().identifier().orElse("-"), event.sequence(), event.source(),
                    cost ? "costs too much" : "fails", e instanceof EvaluationException ? e.getMessage() : e.toString(), text);
        }
        return cost ? Verdict.OVERRAN : Verdict.FAILED;
    }

    private void count(Tally tally, long amount) {
        tallies.addAndGet(tally.ordinal(), amount);
    }

    private long tally(Tally tally) {
        return tallies.get(tally.ordinal());
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
