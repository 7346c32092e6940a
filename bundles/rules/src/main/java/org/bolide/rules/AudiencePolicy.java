package org.bolide.rules;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import org.bolide.api.BrokerEvent;
import org.bolide.api.RelayPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay and filter rules in force. Subscribers are one audience when the same relay rules can apply to them and they
 * may filter in the same languages. Immutable: other rules are another policy.
 */
final class AudiencePolicy implements RelayPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(AudiencePolicy.class);
    /** What everybody may filter in unless a rule says otherwise. */
    private static final String XPATH = "xpath";

    private final List<LiveRule<RelayRule>> relay;
    private final List<LiveRule<FilterRule>> filter;
    private final Map<Group, RuledAudience> audiences = new ConcurrentHashMap<>();

    private record Group(List<LiveRule<RelayRule>> rules, Set<String> languages) {}

    AudiencePolicy(List<LiveRule<RelayRule>> relay, List<LiveRule<FilterRule>> filter) {
        this.relay = relay;
        this.filter = filter;
    }

    @Override
    public Audience audienceOf(String listener, InetAddress address) {
        List<LiveRule<RelayRule>> rules = new ArrayList<>();
        for (LiveRule<RelayRule> live : relay) {
            if (live.rule().subscribers().contain(listener, address)) {
                rules.add(live);
                if (live.rule().isLast()) {
                    break;
                }
            }
        }
        return audiences.computeIfAbsent(new Group(List.copyOf(rules), languages(listener, address)),
                group -> new RuledAudience(group.rules, group.languages));
    }

    private Set<String> languages(String listener, InetAddress address) {
        Set<String> known = new TreeSet<>(Set.of(XPATH));
        filter.forEach(live -> known.addAll(live.rule().languages()));
        known.removeIf(language -> !mayFilter(language, listener, address));
        return Set.copyOf(known);
    }

    private boolean mayFilter(String language, String listener, InetAddress address) {
        for (LiveRule<FilterRule> live : filter) {
            if (live.rule().languages().contains(language) && live.rule().subscribers().contain(listener, address)) {
                boolean allow = live.rule().head().allow();
                live.tally().decided(allow);
                return allow;
            }
        }
        return language.equals(XPATH);
    }

    private static final class RuledAudience implements Audience {

        private final List<LiveRule<RelayRule>> rules;
        private final Set<String> languages;

        RuledAudience(List<LiveRule<RelayRule>> rules, Set<String> languages) {
            this.rules = rules;
            this.languages = languages;
        }

        @Override
        public Set<String> filterLanguages() {
            return languages;
        }

        @Override
        public boolean mayReceive(BrokerEvent event) {
            if (rules.isEmpty()) {
                return true;
            }
            Map<Audience, Boolean> verdicts = event.derived(Verdicts.class, each -> new Verdicts()).byAudience;
            Boolean known = verdicts.get(this);
            if (known != null) {
                return known;
            }
            for (LiveRule<RelayRule> live : rules) {
                RuleFilter.Match match = live.rule().events().matches(event) ? live.filter().test(event) : RuleFilter.Match.NO;
                if (match != RuleFilter.Match.NO) {
                    return decided(event, verdicts, live, match);
                }
            }
            verdicts.put(this, true);
            return true;
        }

        /** Several threads may come to it at once; one of them counts. */
        private boolean decided(BrokerEvent event, Map<Audience, Boolean> verdicts, LiveRule<RelayRule> live, RuleFilter.Match match) {
            Rule.Head head = live.rule().head();
            boolean known = match == RuleFilter.Match.YES;
            boolean may = known && head.allow();
            if (verdicts.putIfAbsent(this, may) == null) {
                if (known) {
                    live.tally().decided(may);
                } else {
                    live.tally().undecided();
                }
                if (!may) {
                    LOG.debug("id={} position={} source={} not sent to {}: {}", event.header().identifier().orElse("?"), event.sequence(),
                            event.source(), live.rule().condition(), known ? head.refusal() : head + " cannot decide");
                }
            }
            return may;
        }
    }

    /** An event's verdicts. Those of a former policy go with the event. */
    private static final class Verdicts {

        private final Map<Audience, Boolean> byAudience = new ConcurrentHashMap<>(4);
    }
}
