package org.bolide.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

import org.bolide.benchmarks.load.Subscriber.Kind;
import org.bolide.benchmarks.load.Subscriber.State;

/** Serves some of the subscribers: reads, checks, acknowledges, answers {@code iamalive}. */
final class CrowdThread implements Runnable, Closeable {

    private static final int CONNECTING_AT_ONCE = 32;
    private static final int SMALL_RECEIVE_BUFFER = 16 << 10;
    private static final long GREETING = Duration.ofSeconds(2).toNanos();
    private static final long CONNECT = Duration.ofSeconds(30).toNanos();
    private static final int LONGEST_KNOWN = 1 << 16;

    private final List<Subscriber> subscribers;
    private final CrowdPlan plan;
    private final Events events;
    private final Events.Comparison comparison;
    private final Ledger ledger;
    private final Sockets sockets;
    private final Expectation expectation;
    private final Selector selector;
    private final Frames frames = new Frames();
    private final Histogram latency = new Histogram();
    private final int[] markByLength = new int[LONGEST_KNOWN];
    private ByteBuffer answers = ByteBuffer.allocateDirect(1 << 18);
    private final Frames.Sink sink = this::message;
    private Subscriber current;
    private long count;
    private long newest;
    private int next;
    private int settled;
    private volatile long delivered;
    private volatile long lastDelivery;
    private volatile boolean complete;
    private volatile boolean stopped;

    CrowdThread(List<Subscriber> subscribers, CrowdPlan plan, Events events, Ledger ledger, Sockets sockets,
            Expectation expectation) throws IOException {
        this.subscribers = subscribers;
        this.plan = plan;
        this.events = events;
        this.comparison = events.comparison();
        this.ledger = ledger;
        this.sockets = sockets;
        this.expectation = expectation;
        selector = Selector.open();
    }

    @Override
    public void run() {
        try {
            Consumer<SelectionKey> ready = this::ready;
            while (!stopped) {
                if (!complete) {
                    connect();
                }
                selector.select(ready, complete ? 50 : 2);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether each of its subscribers stands or has failed; any thread. */
    boolean complete() {
        return complete;
    }

    /** Events that were delivered to good subscribers; any thread. */
    long delivered() {
        return delivered;
    }

    /** When the last one was; any thread. */
    long lastDelivery() {
        return lastDelivery;
    }

    /** When the thread has ended. */
    Histogram latency() {
        return latency;
    }

    void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        for (Subscriber subscriber : subscribers) {
            if (subscriber.channel != null) {
                subscriber.channel.close();
            }
        }
        selector.close();
    }

    private void connect() throws IOException {
        long now = System.nanoTime();
        settled = 0;
        for (int i = 0; i < next; i++) {
            Subscriber subscriber = subscribers.get(i);
            if (subscriber.state == State.GREETED_BY_NOBODY && now - subscriber.begun > GREETING) {
                current = subscriber;
                answers.clear();
                greet("ivo://benchmark.example/broker");
                subscriber.send(answers);
            } else if (subscriber.state == State.CONNECTING && now - subscriber.begun > CONNECT) {
                subscriber.close(State.FAILED);
            }
            if (subscriber.state.compareTo(State.LIVE) >= 0) {
                settled++;
            }
        }
        while (next < subscribers.size() && next - settled < CONNECTING_AT_ONCE) {
            begin(subscribers.get(next++), now);
        }
        complete = settled == subscribers.size();
    }

    private void begin(Subscriber subscriber, long now) throws IOException {
        subscriber.begun = now;
        subscriber.state = State.CONNECTING;
        try {
            subscriber.channel = sockets.begin(subscriber.kind == Kind.NEVER_READS ? SMALL_RECEIVE_BUFFER : 0);
            subscriber.key = subscriber.channel.register(selector, SelectionKey.OP_CONNECT, subscriber);
        } catch (IOException e) {
            subscriber.close(State.FAILED);
        }
    }

    private void ready(SelectionKey key) {
        current = (Subscriber) key.attachment();
        try {
            if (current.state == State.CONNECTING) {
                if (!current.channel.finishConnect()) {
                    return;
                }
                current.begun = System.nanoTime();
                current.state = State.GREETED_BY_NOBODY;
                key.interestOps(current.kind == Kind.NEVER_READS ? 0 : SelectionKey.OP_READ);
                if (current.kind == Kind.NEVER_READS) {
                    current.state = State.LIVE;
                }
                return;
            }
            if (key.isWritable()) {
                current.resume();
            }
            if (key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            drop();
        }
    }

    private void read() throws IOException {
        answers.clear();
        Frames.Read read = frames.read(current.channel, current.rest, sink);
        delivered = count;
        lastDelivery = newest;
        if (answers.position() > 0) {
            current.send(answers);
        }
        if (read != Frames.Read.SOME) {
            drop();
        }
    }

    private void drop() {
        try {
            current.close(current.state == State.CONNECTING ? State.FAILED : State.DROPPED);
        } catch (IOException e) {
            current.state = State.DROPPED;
        }
    }

    private boolean message(ByteBuffer bytes, int from, int end) {
        int length = end - from;
        int mark = length < markByLength.length && events.mark().standsAt(bytes, from + markByLength[length], end)
                ? from + markByLength[length]
                : events.mark().find(bytes, from, end);
        int number = mark < 0 ? -1 : Mark.numberAt(bytes, mark);
        if (number < 0 || number >= ledger.most()) {
            other(bytes, from, end);
            return true;
        }
        if (length < markByLength.length) {
            markByLength[length] = mark - from;
        }
        event(bytes, from, length, number);
        return true;
    }

    private void event(ByteBuffer bytes, int from, int length, int number) {
        long now = System.nanoTime();
        Subscriber subscriber = current;
        if (!comparison.same(bytes, from, length, number)) {
            subscriber.altered++;
        }
        if (subscriber.kind != Kind.NEVER_ACKS) {
            room(events.ackLength(number));
            events.writeAck(number, answers);
        }
        if (subscriber.received.get(number)) {
            subscriber.repeated++;
            return;
        }
        subscriber.received.set(number);
        long due = ledger.due(number);
        subscriber.order(ledger.connection(number), number);
        if (expectation.wants(subscriber.filter, number)) {
            subscriber.wanted.lazySet(subscriber.wanted.getPlain() + 1);
        } else {
            subscriber.beyondFilter++;
        }
        if (subscriber.good()) {
            latency.add(now - due);
            newest = now;
            count++;
        }
    }

    private void other(ByteBuffer bytes, int from, int end) {
        String text = Transport.text(bytes, from, end);
        switch (text.contains("Transport") ? Transport.role(bytes, from, end) : Transport.Role.OTHER) {
            case AUTHENTICATE -> greet(Transport.origin(text));
            case IAMALIVE -> {
                current.iamalives++;
                answer("iamalive", Transport.origin(text), "");
            }
            case NAK -> {
                current.naks++;
                ledger.reason("a subscriber got a nak: " + Transport.result(text));
            }
            default -> {
                // The broker's own test event, or somebody else's.
                current.strange++;
                if (current.kind != Kind.NEVER_ACKS) {
                    answer("ack", Transport.ivorn(text), "");
                }
            }
        }
    }

    /** Answers the broker's greeting, with the filter; only the first one. */
    private void greet(String origin) {
        if (current.state == State.GREETED_BY_NOBODY) {
            answer("authenticate", origin,
                    Transport.filters(current.filter < 0 ? List.of() : List.of(plan.filters().get(current.filter))));
            current.state = State.LIVE;
        }
    }

    private void answer(String role, String origin, String meta) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        byte[] frame = Transport.frame(Transport.message(role, origin, now, meta).getBytes(StandardCharsets.ISO_8859_1));
        room(frame.length);
        answers.put(frame);
    }

    private void room(int needed) {
        if (answers.remaining() < needed) {
            ByteBuffer more = ByteBuffer.allocateDirect(2 * answers.capacity() + needed);
            more.put(answers.flip());
            answers = more;
        }
    }
}
