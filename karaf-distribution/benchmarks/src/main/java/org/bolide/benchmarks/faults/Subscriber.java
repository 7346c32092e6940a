package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.bolide.testkit.VtpPeer;

import static org.awaitility.Awaitility.await;

/** A subscriber that writes down what it gets, acknowledges it, and connects again whenever it is cut off. */
final class Subscriber implements AutoCloseable {
    private static final Pattern IVORN = Pattern.compile("ivorn\\s*=\\s*[\"']([^\"']*)[\"']");
    private static final long RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** A place is kept once a second, and written with the next commit; on a busy machine that takes its time. */
    private static final long EXCUSED_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** An event that came, and when, by {@link System#nanoTime}. */
    record Delivery(int session, String ivoid, long at) {}

    private final int port;
    private final Optional<String> remembered;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final List<Long> begunAt = new CopyOnWriteArrayList<>();
    private final List<Long> endedAt = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile int sessions;
    private volatile boolean connected;
    private volatile boolean closed;
    private volatile VtpPeer peer;

    /** @param remembered the name under which the broker is to keep its place */
    Subscriber(int port, Optional<String> remembered) {
        this.port = port;
        this.remembered = remembered;
        thread = new Thread(this::work, "subscriber-" + remembered.orElse("live"));
        thread.start();
        awaitConnected();
    }

    /** One that nobody remembers: it gets what comes while it is connected. */
    Subscriber(int port) {
        this(port, Optional.empty());
    }

    void awaitConnected() {
        await("the subscriber is connected").atMost(BrokerProcess.PATIENCE).until(() -> connected);
    }

    int sessions() {
        return sessions;
    }

    synchronized List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    synchronized int count() {
        return deliveries.size();
    }

    synchronized Set<String> received() {
        Set<String> all = new TreeSet<>();
        deliveries.forEach(each -> all.add(each.ivoid()));
        return all;
    }

    /** Waits for all of these. */
    void awaitAll(Set<String> ivoids) {
        await("all " + ivoids.size() + " events at the subscriber").atMost(BrokerProcess.CATCH_UP)
                .until(() -> count() >= ivoids.size() && received().containsAll(ivoids));
    }

    /** From the author's submission to here, for what was submitted between two moments and acknowledged at once. */
    Times latencies(Ledger ledger, long fromNanos, long toNanos) {
        List<Long> nanos = new ArrayList<>();
        for (Delivery each : deliveries()) {
            Ledger.Ack ack = ledger.ack(each.ivoid());
            if (ack != null && ack.submissions() == 1 && ack.sentAt() >= fromNanos && ack.sentAt() <= toNanos) {
                nanos.add(each.at() - ack.sentAt());
            }
        }
        return Times.of(nanos);
    }

    /**
     * Copies beyond the first that nothing excuses. To one that nobody remembers nothing comes twice. To one that is remembered, events of the last seconds
     * before it was cut off may come again, because what it acknowledged was not written down yet; and those that it was sent between the broker's greeting and
     * its own name, because its place is before them.
     */
    List<String> copies() {
        Map<String, Delivery> former = new HashMap<>();
        List<String> copies = new ArrayList<>();
        for (Delivery each : deliveries()) {
            Delivery before = former.put(each.ivoid(), each);
            if (before != null && (remembered.isEmpty() || !isExcused(before))) {
                copies.add(each + " after " + before);
            }
        }
        return copies;
    }

    private boolean isExcused(Delivery before) {
        int session = before.session() - 1;
        return before.at() < begunAt.get(session) + EXCUSED_NANOS || session < endedAt.size() && before.at() > endedAt.get(session) - EXCUSED_NANOS;
    }

    /** How many deliveries were of events that had come before. */
    int redelivered() {
        List<Delivery> all = deliveries();
        return all.size() - new HashSet<>(all.stream().map(Delivery::ivoid).toList()).size();
    }

    private void work() {
        while (!closed) {
            try (VtpPeer made = VtpPeer.subscribe(port)) {
                peer = made;
                if (remembered.isPresent()) {
                    made.send(VtpPeer.transport("authenticate", BrokerProcess.IVOID,
                            "<Meta><Param name=\"subscriber\" value=\"" + remembered.get() + "\"/></Meta>"));
                }
                begunAt.add(System.nanoTime());
                sessions++;
                connected = true;
                take(made);
            } catch (IOException lost) {
                if (connected) {
                    connected = false;
                    endedAt.add(System.nanoTime());
                }
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private void take(VtpPeer from) throws IOException {
        while (!closed) {
            try {
                String event = new String(from.takeEvent(), StandardCharsets.UTF_8);
                long now = System.nanoTime();
                Matcher ivorn = IVORN.matcher(event);
                synchronized (this) {
                    deliveries.add(new Delivery(sessions, ivorn.find() ? ivorn.group(1) : "", now));
                }
            } catch (SocketTimeoutException quiet) {
                connected = true; // nothing has come for a while, and nothing need have
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            peer.close();
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (IOException e) {
            throw new AssertionError("the subscriber's connection cannot be closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
