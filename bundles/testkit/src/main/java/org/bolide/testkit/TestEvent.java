package org.bolide.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;

/** An event for tests, made of a sequence, a header and bytes; it needs no broker. */
public final class TestEvent implements BrokerEvent {

    private static final QName VOEVENT = new QName("http://www.ivoa.net/xml/VOEvent/v2.0", "VOEvent");

    private final long sequence;
    private final EventHeader header;
    private final byte[] content;
    private final Instant receivedAt = Instant.now();
    private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>();

    private TestEvent(long sequence, EventHeader header, byte[] content) {
        this.sequence = sequence;
        this.header = header;
        this.content = content;
    }

    /** An event with any header and bytes; the two need not fit each other. */
    public static TestEvent of(long sequence, EventHeader header, byte[] content) {
        return new TestEvent(sequence, header, content.clone());
    }

    /**
     * A VOEvent with the header that its text tells, as a broker would hand it to a handler.
     *
     * @throws IllegalArgumentException if it is no well-formed XML
     */
    public static TestEvent read(long sequence, byte[] voevent) {
        return of(sequence, VoeventReader.header(voevent), voevent);
    }

    /** An event whose header tells the identifier and the role {@code test}; the text is encoded in UTF-8. */
    public static TestEvent of(long sequence, String identifier, String text) {
        return of(sequence, header(Optional.of(identifier)), text.getBytes(StandardCharsets.UTF_8));
    }

    /** A header that tells the identifier, if any, and the role {@code test}. */
    public static EventHeader header(Optional<String> identifier) {
        return new EventHeader(VOEVENT, identifier, Optional.of("test"), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), List.of());
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public EventHeader header() {
        return header;
    }

    @Override
    public ByteBuffer content() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    @Override
    public String source() {
        return "testkit";
    }

    @Override
    public Instant receivedAt() {
        return receivedAt;
    }

    @Override
    public List<String> faults() {
        return List.of();
    }

    @Override
    public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
        return type.cast(derived.computeIfAbsent(type, key -> make.apply(this)));
    }

    @Override
    public String toString() {
        return "TestEvent " + sequence + " " + header.identifier().orElse("without identifier");
    }
}
