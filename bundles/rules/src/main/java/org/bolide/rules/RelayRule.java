package org.bolide.rules;

import java.util.Optional;

/** Decides which events are sent to whom. */
record RelayRule(Head head, Subscribers subscribers, EventCriteria events, Optional<FilterText> filter) implements Rule {

    /** Whether it matches every event, so that no later rule is ever asked for these subscribers. */
    boolean isLast() {
        return events.isEverything() && filter.isEmpty();
    }

    @Override
    public String condition() {
        return Rule.condition("every event to everybody",
                "listener", subscribers.listenersText(),
                "to", subscribers.networksText(),
                "identifier", events.prefixesText(),
                "role", events.rolesText(),
                "filter", filter.map(FilterText::toString).orElse(""));
    }
}
