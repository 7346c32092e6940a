package org.bolide.eventstore;

import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

import javax.xml.namespace.QName;

import org.bolide.api.Citation;
import org.bolide.api.EventHeader;
import org.bolide.api.EventSummary;
import org.bolide.api.SkyPosition;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;

/** An event as a row of the table {@code events}. */
final class EventRow {

    private static final String SUMMARY = "sequence, root, identifier, role, author, authored_at, observed_at, longitude, "
            + "latitude, error_radius, frame, source, received_at, faults, bytes";
    private static final String COLUMNS = SUMMARY + ", content, quiet, dictionary";

    /** Parameters as {@link #bind} sets them. */
    static final String INSERT = "insert into events (" + COLUMNS + ", sky_cell, expires_at) values ("
            + "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    /** For {@link #read}; to be completed with a condition. */
    static final String SELECT = "select " + COLUMNS + " from events ";

    /** For {@link #summary}; to be completed with a condition. */
    static final String SELECT_SUMMARY = "select " + SUMMARY + " from events ";

    /** The column of the length in {@link #SELECT}. */
    static final int BYTES = 15;

    private EventRow() {
    }

    /** Sets the parameters of {@link #INSERT}. */
    static void bind(PreparedStatement insert, long sequence, NewEvent event, String receivedAt, Bodies.Stored body)
            throws SQLException {
        EventHeader header = event.header();
        Optional<SkyPosition> position = header.position();
        OptionalInt cell = position.map(SkyCell::of).orElse(OptionalInt.empty());
        insert.setLong(1, sequence);
        insert.setString(2, text(name(header.root())));
        insert.setString(3, text(header.identifier().orElse(null)));
        insert.setString(4, text(header.role().orElse(null)));
        insert.setString(5, text(header.author().orElse(null)));
        insert.setString(6, header.authoredAt().map(Times::exact).orElse(null));
        insert.setString(7, header.observedAt().map(Times::exact).orElse(null));
        number(insert, 8, position.map(SkyPosition::longitude));
        number(insert, 9, position.map(SkyPosition::latitude));
        number(insert, 10, position.map(SkyPosition::errorRadius)
                .flatMap(error -> error.isPresent() ? Optional.of(error.getAsDouble()) : Optional.empty()));
        insert.setString(11, text(position.map(SkyPosition::frame).orElse(null)));
        insert.setString(12, text(event.source()));
        insert.setString(13, receivedAt);
        insert.setString(14, text(lines(event.faults())));
        insert.setInt(15, event.content().remaining());
        insert.setBytes(16, body.bytes());
        insert.setInt(17, event.quiet() ? 1 : 0);
        insert.setObject(18, body.dictionary(), Types.INTEGER);
        insert.setObject(19, cell.isPresent() ? cell.getAsInt() : null, Types.INTEGER);
        insert.setString(20, event.expiresAt().map(Times::sortable).orElse(null));
    }

    /** The event in the current row of {@link #SELECT}, without its citations, which are in a table of their own. */
    static StoredEvent read(ResultSet row, Bodies.Unpacker bodies) throws SQLException {
        int length = row.getInt(BYTES);
        byte[] stored = row.getBytes(16);
        boolean quiet = row.getInt(17) != 0;
        int dictionary = row.getInt(18);
        byte[] body = bodies.unpack(stored, row.wasNull() ? null : dictionary, length);
        return new StoredEvent(row.getLong(1), header(row), ByteBuffer.wrap(body), row.getString(12),
                Times.parse(row.getString(13)), lines(row.getString(14)), quiet);
    }

    /** The event in the current row of {@link #SELECT_SUMMARY}, without its citations and how often it is cited. */
    static EventSummary summary(ResultSet row) throws SQLException {
        return new EventSummary(row.getLong(1), header(row), row.getString(12), Times.parse(row.getString(13)), row.getInt(BYTES), 0);
    }

    private static EventHeader header(ResultSet row) throws SQLException {
        Optional<SkyPosition> position = Optional.empty();
        String frame = row.getString(11);
        if (frame != null) {
            double longitude = number(row, 8).orElse(Double.NaN);
            double latitude = number(row, 9).orElse(Double.NaN);
            position = Optional.of(new SkyPosition(longitude, latitude, number(row, 10), frame));
        }
        return new EventHeader(
                name(row.getString(2)),
                Optional.ofNullable(row.getString(3)),
                Optional.ofNullable(row.getString(4)),
                Optional.ofNullable(row.getString(5)),
                Optional.ofNullable(row.getString(6)).map(Times::parse),
                Optional.ofNullable(row.getString(7)).map(Times::parse),
                position,
                List.of());
    }

    static StoredEvent withCitations(StoredEvent event, List<Citation> citations) {
        return new StoredEvent(event.sequence(), withCitations(event.header(), citations), event.content(), event.source(),
                event.receivedAt(), event.faults(), event.quiet());
    }

    static EventHeader withCitations(EventHeader h, List<Citation> citations) {
        return new EventHeader(h.root(), h.identifier(), h.role(), h.author(), h.authoredAt(), h.observedAt(), h.position(), citations);
    }

    /** The text without what PostgreSQL cannot keep: one such text must not fail a whole transaction for ever. */
    static String text(String text) {
        return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static void number(PreparedStatement insert, int index, Optional<Double> value) throws SQLException {
        insert.setObject(index, value.orElse(null), Types.DOUBLE);
    }

    private static OptionalDouble number(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static String name(QName root) {
        return root.toString();
    }

    /** Unlike {@link QName#valueOf}, takes a namespace with a closing brace. */
    private static QName name(String root) {
        int end = root.lastIndexOf('}');
        return end < 0 ? new QName(root) : new QName(root.substring(1, end), root.substring(end + 1));
    }

    private static String lines(List<String> list) {
        return list.isEmpty() ? null : list.stream()
                .map(line -> line.replace("\\", "\\\\").replace("\n", "\\n"))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> lines(String text) {
        return text == null ? List.of() : Arrays.stream(text.split("\n", -1)).map(EventRow::unescape).toList();
    }

    private static String unescape(String line) {
        if (line.indexOf('\\') < 0) {
            return line;
        }
        StringBuilder result = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                c = line.charAt(++i) == 'n' ? '\n' : '\\';
            }
            result.append(c);
        }
        return result.toString();
    }
}
