package org.bolide.filtering;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;

import static java.util.Objects.requireNonNull;

/**
 * An event of the log while a filter is tried on it, by one thread: what is derived from it, tree and verdicts, goes when
 * the trial does, instead of staying with an event that is held in memory for others.
 */
final class TriedEvent implements BrokerEvent {

    private final BrokerEvent event;
    private final Map<Class<?>, Object> derived = new HashMap<>(4);

    TriedEvent(BrokerEvent event) {
        this.event = event;
    }

    @Override
    public long sequence() {
        return event.sequence();
    }

    @Override
    public EventHeader header() {
        return event.header();
    }

    @Override
    public ByteBuffer content() {
        return event.content();
    }

    @Override
    public String source() {
        return event.source();
    }

    @Override
    public Instant receivedAt() {
        return event.receivedAt();
    }

    @Override
    public List<String> faults() {
        return event.faults();
    }

    @Override
    public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
        Object known = derived.get(type);
        if (known == null) {
            // Not by computeIfAbsent: making it may derive another.
            known = requireNonNull(make.apply(this));
            derived.put(type, known);
        }
        return type.cast(known);
    }
}
