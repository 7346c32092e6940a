package org.bolide.filtering.xpath;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.bolide.api.BrokerEvent;

/**
 * Tells without an evaluation that filters do not pass an event, because it lacks what they cannot do without: of
 * {@code @role="test" and //Param[@name="a" and @value > 4]} an attribute {@code role="test"}, or one {@code name="a"}. The
 * event is looked at once for all filters; the few that remain are evaluated.
 *
 * <p>Its verdict is that of an evaluation, always. What it goes by is what an evaluation comes to before anything that may
 * cost much: a filter that costs too much for an event is not told of here.
 */
final class Index {

    /** No longer ones, lest a long attribute is looked up at each of its lengths. */
    private static final int MAX_PREFIX = 128;

    /** What an event must have. @param prefix whether the value is only the beginning, and the attribute one of the root element */
    private record Need(Name attribute, String value, boolean prefix) {}

    /** A filter's place here, which the filter holds; one of its needs must be there, or it does not pass. */
    static final class Entry extends WeakReference<Object> {

        private final Set<Need> needs;
        private final long number;

        private Entry(Object filter, ReferenceQueue<Object> forgotten, Set<Need> needs, long number) {
            super(filter, forgotten);
            this.needs = needs;
            this.number = number;
        }
    }

    /**
     * What an event keeps.
     *
     * @param upTo the newest filter that has been looked for
     * @param numbers of the filters of which it has a need, in order
     */
    private record Candidates(Index index, long upTo, long[] numbers) {}

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<Name, Map<String, List<Entry>>> byValue = new HashMap<>();
    private final Map<Name, Map<String, List<Entry>>> byPrefix = new HashMap<>();
    private final ReferenceQueue<Object> forgotten = new ReferenceQueue<>();
    private long last;

    /** Takes a filter in, if its form is known here. */
    Optional<Entry> add(Object filter, Parser.Parsed parsed) {
        lock.writeLock().lock();
        try {
            for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
                remove((Entry) gone);
            }
            Optional<Entry> entry = needs(parsed.expression(), parsed.names())
                    .map(needs -> new Entry(filter, forgotten, needs, ++last));
            entry.ifPresent(e -> e.needs.forEach(need -> of(need).computeIfAbsent(need.attribute, name -> new HashMap<>())
                    .computeIfAbsent(need.value, value -> new ArrayList<>(1)).add(e)));
            return entry;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void remove(Entry entry) {
        for (Need need : entry.needs) {
            of(need).computeIfPresent(need.attribute, (name, values) -> {
                values.computeIfPresent(need.value, (value, entries) -> entries.remove(entry) && entries.isEmpty() ? null : entries);
                return values.isEmpty() ? null : values;
            });
        }
    }

    private Map<Name, Map<String, List<Entry>>> of(Need need) {
        return need.prefix ? byPrefix : byValue;
    }

    /** Whether the event does not pass the filter; if not, only an evaluation tells. */
    boolean excludes(Entry entry, BrokerEvent event, Tree tree) {
        Candidates candidates = event.derived(Candidates.class, e -> candidates(tree));
        return candidates.index == this && entry.number <= candidates.upTo
                && Arrays.binarySearch(candidates.numbers, entry.number) < 0;
    }

    private Candidates candidates(Tree tree) {
        lock.readLock().lock();
        try {
            LongStream.Builder numbers = LongStream.builder();
            byValue.forEach((name, values) -> {
                int id = tree.id(name);
                for (int i = id == Tree.ABSENT ? 0 : tree.firstNamed(id, 0); id != Tree.ABSENT && i < tree.endNamed(id); i++) {
                    add(values.get(tree.string(tree.named(i))), numbers);
                }
            });
            byPrefix.forEach((name, values) -> {
                int id = tree.id(name);
                int attribute = id == Tree.ABSENT ? Tree.NONE : tree.attribute(tree.root(), id);
                String value = attribute == Tree.NONE ? "" : tree.string(attribute);
                for (int length = 1; length <= Math.min(value.length(), MAX_PREFIX); length++) {
                    add(values.get(value.substring(0, length)), numbers);
                }
            });
            return new Candidates(this, last, numbers.build().sorted().distinct().toArray());
        } finally {
            lock.readLock().unlock();
        }
    }

    private static void add(List<Entry> entries, LongStream.Builder numbers) {
        if (entries != null) {
            entries.forEach(entry -> numbers.add(entry.number));
        }
    }

    /**
     * What an event must have at least one of, lest the expression, with the root element as its context, is false; and
     * then it is false at little cost. Empty if there is nothing of that kind.
     */
    private Optional<Set<Need>> needs(Expr expr, List<Name> names) {
        if (expr instanceof Operators.Or || expr instanceof Paths.Union) {
            Set<Need> all = new LinkedHashSet<>();
            for (Expr part : expr.parts()) {
                Optional<Set<Need>> needs = needs(part, names);
                if (needs.isEmpty()) {
                    return Optional.empty();
                }
                all.addAll(needs.get());
            }
            return Optional.of(all);
        }
        if (expr instanceof Operators.And) {
            List<Set<Need>> choice = new ArrayList<>();
            for (Expr part : expr.parts()) {
                // The last first: people begin with the role.
                needs(part, names).ifPresent(needs -> choice.add(0, needs));
                // What comes later may never be reached.
                if (attribute(part, names).isEmpty()) {
                    break;
                }
            }
            return rarest(choice.stream());
        }
        if (expr instanceof Comparison comparison && comparison.ofNodesWithConstant()
                && !(comparison.left() instanceof Paths.Attribute)) {
            return needs(comparison.left(), names);
        }
        if (expr instanceof Paths.Filtered filtered) {
            return needs(filtered.nodes(), names);
        }
        if (expr instanceof Paths.Path path) {
            return path.start() instanceof Paths.Context || path.start() instanceof Paths.Document
                    ? rarest(path.steps().get(0).keys().stream()
                            .map(key -> Set.of(new Need(names.get(key.slot()), key.value(), false))))
                    : needs(path.start(), names);
        }
        return attribute(expr, names).map(Set::of);
    }

    /** A test of an attribute of the root element, which costs next to nothing. */
    private static Optional<Need> attribute(Expr expr, List<Name> names) {
        if (expr instanceof Calls.ToBoolean call && call.function() == Function.STARTS_WITH
                && call.parts().get(0) instanceof Paths.Attribute attribute
                && call.parts().get(1) instanceof Expr.Constant.Text start
                && !start.value().isEmpty() && start.value().length() <= MAX_PREFIX) {
            return Optional.of(new Need(names.get(attribute.slot()), start.value(), true));
        }
        return Comparison.key(expr).map(key -> new Need(names.get(key.slot()), key.value(), false));
    }

    /** What the fewest filters go by, so that an event has few candidates; of equals the first. */
    private Optional<Set<Need>> rarest(Stream<Set<Need>> choice) {
        return choice.reduce((a, b) -> filters(b) < filters(a) ? b : a);
    }

    private int filters(Set<Need> needs) {
        return needs.stream().mapToInt(need ->
                of(need).getOrDefault(need.attribute, Map.of()).getOrDefault(need.value, List.of()).size()).sum();
    }
}
