package org.bolide.rules;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.bolide.api.FilterLanguage;
import org.bolide.api.FilterSyntaxException;
import org.bolide.api.management.Rules.RuleStatus;

/** A rule in force: with its count, and its filter in the language that is there just now. One object is one state. */
final class LiveRule<R extends Rule> {

    private final R rule;
    private final Tally tally;
    private final Optional<FilterLanguage> language;
    private final RuleFilter filter;

    private LiveRule(R rule, Tally tally, Optional<FilterLanguage> language, RuleFilter filter) {
        this.rule = rule;
        this.tally = tally;
        this.language = language;
        this.filter = filter;
    }

    /** Compiles the rule's filter; runs the language's code, so no lock may be held. */
    static <R extends Rule> LiveRule<R> of(R rule, Tally tally, Map<String, FilterLanguage> languages) {
        Optional<FilterLanguage> language = rule.filter().map(filter -> languages.get(filter.language()));
        return new LiveRule<>(rule, tally, language, compile(rule, language));
    }

    private static RuleFilter compile(Rule rule, Optional<FilterLanguage> language) {
        Rule.Head head = rule.head();
        if (rule.filter().isEmpty()) {
            return RuleFilter.none(head);
        }
        Rule.FilterText filter = rule.filter().get();
        if (language.isEmpty()) {
            return RuleFilter.faulty(head, "the filter language " + filter.language() + " is not installed");
        }
        try {
            return RuleFilter.compiled(head, language.get().compile(filter.text(), Map.of()));
        } catch (FilterSyntaxException e) {
            return RuleFilter.faulty(head, head.file().wrong("filter", e.getMessage()).getMessage());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // Foreign code, whose bundle may just be going: whatever it is, the rule stays where it stands.
            return RuleFilter.faulty(head, head.file().wrong("filter", "the language failed to compile it: " + e).getMessage());
        }
    }

    /** Whether nothing has changed. */
    boolean isStill(Rule otherRule, Map<String, FilterLanguage> languages) {
        return rule == otherRule && rule.filter().map(text -> languages.get(text.language())).equals(language);
    }

    /** Whether its filter was refused by its language, which only another text will mend. */
    boolean isWrong() {
        return language.isPresent() && filter.fault().isPresent();
    }

    R rule() {
        return rule;
    }

    Tally tally() {
        return tally;
    }

    RuleFilter filter() {
        return filter;
    }

    RuleStatus status() {
        Rule.Head head = rule.head();
        return new RuleStatus(head.kind(), head.name(), head.order(), head.allow(), rule.condition(), tally.matched(), filter.fault());
    }

    /** Which rule it is, for people who see rules of all kinds. */
    String title() {
        return "the " + rule.head().kind().name().toLowerCase(Locale.ROOT) + " " + rule.head();
    }

    /** What it says. */
    @Override
    public String toString() {
        Rule.Head head = rule.head();
        return "order " + head.order() + ", " + (head.allow() ? "allow " : "deny ") + rule.condition();
    }
}
