package org.bolide.rules;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.bolide.api.FilterLanguage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All rules at one time, each kind in the order in which it is asked. Immutable but for the counts. */
record InForce(List<LiveRule<AcceptRule>> accept, List<LiveRule<RelayRule>> relay, List<LiveRule<FilterRule>> filter) {

    static final InForce NOTHING = new InForce(List.of(), List.of(), List.of());

    private static final Logger LOG = LoggerFactory.getLogger(InForce.class);

    /** A rule as its file has it, and its count. */
    record Held(Rule rule, Tally tally) {}

    /** What follows these; a rule for which nothing has changed stays the same object. Runs the languages' code. */
    InForce next(List<Held> rules, Map<String, FilterLanguage> languages) {
        return new InForce(
                next(AcceptRule.class, accept, rules, languages),
                next(RelayRule.class, relay, rules, languages),
                next(FilterRule.class, filter, rules, languages));
    }

    private static <R extends Rule> List<LiveRule<R>> next(
            Class<R> kind, List<LiveRule<R>> before, List<Held> rules, Map<String, FilterLanguage> languages) {
        return rules.stream()
                .filter(held -> kind.isInstance(held.rule))
                .sorted((a, b) -> a.rule.head().compareTo(b.rule.head()))
                .map(held -> before.stream()
                        .filter(live -> live.isStill(held.rule, languages))
                        .findFirst()
                        .orElseGet(() -> LiveRule.of(kind.cast(held.rule), held.tally, languages)))
                .toList();
    }

    Stream<LiveRule<?>> all() {
        return Stream.of(accept, relay, filter).flatMap(List::stream);
    }

    /** Whether what is relayed to whom is decided otherwise than there. */
    boolean relaysOtherwise(InForce other) {
        return !relay.equals(other.relay) || !filter.equals(other.filter);
    }

    /** Tells an operator what is in force now and was not before. */
    void log(InForce before) {
        Map<String, LiveRule<?>> former = before.byKey();
        byKey().forEach((key, now) -> log(former.remove(key), now));
        former.values().forEach(gone -> LOG.info("{} is gone", gone.title()));
    }

    private static void log(LiveRule<?> before, LiveRule<?> now) {
        if (before == now) {
            return;
        }
        boolean isEdited = before != null && before.rule() != now.rule();
        if (now.isWrong()) {
            now.filter().warnOfFault();
        } else if (now.filter().fault().isPresent()) {
            // When the broker starts, the language comes a moment later.
            LOG.info("{} waits: {}", now.title(), now.filter().fault().get());
        } else if (before == null || isEdited || before.filter().fault().isPresent()) {
            LOG.info("{} is {}: {}", now.title(), isEdited ? "changed" : "in force", now);
        }
    }

    private Map<String, LiveRule<?>> byKey() {
        return all().collect(Collectors.toMap(live -> live.rule().head().key(), Function.identity()));
    }
}
