package org.bolide.rules;

import java.util.List;
import java.util.Optional;

/** Decides who may filter in which language. */
record FilterRule(Head head, Subscribers subscribers, List<String> languages) implements Rule {

    @Override
    public Optional<FilterText> filter() {
        return Optional.empty();
    }

    @Override
    public String condition() {
        return Rule.condition("",
                "language", String.join(" or ", languages),
                "listener", subscribers.listenersText(),
                "from", subscribers.networksText());
    }
}
