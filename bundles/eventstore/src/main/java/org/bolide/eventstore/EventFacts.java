package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.bolide.api.EventQuery.AuthoredSince;
import org.bolide.api.EventQuery.AuthoredUntil;
import org.bolide.api.EventQuery.Criterion;
import org.bolide.api.EventQuery.OfRole;
import org.bolide.api.EventQuery.OfStream;

/** The table {@code event_facts}, a tenth of {@code events}, and what it does not have yet. */
final class EventFacts {

    private final SqlText indexed;
    private final SqlText newer;
    private final String columns;

    /**
     * Of what the criteria let pass that these tell; the others do not matter.
     *
     * @param latest the newest sequence that counts
     */
    EventFacts(Connection connection, Dialect.Identifiers identifiers, EventCriteria criteria, long latest) throws SQLException {
        long moved = LongWork.number(connection, "select facts_sequence from log_state");
        indexed = new SqlText(" from event_facts where sequence <= ?", Math.min(moved, latest)).add(criteria.ofFacts());
        newer = new SqlText(" from events where sequence > ? and sequence <= ?", moved, latest).add(criteria.factsOfEvents());
        columns = columns(identifiers);
    }

    /** Sequences alone. */
    SqlText sequences() {
        return new SqlText("select sequence").add(indexed).add(" union all select sequence").add(newer);
    }

    /** The first of these sequences in an order, and some more: each part has the order and its end, for neither database brings both there. */
    SqlText sequences(SqlText inOrder) {
        return new SqlText("select sequence from (select sequence").add(indexed).add(inOrder)
                .add(") as indexed union all select sequence from (select sequence").add(newer).add(inOrder).add(") as newer");
    }

    /** Rows with {@code sequence, authored_at}, from {@code from} on; another condition may follow. */
    SqlText authored() {
        return new SqlText(" from (select sequence, authored_at").add(indexed).add(" union all select sequence, authored_at").add(newer)
                .add(") as facts where 1 = 1");
    }

    /** Rows with {@code stream, role, authored_at}, part by part, each from {@code from} on; another condition may follow. */
    List<SqlText> parts() {
        return List.of(indexed, of(newer, columns));
    }

    /** The same of these rows of {@code events}. */
    static SqlText of(SqlText rows, Dialect.Identifiers identifiers) {
        return of(rows, columns(identifiers));
    }

    private static SqlText of(SqlText rows, String columns) {
        return new SqlText(" from (select " + columns).add(rows).add(") as facts where 1 = 1");
    }

    /** Whether they say all that this is about. */
    static boolean tell(Criterion criterion) {
        return criterion instanceof OfStream || criterion instanceof OfRole || isAuthored(criterion);
    }

    static boolean isAuthored(Criterion criterion) {
        return criterion instanceof AuthoredSince || criterion instanceof AuthoredUntil;
    }

    /** What stands in the table, of rows of {@code events}. */
    static String columns(Dialect.Identifiers identifiers) {
        return "sequence, " + stream(identifiers) + " as stream, role, authored_at";
    }

    /** See {@link org.bolide.api.EventHeader#stream}. */
    static String stream(Dialect.Identifiers identifiers) {
        String number = identifiers.position("identifier", "'#'");
        String question = identifiers.position("identifier", "'?'");
        String length = "(case when " + number + " = 0 or " + question + " between 1 and " + number + " then " + question + " else " + number + " end - 1)";
        return "case when " + length + " > 0 then substr(identifier, 1, " + length + ") else root end";
    }
}
