package org.bolide.api;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import static java.util.Objects.requireNonNull;

/**
 * An event outside the log: one that a vocabulary is reading, a validator looks at, or a person tries a filter on. Its
 * {@link #sequence()} is 0. Immutable and safe for use by any number of threads.
 */
public final class DetachedEvent implements BrokerEvent {

    private final EventHeader header;
    private final ByteBuffer content;
    private final String source;
    private final Instant receivedAt;
    private final List<String> faults;
    private final Map<Class<?>, Object> derived = new ConcurrentHashMap<>(4);

    /**
     * @param reading what is known of the event
     * @param content one XML document; the caller must not change the bytes any more
     * @param source see {@link BrokerEvent#source()}
     * @param receivedAt see {@link BrokerEvent#receivedAt()}
     */
    public DetachedEvent(Reading reading, ByteBuffer content, String source, Instant receivedAt) {
        this.header = reading.header();
        this.faults = reading.faults();
        this.content = content.asReadOnlyBuffer();
        this.source = requireNonNull(source);
        this.receivedAt = requireNonNull(receivedAt);
    }

    @Override
    public long sequence() {
        return 0;
    }

    @Override
    public EventHeader header() {
        return header;
    }

    @Override
    public ByteBuffer content() {
        return content.duplicate();
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public Instant receivedAt() {
        return receivedAt;
    }

    @Override
    public List<String> faults() {
        return faults;
    }

    @Override
    public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
        Object known = derived.get(type);
        if (known == null) {
            // Not in computeIfAbsent: making it may derive another.
            T made = requireNonNull(make.apply(this));
            Object other = derived.putIfAbsent(type, made);
            known = other == null ? made : other;
        }
        return type.cast(known);
    }
}
