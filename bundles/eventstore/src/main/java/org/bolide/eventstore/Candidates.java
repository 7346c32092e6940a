package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.Cited;
import org.bolide.api.EventQuery.Citing;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventQuery.CitingPart;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventQuery.Criterion;
import org.bolide.api.EventQuery.IdentifierPrefix;
import org.bolide.api.EventQuery.OfStream;

/**
 * Which events have to be looked at for a query: those that an index has for one of its criteria, the one that as a rule leaves the
 * fewest, or all. The index has seen to that criterion as far as SQL can.
 */
final class Candidates {

    /** Of a criterion that so many events meet one is met soon. */
    private static final int BROAD = 20_000;

    /** By the index of identifiers; the plus keeps the database from reading the log in its order instead. */
    private static final String UNSORTED = "select +sequence as sequence from events where ";

    private final Connection connection;
    private final EventCriteria criteria;
    private final Dialect.Identifiers identifiers;
    private final long latest;
    private final Optional<EventFacts> told;
    private final Set<Criterion> indexed;
    private final Optional<SqlText> index;

    /**
     * Chooses.
     *
     * @param latest the newest sequence to be found
     * @param isPage whether as a rule few of those that match are wanted, in the order of the log
     */
    Candidates(Connection connection, EventCriteria criteria, Dialect.Identifiers identifiers, long latest, boolean isPage) throws SQLException {
        this.connection = connection;
        this.criteria = criteria;
        this.identifiers = identifiers;
        this.latest = latest;
        if (criteria.isImpossible()) {
            told = Optional.empty();
            indexed = Set.of();
            index = Optional.empty();
            return;
        }
        Set<Criterion> facts = criteria.query().criteria().stream().filter(EventFacts::tell).collect(Collectors.toSet());
        Optional<Criterion> first = first(facts, isPage);
        boolean byFacts = first.isEmpty() && !facts.isEmpty()
                && (facts.stream().anyMatch(EventFacts::isAuthored) || facts.containsAll(criteria.query().criteria()));
        told = byFacts ? Optional.of(new EventFacts(connection, identifiers, criteria, latest)) : Optional.empty();
        indexed = byFacts ? facts : first.map(Set::of).orElse(Set.of());
        index = byFacts ? told.map(EventFacts::sequences) : first.isPresent() ? Optional.of(index(first.get())) : Optional.empty();
    }

    /** The criterion whose index is best; empty where the facts are better, or there is none. */
    private Optional<Criterion> first(Set<Criterion> facts, boolean isPage) throws SQLException {
        EventQuery query = criteria.query();
        boolean factsTellAll = facts.containsAll(query.criteria());
        List<Criterion> useful = new ArrayList<>();
        query.criteria(CitingOne.class).findFirst().ifPresent(useful::add);
        query.criteria(Cone.class).min(Comparator.comparing(Cone::radius)).ifPresent(useful::add);
        kind(query, IdentifierPrefix.class, prefix -> !prefix.texts().contains("")).ifPresent(useful::add);
        kind(query, OfStream.class, stream -> stream.names().stream().map(EventRow::text).allMatch(Candidates::standTogether))
                .filter(stream -> isPage || !factsTellAll || facts.size() == 1).ifPresent(useful::add);
        query.criteria(CitingPart.class).findFirst().ifPresent(useful::add);
        if (facts.stream().noneMatch(EventFacts::isAuthored)) {
            kind(query, Citing.class, Citing::any).ifPresent(useful::add);
            kind(query, Cited.class, Cited::is).ifPresent(useful::add);
        }
        for (Criterion criterion : useful) {
            boolean mayBeBroad = criterion instanceof IdentifierPrefix || criterion instanceof OfStream || criterion instanceof Cited;
            if (!isPage || !mayBeBroad || !isBroad(criterion)) {
                return Optional.of(criterion);
            }
        }
        return Optional.empty();
    }

    /** Whether an index that is not in the order of the log has so many that reading the log backwards is as a rule quicker. */
    private boolean isBroad(Criterion criterion) throws SQLException {
        // an event is cited by one or two
        SqlText index = criterion instanceof Cited ? new SqlText("select sequence from citations") : index(criterion);
        SqlText count = new SqlText("select count(*) from (select 1 from (").add(index).add(") as found limit ?) as few", BROAD);
        try (PreparedStatement select = count.prepare(connection); ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1) == BROAD;
        }
    }

    private static <C extends Criterion> Optional<C> kind(EventQuery query, Class<C> kind, Predicate<C> usable) {
        return query.criteria(kind).filter(usable).findFirst();
    }

    /** Whether a stream's events stand together in the index of identifiers: no root element can have its name. */
    private static boolean standTogether(String stream) {
        return stream.contains("/") && !stream.startsWith("{") && EventCriteria.isOfIdentifiers(stream);
    }

    /** The sequences that the index has, each once; empty where all have to be looked at. */
    Optional<SqlText> index() {
        return index;
    }

    /**
     * The sequences of a part of the log that the index has, or, without one, of what SQL lets pass; the first ones in their order.
     *
     * @param max how many, and how many of those are to be skipped
     */
    SqlText portion(long from, long to, boolean descending, long max, long skip) {
        String order = " order by sequence" + (descending ? " desc" : "") + " limit ?";
        SqlText part = new SqlText(" and sequence >= ? and sequence <= ?", from, to);
        if (told.isPresent()) {
            SqlText parts = told.get().sequences(new SqlText("").add(part).add(order, max + skip));
            return new SqlText("select sequence from (").add(parts).add(") as candidates").add(order + " offset ?", max, skip);
        }
        return index.map(sequences -> new SqlText("select sequence from (").add(sequences).add(") as candidates where 1 = 1").add(part))
                .orElseGet(() -> new SqlText("select sequence from events where 1 = 1").add(part).add(conditions()))
                .add(order + " offset ?", max, skip);
    }

    /** What the index has not seen to, as {@code and} and a condition for each. */
    SqlText conditions() {
        return criteria.conditions(indexed);
    }

    /** Rows of {@code events} that SQL lets pass, from {@code from} on; another condition may follow. */
    SqlText rows() {
        SqlText from = new SqlText(" from events where ");
        if (index.isPresent()) {
            from.add("sequence in (select sequence from (").add(index.get()).add(") as candidates where sequence <= ?)", latest);
        } else {
            from.add("+sequence <= ?", latest); // whatever index has least to be read
        }
        return from.add(conditions());
    }

    private SqlText index(Criterion criterion) throws SQLException {
        if (criterion instanceof CitingOne citing) {
            return new SqlText("select distinct sequence from citations where " + identifiers.key("identifier") + " in ")
                    .add(EventCriteria.list(citing.identifiers().stream().map(EventRow::text).map(identifiers::keyOf).toList()))
                    .add(" and identifier in ").add(EventCriteria.list(citing.identifiers()));
        } else if (criterion instanceof Cone cone) {
            return bySky(new SkyCone(cone));
        } else if (criterion instanceof IdentifierPrefix prefix) {
            return union(shortest(prefix.texts()).stream().map(this::byPrefix).toList());
        } else if (criterion instanceof OfStream stream) {
            return union(stream.names().stream().map(EventRow::text).map(this::byStream).toList());
        } else if (criterion instanceof CitingPart part) {
            return new SqlText("select distinct sequence from citations where ").add(criteria.hasPart("identifier", part.texts()));
        } else if (criterion instanceof Citing) {
            return new SqlText("select sequence from citations where ordinal = 0");
        }
        return new SqlText("select distinct e.sequence from citations as c cross join events as e where "
                + identifiers.key("e.identifier") + " = " + identifiers.key("c.identifier") + " and e.identifier = c.identifier");
    }

    private static SqlText union(List<SqlText> selects) {
        SqlText all = new SqlText("");
        selects.forEach(select -> all.add(all.isEmpty() ? "" : " union all ").add(select));
        return all;
    }

    /** Without those that begin with another one. */
    private static List<String> shortest(Collection<String> prefixes) {
        List<String> kept = new ArrayList<>();
        prefixes.stream().map(EventRow::text).sorted().filter(prefix -> kept.stream().noneMatch(prefix::startsWith)).forEach(kept::add);
        return kept;
    }

    private SqlText byPrefix(String prefix) {
        String key = identifiers.keyOf(prefix);
        SqlText range = new SqlText(UNSORTED + identifiers.key("identifier") + " >= ?", key);
        after(key).ifPresent(end -> range.add(" and " + identifiers.key("identifier") + " < ?", end));
        return range.add(" and ").add(EventCriteria.hasPrefix(prefix));
    }

    /** The first text, code point by code point, after all that begin so; empty if there is none. */
    static Optional<String> after(String prefix) {
        for (int end = prefix.length(); end > 0; end = prefix.offsetByCodePoints(end, -1)) {
            int last = prefix.codePointBefore(end);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 >= Character.MIN_SURROGATE && last + 1 <= Character.MAX_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return Optional.of(prefix.substring(0, prefix.offsetByCodePoints(end, -1)) + Character.toString(next));
            }
        }
        return Optional.empty();
    }

    private SqlText byStream(String stream) {
        // from # to ?, which @ follows
        return new SqlText(UNSORTED + identifiers.key("identifier") + " >= ? and " + identifiers.key("identifier") + " < ?",
                identifiers.keyOf(stream + "#"), stream + "@").add(" and ").add(EventCriteria.ofStreamByName(stream));
    }

    /** What is in the index of the sky, and then the newer events in their own order. */
    private SqlText bySky(SkyCone cone) throws SQLException {
        long moved = LongWork.number(connection, "select sky_sequence from log_state");
        SqlText sequences = new SqlText("select sequence from sky_index where cell = " + SkyCell.ELSEWHERE);
        for (int[] range : cone.cells()) {
            sequences.add(" union all select sequence from sky_index where cell between " + range[0] + " and " + range[1]);
        }
        return sequences.add(" union all select sequence from events where sequence > ? and sequence <= ? and longitude is not null"
                + " and (latitude between ? and ? or latitude not between -90 and 90)", moved, latest, cone.south(), cone.north());
    }
}
