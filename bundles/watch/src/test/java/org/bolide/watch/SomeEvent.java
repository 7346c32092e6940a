package org.bolide.watch;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import javax.xml.namespace.QName;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;

/** An event of the log that came when a test says. */
record SomeEvent(long sequence, String identifier, Instant receivedAt) implements BrokerEvent {

    @Override
    public EventHeader header() {
        return new EventHeader(new QName("VOEvent"), Optional.of(identifier), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), List.of());
    }

    @Override
    public ByteBuffer content() {
        return ByteBuffer.allocate(0);
    }

    @Override
    public String source() {
        return "test";
    }

    @Override
    public List<String> faults() {
        return List.of();
    }

    @Override
    public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
        return make.apply(this);
    }
}
