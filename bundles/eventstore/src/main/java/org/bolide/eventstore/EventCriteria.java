package org.bolide.eventstore;

import java.util.Locale;
import java.util.Optional;

import org.bolide.api.EventQuery;

/** What SQL can say of an {@link EventQuery}: never too little, for {@link EventQuery#matches} decides in the end. */
final class EventCriteria {

    private final EventQuery query;
    private final Dialect.Identifiers identifiers;

    EventCriteria(EventQuery query, Dialect.Identifiers identifiers) {
        this.query = query;
        this.identifiers = identifiers;
    }

    private <C extends EventQuery.Criterion> Optional<C> one(Class<C> kind) {
        return query.criteria(kind).findFirst();
    }

    /** Whether nothing can match: no event of the log is as late as that. */
    boolean isImpossible() {
        return one(EventQuery.ReceivedSince.class).map(EventQuery.ReceivedSince::time).filter(time -> Times.atOrAfter(time).isEmpty()).isPresent();
    }

    /** Whether what these say is all there is to say. */
    boolean isExact() {
        return part().isEmpty() && one(EventQuery.Cone.class).isEmpty();
    }

    /** The stream whose events stand together in the index of identifiers: no root element can have its name. */
    Optional<String> indexedStream() {
        return one(EventQuery.OfStream.class).map(stream -> stream.names().iterator().next()).map(EventRow::text).filter(stream -> stream.contains("/") && !stream.startsWith("{") && isOfIdentifiers(stream));
    }

    /** For rows of {@code events}, as {@code and} and a condition for each: all but the circle and, if that is asked for, the stream. */
    SqlText conditions(boolean withStream) {
        SqlText all = new SqlText("");
        one(EventQuery.OfRole.class).map(role -> role.names().iterator().next()).ifPresent(role -> all.add(" and role = ?", EventRow.text(role)));
        if (withStream) {
            one(EventQuery.OfStream.class).map(stream -> stream.names().iterator().next()).map(EventRow::text).ifPresent(stream -> addStream(all, stream));
        }
        part().ifPresent(part -> addPart(all, part));
        return all.add(times());
    }

    /** The conditions of time alone. */
    SqlText times() {
        SqlText all = new SqlText("");
        one(EventQuery.ReceivedSince.class).map(EventQuery.ReceivedSince::time).flatMap(Times::atOrAfter).ifPresent(time -> all.add(" and received_at >= ?", time));
        one(EventQuery.ReceivedBefore.class).map(EventQuery.ReceivedBefore::time).flatMap(Times::atOrAfter).ifPresent(time -> all.add(" and received_at < ?", time));
        return all;
    }

    /** The sequences of a stream's events by the index of identifiers; another condition may follow. */
    SqlText ofStream(String stream) {
        String beginning = stream + "#";
        String key = identifiers.keyOf(beginning);
        // From # to ?, which @ follows.
        return new SqlText("select sequence from events where " + identifiers.key() + " >= ? and " + identifiers.key() + " < ?",
                key, stream + "@").add(" and ").add(ofStreamByName(stream));
    }

    /** See {@link org.bolide.api.EventHeader#stream}. */
    private void addStream(SqlText all, String stream) {
        String position = identifiers.position();
        all.add(" and (root = ? and (identifier is null or substr(identifier, 1, 1) in ('#', '?')"
                + " or " + position + "(identifier, '#') = 0 and " + position + "(identifier, '?') = 0)", stream);
        if (isOfIdentifiers(stream)) {
            all.add(" or ").add(ofStreamByName(stream));
        }
        all.add(")");
    }

    private static boolean isOfIdentifiers(String stream) {
        return !stream.isEmpty() && stream.indexOf('#') < 0 && stream.indexOf('?') < 0;
    }

    private static SqlText ofStreamByName(String stream) {
        int length = stream.codePointCount(0, stream.length());
        return new SqlText("substr(identifier, 1, ?) = ? and substr(identifier, ?, 1) in ('#', '?')", length, stream, length + 1);
    }

    /** An empty one is in every identifier, and in none. */
    private Optional<String> part() {
        return one(EventQuery.IdentifierPart.class).map(EventQuery.IdentifierPart::text).filter(part -> !part.isEmpty()).map(part -> part.toLowerCase(Locale.ROOT));
    }

    /** SQL compares what is ASCII; identifiers with other letters are left to Java, which knows their case. */
    private void addPart(SqlText all, String part) {
        all.add(" and (octet_length(identifier) > length(identifier)");
        if (part.chars().allMatch(c -> c < 128)) {
            all.add(" or " + identifiers.position() + "(" + identifiers.lower() + ", ?) > 0", EventRow.text(part));
        }
        all.add(")");
    }
}
