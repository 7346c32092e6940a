package org.bolide.eventstore;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import javax.xml.namespace.QName;

import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventSummary.Tally;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class FactsMoverTest extends SqliteLogTest {

    private static final int BULK = 100;

    private final CountDownLatch closed = new CountDownLatch(1);
    private FactsMover mover;

    @BeforeEach
    void open() {
        mover = mover();
    }

    @Test
    void shouldMoveFactsWhenThereAreEnough() throws IOException {
        append(1, BULK - 1);
        mover.run();
        assertEquals(0, number("select count(*) from event_facts"));
        assertTold(BULK - 1);

        append(BULK, 1200);
        mover.run();
        assertEquals(1200, number("select count(*) from event_facts"));
        assertEquals(1200, number("select facts_sequence from log_state"));
        assertTold(1200);

        append(1201, 1250);
        mover.run();
        assertEquals(1200, number("select count(*) from event_facts"));
        assertTold(1250);
    }

    @Test
    void shouldGoOnWhereAMoveWasCutShort() throws IOException {
        append(1, 1000);
        closed.countDown();
        mover.run();
        assertEquals(512, number("select count(*) from event_facts"));
        assertTold(1000);
        append(1001, 1100);

        mover().run();
        assertEquals(1024, number("select facts_sequence from log_state"));
        mover().run();
        assertEquals(1024, number("select count(*) from event_facts"));
        assertTold(1100);
    }

    @Test
    void shouldMoveNothingTwiceWhenACommitWasNotLearnedOf() throws IOException {
        append(1, 200);
        FactsMover other = mover();
        append(201, 250);
        mover.run();
        assertEquals(250, number("select count(*) from event_facts"));
        append(251, 400);

        other.run();

        assertEquals(400, number("select count(*) from event_facts"));
        append(401, 550);
        mover.run();
        assertEquals(550, number("select count(*) from event_facts"));
        assertTold(550);
    }

    @Test
    void shouldForgetWhatExpires() throws IOException {
        append(1, 200);
        mover.run();
        append(201, 210);
        writer.write(session -> session.deleteEvents("select sequence from events where sequence <= 50 or sequence > 205"));
        assertEquals(150, number("select count(*) from event_facts"));
        assertEquals(List.of(new Tally("plain", "", 78), new Tally("s", "test", 77)), tallies());
    }

    @Test
    void shouldTellWhatIsInTheTableByTheTableAlone() throws IOException {
        append(1, 200);
        mover.run();
        writer.write(session -> {
            LongWork.execute(session.connection(), "delete from event_facts where sequence > 10");
            return session;
        });
        assertTold(10);
    }

    private FactsMover mover() {
        return new FactsMover(writer, reader, dialect.identifiers(), closed, BULK);
    }

    private void assertTold(int last) throws IOException {
        assertEquals(List.of(new Tally("plain", "", (last + 1) / 2), new Tally("s", "test", last / 2)), tallies());
    }

    private List<Tally> tallies() throws IOException {
        return reader.query(connection -> new EventTallies(connection, dialect, EventQuery.all(), writer.latest()).byStreamAndRole());
    }

    /** Every other one has an identifier and a role. */
    private void append(int first, int last) throws IOException {
        append(first, last, i -> i % 2 > 0 ? EventHeader.of(new QName("plain"))
                : new EventHeader(new QName("root"), Optional.of("s#" + i), Optional.of("test"), Optional.empty(), Optional.empty(),
                        Optional.empty(), Optional.empty(), List.of()));
    }
}
