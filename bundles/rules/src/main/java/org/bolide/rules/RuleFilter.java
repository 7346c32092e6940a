package org.bolide.rules;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventExpression;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A rule's filter as it is just now: compiled, or the reason why it cannot be used. A rule without a filter has one that
 * every event passes. Safe for any number of threads.
 */
final class RuleFilter {

    private static final Logger LOG = LoggerFactory.getLogger(RuleFilter.class);

    private final Rule.Head rule;
    private final Optional<EventExpression> expression;
    private final Optional<String> fault;
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Whether an event passes. */
    enum Match {
        YES,
        NO,
        /** The filter cannot be used just now. */
        UNKNOWN
    }

    private RuleFilter(Rule.Head rule, Optional<EventExpression> expression, Optional<String> fault) {
        this.rule = rule;
        this.expression = expression;
        this.fault = fault;
    }

    static RuleFilter none(Rule.Head rule) {
        return new RuleFilter(rule, Optional.empty(), Optional.empty());
    }

    static RuleFilter compiled(Rule.Head rule, EventExpression expression) {
        return new RuleFilter(rule, Optional.of(expression), Optional.empty());
    }

    static RuleFilter faulty(Rule.Head rule, String fault) {
        return new RuleFilter(rule, Optional.empty(), Optional.of(fault));
    }

    /** Why it cannot be used. */
    Optional<String> fault() {
        return fault;
    }

    Match test(BrokerEvent event) {
        if (fault.isPresent()) {
            warnOfFault();
            return Match.UNKNOWN;
        }
        if (expression.isEmpty() || expression.get().matches(event)) {
            return Match.YES;
        }
        if (expression.get().overran()) {
            warn("{}: its filter costs too much for some events, which therefore do not match; write a simpler one in {}", rule,
                    rule.file().path());
        }
        return Match.NO;
    }

    /** Says that it cannot be used, if it has not been said yet. */
    void warnOfFault() {
        warn("{} cannot decide: {}. {}", rule, fault.orElseThrow(), consequence());
    }

    /** Says once that something is wrong. */
    private void warn(String text, Object... values) {
        if (!warned.getAndSet(true)) {
            LOG.warn(text, values);
        }
    }

    /** What it means that it cannot be used, and what to do. */
    private String consequence() {
        String heldBack = switch (rule.kind()) {
            case ACCEPT -> "events that it would decide on are not taken, their senders are to try again later";
            case RELAY -> "events that it would decide on are not sent";
            case FILTER -> "nothing depends on it";
        };
        return "Until that is mended, " + heldBack + "; correct or remove " + rule.file().path();
    }
}
