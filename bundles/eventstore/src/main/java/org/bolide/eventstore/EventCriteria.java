package org.bolide.eventstore;

import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.AuthoredSince;
import org.bolide.api.EventQuery.AuthoredUntil;
import org.bolide.api.EventQuery.Cited;
import org.bolide.api.EventQuery.Citing;
import org.bolide.api.EventQuery.CitingOne;
import org.bolide.api.EventQuery.CitingPart;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventQuery.Criterion;
import org.bolide.api.EventQuery.HasPosition;
import org.bolide.api.EventQuery.IdentifierPart;
import org.bolide.api.EventQuery.IdentifierPrefix;
import org.bolide.api.EventQuery.NorthOf;
import org.bolide.api.EventQuery.OfRole;
import org.bolide.api.EventQuery.OfStream;
import org.bolide.api.EventQuery.ReceivedBefore;
import org.bolide.api.EventQuery.ReceivedSince;
import org.bolide.api.EventQuery.SouthOf;

/**
 * What SQL can say of an {@link EventQuery}, as conditions for rows of {@code events}. Most of it is exact; what is not says never
 * too little and is left to {@link EventQuery#matches}: letters whose case SQL does not know, and the exact edge of a circle.
 */
final class EventCriteria {

    private final EventQuery query;
    private final Dialect.Identifiers identifiers;

    EventCriteria(EventQuery query, Dialect.Identifiers identifiers) {
        this.query = query;
        this.identifiers = identifiers;
    }

    EventQuery query() {
        return query;
    }

    /** Whether nothing can match, because of one criterion alone. */
    boolean isImpossible() {
        return query.criteria().stream().anyMatch(EventCriteria::isImpossible);
    }

    private static boolean isImpossible(Criterion criterion) {
        if (criterion instanceof ReceivedSince since) {
            return Times.atOrAfter(since.time()).isEmpty();
        } else if (criterion instanceof NorthOf north) {
            return Double.isNaN(north.latitude());
        } else if (criterion instanceof SouthOf south) {
            return Double.isNaN(south.latitude());
        }
        return values(criterion).filter(Set::isEmpty).isPresent();
    }

    /** The texts of a criterion that has a set of them. */
    private static Optional<Set<String>> values(Criterion criterion) {
        if (criterion instanceof IdentifierPrefix prefix) {
            return Optional.of(prefix.texts());
        } else if (criterion instanceof OfStream stream) {
            return Optional.of(stream.names());
        } else if (criterion instanceof OfRole role) {
            return Optional.of(role.names());
        } else if (criterion instanceof CitingOne citing) {
            return Optional.of(citing.identifiers());
        }
        return criterion instanceof CitingPart part ? Optional.of(part.texts()) : Optional.empty();
    }

    /** What SQL does not decide. */
    EventQuery undecided() {
        return new EventQuery(query.criteria().stream().filter(criterion -> !isExact(criterion)).toList());
    }

    private static boolean isExact(Criterion criterion) {
        if (criterion instanceof AuthoredSince since) {
            return Times.isSortable(since.time());
        } else if (criterion instanceof AuthoredUntil until) {
            return Times.isSortable(until.time());
        } else if (criterion instanceof IdentifierPart part) {
            return part.text().isEmpty();
        }
        return !(criterion instanceof Cone || criterion instanceof CitingPart);
    }

    /** As {@code and} and a condition for each criterion but those that an index has seen to. */
    SqlText conditions(Set<Criterion> except) {
        return conditions(criterion -> !except.contains(criterion));
    }

    /** Whether {@link EventFacts} tell all that is asked, and tell it exactly. */
    boolean isOfFacts() {
        return query.criteria().stream().allMatch(criterion -> EventFacts.tell(criterion) && isExact(criterion));
    }

    /** The conditions of those criteria that {@link EventFacts} tell, for rows of {@code event_facts}. */
    SqlText ofFacts() {
        SqlText all = new SqlText("");
        query.criteria().stream().filter(EventFacts::tell).forEach(criterion -> all.add(" and ").add(criterion instanceof OfStream stream
                ? new SqlText("stream in ").add(list(stream.names()))
                : condition(criterion).get()));
        return all;
    }

    /** The same for rows of {@code events}. */
    SqlText factsOfEvents() {
        return conditions(EventFacts::tell);
    }

    /** The conditions of the time of receipt alone. */
    SqlText times() {
        return conditions(criterion -> criterion instanceof ReceivedSince || criterion instanceof ReceivedBefore);
    }

    private SqlText conditions(Predicate<Criterion> which) {
        SqlText all = new SqlText("");
        query.criteria().stream().filter(which).forEach(criterion -> condition(criterion).ifPresent(condition -> all.add(" and ").add(condition)));
        return all;
    }

    private Optional<SqlText> condition(Criterion criterion) {
        if (criterion instanceof IdentifierPart part) {
            return part.text().isEmpty() ? Optional.empty() : Optional.of(hasPart("identifier", Set.of(part.text())));
        } else if (criterion instanceof IdentifierPrefix prefix) {
            return prefix.texts().contains("") ? Optional.empty() : Optional.of(anyOf(prefix.texts(), EventCriteria::hasPrefix));
        } else if (criterion instanceof OfStream stream) {
            return Optional.of(anyOf(stream.names(), this::ofStream));
        } else if (criterion instanceof OfRole role) {
            return Optional.of(new SqlText("role in ").add(list(role.names())));
        } else if (criterion instanceof ReceivedSince since) {
            return Times.atOrAfter(since.time()).map(time -> new SqlText("received_at >= ?", time));
        } else if (criterion instanceof ReceivedBefore before) {
            return Times.atOrAfter(before.time()).map(time -> new SqlText("received_at < ?", time));
        } else if (criterion instanceof AuthoredSince since) {
            return Optional.of(authoredSince(since.time()));
        } else if (criterion instanceof AuthoredUntil until) {
            return Optional.of(authoredUntil(until.time()));
        } else if (criterion instanceof Citing || criterion instanceof CitingOne || criterion instanceof CitingPart || criterion instanceof Cited) {
            return Optional.of(citation(criterion));
        }
        return position(criterion);
    }

    /**
     * A year of more than four digits has a sign before it; + sorts before -, and both before digits. The Z sorts after digits, so that
     * it must go where nanoseconds may come.
     */
    private static SqlText authoredSince(Instant time) {
        if (!Times.isSortable(time)) {
            return new SqlText("authored_at is not null");
        }
        return new SqlText(Times.hasNanos(time) ? "(rtrim(authored_at, 'Z') >= ? or authored_at < '-')" : "(authored_at >= ? or authored_at < '-')",
                Times.authoredKey(time));
    }

    private static SqlText authoredUntil(Instant time) {
        if (!Times.isSortable(time)) {
            return new SqlText("authored_at is not null");
        }
        String key = Times.authoredKey(time);
        return Times.hasNanos(time)
                ? new SqlText("(rtrim(authored_at, 'Z') <= ? and authored_at >= '-')", key)
                : new SqlText("((authored_at < ? or authored_at = ?) and authored_at >= '-')", key, key + "Z");
    }

    private static Optional<SqlText> position(Criterion criterion) {
        if (criterion instanceof HasPosition position) {
            return Optional.of(new SqlText(position.has() ? "frame is not null" : "frame is null"));
        } else if (criterion instanceof NorthOf north) {
            // what is no number is above all numbers in PostgreSQL
            return Optional.of(new SqlText("(latitude > ? and latitude <= ?)", north.latitude(), Double.POSITIVE_INFINITY));
        } else if (criterion instanceof SouthOf south) {
            return Optional.of(new SqlText("latitude < ?", south.latitude()));
        } else if (criterion instanceof Cone cone) {
            SkyCone circle = new SkyCone(cone);
            return Optional.of(new SqlText("(latitude between ? and ? or latitude not between -90 and 90)", circle.south(), circle.north()));
        }
        throw new IllegalArgumentException("unknown criterion " + criterion);
    }

    private SqlText citation(Criterion criterion) {
        if (criterion instanceof Cited cited) {
            return new SqlText(cited.is() ? "exists" : "not exists").add(" (select 1 from citations as c where "
                    + identifiers.key("c.identifier") + " = " + identifiers.key("events.identifier") + " and c.identifier = events.identifier)");
        }
        SqlText exists = new SqlText("exists (select 1 from citations as c where c.sequence = events.sequence");
        if (criterion instanceof CitingOne citing) {
            exists.add(" and c.identifier in ").add(list(citing.identifiers()));
        } else if (criterion instanceof CitingPart part) {
            exists.add(" and ").add(hasPart("c.identifier", part.texts()));
        } else if (criterion instanceof Citing citing && !citing.any()) {
            return new SqlText("not ").add(exists).add(")");
        }
        return exists.add(")");
    }

    /** See {@link org.bolide.api.EventHeader#stream}. */
    private SqlText ofStream(String stream) {
        String name = EventRow.text(stream);
        SqlText either = new SqlText("(root = ? and (identifier is null or substr(identifier, 1, 1) in ('#', '?')"
                + " or " + identifiers.position("identifier", "'#'") + " = 0 and " + identifiers.position("identifier", "'?'") + " = 0)", name);
        return (isOfIdentifiers(name) ? either.add(" or ").add(ofStreamByName(name)) : either).add(")");
    }

    static boolean isOfIdentifiers(String stream) {
        return !stream.isEmpty() && stream.indexOf('#') < 0 && stream.indexOf('?') < 0;
    }

    static SqlText ofStreamByName(String stream) {
        int length = stream.codePointCount(0, stream.length());
        return new SqlText("substr(identifier, 1, ?) = ? and substr(identifier, ?, 1) in ('#', '?')", length, stream, length + 1);
    }

    static SqlText hasPrefix(String prefix) {
        String text = EventRow.text(prefix);
        return new SqlText("substr(identifier, 1, ?) = ?", text.codePointCount(0, text.length()), text);
    }

    /** SQL compares what is ASCII; texts with other letters are left to Java, which knows their case. An empty part is in every text. */
    SqlText hasPart(String column, Collection<String> parts) {
        SqlText any = new SqlText("(octet_length(" + column + ") > length(" + column + ")");
        for (String part : parts) {
            String lower = EventRow.text(part).toLowerCase(Locale.ROOT);
            if (lower.isEmpty()) {
                any.add(" or 1 = 1");
            } else if (lower.chars().allMatch(c -> c < 128)) {
                any.add(" or " + identifiers.position(identifiers.lower(column), "?") + " > 0", lower);
            }
        }
        return any.add(")");
    }

    private static SqlText anyOf(Collection<String> texts, Function<String, SqlText> condition) {
        SqlText any = new SqlText("(1 = 0");
        texts.forEach(text -> any.add(" or ").add(condition.apply(text)));
        return any.add(")");
    }

    /** {@code (?, ?)} with these values. */
    static SqlText list(Collection<String> texts) {
        return new SqlText(texts.stream().map(text -> "?").collect(Collectors.joining(", ", "(", ")")), texts.stream().map(EventRow::text).toArray());
    }
}
