package org.bolide.eventstore;

import java.io.IOException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;

import javax.xml.namespace.QName;

import org.bolide.api.EventHeader;
import org.bolide.api.EventQuery;
import org.bolide.api.EventQuery.Cone;
import org.bolide.api.EventSummary.Order;
import org.bolide.api.SkyPosition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SkyMoverTest extends SqliteLogTest {

    private static final int BULK = 100;

    private final CountDownLatch closed = new CountDownLatch(1);
    private SkyMover mover;

    @BeforeEach
    void open() {
        mover = new SkyMover(writer, reader, closed, BULK);
    }

    @Test
    void shouldMovePositionsWhenThereAreEnough() throws IOException {
        append(1, BULK - 1);
        mover.run();
        assertEquals(0, number("select count(*) from sky_index"));
        assertFound(BULK - 1);

        append(BULK, 1000);
        mover.run();

        // every tenth event has no position
        assertEquals(900, number("select count(*) from sky_index"));
        assertEquals(1000, number("select sky_sequence from log_state"));
        assertFound(1000);
        append(1001, 1050);
        mover.run();
        assertEquals(1000, number("select sky_sequence from log_state"));
        assertFound(1050);
    }

    @Test
    void shouldBeginAgainWhereAMoveWasCutShort() throws IOException {
        append(1, 1000);
        closed.countDown();
        mover.run();
        assertEquals(256, number("select count(*) from sky_index"));
        assertEquals(0, number("select sky_sequence from log_state"));
        assertFound(1000);

        append(1001, 1100);
        new SkyMover(writer, reader, new CountDownLatch(1), BULK).run();

        assertEquals(990, number("select count(*) from sky_index"));
        assertEquals(1100, number("select sky_sequence from log_state"));
        assertFound(1100);
    }

    @Test
    void shouldTakeExpiredEventsOutOfTheIndex() throws IOException {
        append(1, 300);
        mover.run();
        writer.write(session -> session.deleteEvents("select sequence from events where sequence <= 200"));
        assertEquals(270, number("select count(*) from sky_index"));
        assertEquals(90, found());

        append(301, 400);
        mover.run();

        assertEquals(0, number("select count(*) from sky_index where sequence <= 200"));
        assertEquals(180, number("select count(*) from sky_index"));
        writer.write(session -> session.deleteEvents("select sequence from events"));
        append(401, 500);
        new SkyMover(writer, reader, closed, BULK).run();
        assertEquals(90, number("select count(*) from sky_index"));
    }

    @Test
    void shouldFindWhatIsInTheIndexByTheIndexAlone() throws IOException {
        append(1, 200);
        mover.run();
        writer.write(session -> {
            try (Statement statement = session.connection().createStatement()) {
                return statement.executeUpdate("delete from sky_index where sequence = 7");
            }
        });
        assertEquals(179, found());
    }

    private void assertFound(int last) throws IOException {
        assertEquals(last - last / 10, found());
        assertEquals(last % 10 == 0 ? last - 1 : last, newest());
    }

    private long found() throws IOException {
        return reader.query(connection -> new EventSearch(connection, dialect, whole(), writer.latest(), false).count());
    }

    private long newest() throws IOException {
        return reader.query(connection -> new EventSearch(connection, dialect, whole(), writer.latest(), true).page(Order.SEQUENCE, true, 0, 1))[0];
    }

    private static EventQuery whole() {
        return EventQuery.all().within(new Cone(0, 0, 180));
    }

    private void append(int first, int last) throws IOException {
        append(first, last, i -> new EventHeader(new QName("e"), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), i % 10 == 0 ? Optional.empty() : Optional.of(position(i)), List.of()));
    }

    private static SkyPosition position(int i) {
        return new SkyPosition(i * 7 % 360, i % 13 == 0 ? 95 : i % 90, OptionalDouble.empty(), "UTC-GAL-GEO");
    }
}
