package org.bolide.eventstore;

import java.sql.Connection;
import java.sql.SQLException;

import org.bolide.api.EventQuery.AuthoredSince;
import org.bolide.api.EventQuery.AuthoredUntil;
import org.bolide.api.EventQuery.Criterion;
import org.bolide.api.EventQuery.OfRole;
import org.bolide.api.EventQuery.OfStream;

/** The table {@code event_facts}, a tenth of {@code events}, and what it does not have yet. */
final class EventFacts {

    private EventFacts() {
    }

    /** Whether they say all that this is about. */
    static boolean tell(Criterion criterion) {
        return criterion instanceof OfStream || criterion instanceof OfRole || isAuthored(criterion);
    }

    static boolean isAuthored(Criterion criterion) {
        return criterion instanceof AuthoredSince || criterion instanceof AuthoredUntil;
    }

    /** Rows with {@code sequence, stream, role, authored_at}, from {@code from} on; another condition may follow. */
    static SqlText rows(Connection connection, Dialect.Identifiers identifiers, long latest) throws SQLException {
        long moved = LongWork.number(connection, "select facts_sequence from log_state");
        return new SqlText(" from (select sequence, stream, role, authored_at from event_facts where sequence <= ? union all select "
                + columns(identifiers) + " from events where sequence > ? and sequence <= ?) as facts where 1 = 1", Math.min(moved, latest), moved, latest);
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
