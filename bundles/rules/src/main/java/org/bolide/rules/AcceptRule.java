package org.bolide.rules;

import java.util.Locale;
import java.util.Optional;

import org.bolide.api.BrokerEvent;
import org.bolide.api.Submission;

/**
 * Decides which events enter the log.
 *
 * @param origin empty for any
 */
record AcceptRule(Head head, Sources sources, Optional<Submission.Origin> origin, EventCriteria events, Optional<FilterText> filter)
        implements Rule {

    /** Whether it matches, as far as can be said without its filter. */
    boolean matches(BrokerEvent candidate, Submission.Origin from, Sender sender) {
        return (origin.isEmpty() || origin.get() == from) && events.matches(candidate) && sources.contain(sender);
    }

    @Override
    public String condition() {
        return Rule.condition("every event",
                "from", sources.toString(),
                "origin", origin.map(some -> some.name().toLowerCase(Locale.ROOT)).orElse(""),
                "identifier", events.prefixesText(),
                "role", events.rolesText(),
                "filter", filter.map(FilterText::toString).orElse(""));
    }
}
