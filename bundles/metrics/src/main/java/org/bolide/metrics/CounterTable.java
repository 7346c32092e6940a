package org.bolide.metrics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Which count of a component is which metric. A component is of a kind, {@code receiver} for {@code receiver.public}; its counts
 * are named without it. A count that is not in the table is shown by {@link Family#OTHER}, and an integration test fails.
 */
final class CounterTable {

    /** Stands for the component's own name: {@code public}. */
    private static final String NAME = "@name";
    /** Stands for the whole: {@code receiver.public}. */
    private static final String COMPONENT = "@component";

    private static final List<String> RESULTS = List.of("accepted", "duplicate", "refused", "unavailable");

    private record Target(Family family, double unit, List<String> labels) {

        String[] labels(String component, String name) {
            return labels.stream().map(label -> switch (label) {
                case NAME -> name;
                case COMPONENT -> component;
                default -> label;
            }).toArray(String[]::new);
        }
    }

    /** The counts of one kind of component. */
    private static final class Kind {

        private final Map<String, Target> targets = new HashMap<>();

        Kind one(String count, Family family, String... labels) {
            return unit(count, 1, family, labels);
        }

        Kind unit(String count, double unit, Family family, String... labels) {
            targets.put(count, new Target(family, unit, List.of(labels)));
            return this;
        }

        /** A count for each word, which is the value of the last label. */
        Kind each(List<String> words, String prefix, Family family, String... labels) {
            for (String word : words) {
                List<String> all = new ArrayList<>(List.of(labels));
                all.add(word);
                targets.put(prefix + word, new Target(family, 1, List.copyOf(all)));
            }
            return this;
        }
    }

    private static final Map<String, Kind> TABLE = Map.of(
            "intake", new Kind()
                    .each(RESULTS, "", Family.EVENTS)
                    .each(List.of("malformed", "unknown", "invalid", "rule"), "refused.", Family.REFUSED)
                    .one("faulty", Family.FAULTY),
            "log", new Kind()
                    .one("slowed", Family.HELD)
                    .unit("slowed.millis", 0.001, Family.HELD_TIME),
            "eventstore", new Kind()
                    .one("appended", Family.APPENDED)
                    .one("duplicates", Family.DUPLICATES)
                    .one("failures", Family.LOG_FAILURES, "write")
                    .one("expired.failures", Family.LOG_FAILURES, "expiry")
                    .one("upkeep.failures", Family.LOG_FAILURES, "upkeep")
                    .each(List.of("events", "digests"), "expired.", Family.EXPIRED)
                    .one("digests.inmemory", Family.LOG_DIGESTS)
                    .one("disk.bytes", Family.LOG_DISK)
                    .one("disk.free.bytes", Family.LOG_FREE)
                    .one("content.bytes", Family.LOG_CONTENT)
                    .one("events", Family.LOG_EVENTS),
            "filtering", new Kind()
                    .each(List.of("compiled", "refused"), "filter.", Family.FILTER_TEXTS)
                    .one("filter.verdicts", Family.FILTER_VERDICTS)
                    .one("filter.verdicts.failed", Family.FILTER_FAULTS, "error")
                    .one("filter.verdicts.overran", Family.FILTER_FAULTS, "cost")
                    .one("filter.trees", Family.FILTER_TREES, "made")
                    .one("filter.trees.failed", Family.FILTER_TREES, "failed"),
            "receiver", listener()
                    .each(RESULTS, "events.", Family.RECEIVED, NAME)
                    .each(List.of("slowed", "timeouts", "garbage", "truncated", "quota"), "", Family.RECEIVER_FAULTS, NAME),
            "broadcaster", listener()
                    .one("events.sent", Family.DELIVERIES, NAME)
                    .one("acks", Family.ACKNOWLEDGED, NAME)
                    .each(List.of("unsettled", "taken-over", "garbage", "iamalive"), "cut.", Family.CUT, NAME)
                    .each(List.of("refused", "overran"), "filters.", Family.SUBSCRIBER_FILTERS, NAME)
                    .each(List.of("test-events", "held-back", "resumed"), "", Family.BROADCASTER_WORK, NAME),
            "subscription", new Kind()
                    .each(RESULTS, "events.", Family.REMOTE_EVENTS, NAME)
                    .one("missed", Family.MISSED, NAME)
                    .one("connects", Family.REMOTE_LINK, NAME, "made")
                    .one("connects.failed", Family.REMOTE_LINK, NAME, "failed")
                    .one("connections.lost", Family.REMOTE_LINK, NAME, "lost")
                    .each(List.of("name-refused", "filtered-locally"), "", Family.REMOTE_WORK, NAME),
            "vocabulary", new Kind()
                    .each(List.of("good", "faulty", "malformed"), "events.", Family.VOCABULARY, NAME)
                    .one("schemas.refused", Family.SCHEMAS, NAME),
            "watch", new Kind()
                    .one("events", Family.WATCHED, "counted")
                    .one("expired", Family.WATCHED, "expired")
                    .one("alarms", Family.STREAM_ALARMS)
                    .one("forgotten", Family.STREAM_FORGOTTEN));

    private CounterTable() {
    }

    private static Kind listener() {
        return new Kind()
                .one("connections", Family.CONNECTIONS, COMPONENT)
                .each(List.of("allow-list", "banned", "connections"), "refused.", Family.CONNECTIONS_REFUSED, COMPONENT);
    }

    /** The name that an operator gave to a component: {@code public} of {@code receiver.public}. */
    static String name(String component) {
        return component.substring(component.indexOf('.') + 1);
    }

    /**
     * Adds a component's counts. What is only counted from its first time on is there as 0 before: a rate needs that.
     *
     * @param component its service property {@code bolide.component}
     */
    static void read(String component, SortedMap<String, Long> counts, Readings into) {
        String name = name(component);
        Kind kind = TABLE.get(component.replaceFirst("\\..*", ""));
        if (kind != null) {
            kind.targets.values().stream().filter(target -> target.family.type() == Family.Type.COUNTER)
                    .forEach(target -> into.add(target.family, 0, target.labels(component, name)));
        }
        counts.forEach((count, value) -> {
            String own = count.startsWith(component + ".") ? count.substring(component.length() + 1) : count;
            Target target = kind == null ? null : kind.targets.get(own);
            if (target != null) {
                into.add(target.family, value * target.unit, target.labels(component, name));
            } else if (!component.equals("rules") || !rule(own, value, into)) {
                into.add(Family.OTHER, value, component, own);
            }
        });
    }

    /** A rule's count has the name of the rule inside, which may have dots: {@code accept.no-tests.denied}. */
    private static boolean rule(String count, long value, Readings into) {
        int first = count.indexOf('.');
        int last = count.lastIndexOf('.');
        if (first < 0 || last <= first || !List.of("allowed", "denied", "undecided").contains(count.substring(last + 1))) {
            return false;
        }
        into.add(Family.RULES, value, count.substring(0, first), count.substring(first + 1, last), count.substring(last + 1));
        return true;
    }
}
