package org.bolide.broker;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.bolide.api.BrokerEvent;
import org.bolide.api.EventHeader;
import org.bolide.api.store.NewEvent;
import org.bolide.api.store.StoredEvent;

import static java.util.Objects.requireNonNull;

/** An event in memory. */
final class LogEvent implements BrokerEvent {

    private static final int COST = 2048;
    private static final long COST_FACTOR = 5;

    private final StoredEvent stored;
    private final Map<Class<?>, Slot> slots = new ConcurrentHashMap<>(4);

    LogEvent(StoredEvent stored) {
        this.stored = stored;
    }

    static LogEvent of(long sequence, NewEvent event) {
        return new LogEvent(new StoredEvent(
                sequence, event.header(), event.content(), event.source(), event.receivedAt(), event.faults(), event.quiet()));
    }

    boolean quiet() {
        return stored.quiet();
    }

    int size() {
        return stored.content().remaining();
    }

    /** The memory that it may take, with what others derive from it: a frame as long as itself, and a tree of thrice that. */
    long cost() {
        return COST + COST_FACTOR * size();
    }

    @Override
    public long sequence() {
        return stored.sequence();
    }

    @Override
    public EventHeader header() {
        return stored.header();
    }

    @Override
    public ByteBuffer content() {
        return stored.content().duplicate();
    }

    @Override
    public String source() {
        return stored.source();
    }

    @Override
    public Instant receivedAt() {
        return stored.receivedAt();
    }

    @Override
    public List<String> faults() {
        return stored.faults();
    }

    @Override
    public <T> T derived(Class<T> type, Function<BrokerEvent, T> make) {
        return type.cast(slots.computeIfAbsent(type, t -> new Slot()).value(this, make));
    }

    /** One derived thing. It has a lock of its own, so that making it may derive another. */
    private static final class Slot {

        private volatile Object value;

        Object value(LogEvent event, Function<BrokerEvent, ?> make) {
            Object made = value;
            if (made == null) {
                synchronized (this) {
                    made = value;
                    if (made == null) {
                        made = requireNonNull(make.apply(event));
                        value = made;
                    }
                }
            }
            return made;
        }
    }
}
