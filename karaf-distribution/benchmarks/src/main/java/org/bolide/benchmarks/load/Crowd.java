package org.bolide.benchmarks.load;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.bolide.benchmarks.load.Subscriber.Kind;
import org.bolide.benchmarks.load.Subscriber.State;

/** All subscribers of a run. */
final class Crowd implements Closeable {

    private static final int PER_SOURCE = 5_000;
    private static final long LOOK_MILLIS = 5;
    private static final int REPEATS_WITHIN = 32;
    private static final Duration CONNECT = Duration.ofSeconds(120);

    private final CrowdPlan plan;
    private final Expectation expectation;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<CrowdThread> threads = new ArrayList<>();
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool(task -> new Thread(task, "load-subscribers"));

    /** @param ordered how many author connections send in an order that subscribers must see; 0 for none */
    Crowd(CrowdPlan plan, Events events, Ledger ledger, String host, int port, Expectation expectation, int ordered)
            throws IOException {
        this.plan = plan;
        this.expectation = expectation;
        for (int id = 0; id < plan.subscribers(); id++) {
            int fromEnd = plan.subscribers() - 1 - id;
            Kind kind = fromEnd < plan.neverRead() ? Kind.NEVER_READS
                    : fromEnd < plan.neverRead() + plan.neverAck() ? Kind.NEVER_ACKS : Kind.GOOD;
            int filter = plan.filters().isEmpty() ? -1 : id % plan.filters().size();
            subscribers.add(new Subscriber(id, kind, filter, ordered));
        }
        int count = Math.min(plan.threads(), plan.subscribers());
        for (int t = 0; t < count; t++) {
            int share = t;
            threads.add(new CrowdThread(subscribers.stream().filter(s -> s.id % count == share).toList(), plan, events,
                    ledger, new Sockets(host, port, 1 + plan.subscribers() / PER_SOURCE), expectation));
        }
    }

    /** Connects all, and waits until their filters are in force. */
    void connect() throws IOException, InterruptedException {
        threads.forEach(thread -> running.add(executor.submit(thread)));
        long begun = System.nanoTime();
        while (!threads.stream().allMatch(CrowdThread::complete)) {
            alive();
            if (System.nanoTime() - begun > CONNECT.toNanos()) {
                throw new IOException("the subscribers were not connected within " + CONNECT);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        TimeUnit.NANOSECONDS.sleep(plan.settle().toNanos());
    }

    /**
     * Waits until each has what it should get, and a little longer for what it should not.
     *
     * @param silence after which nothing more is expected; a part of it when all have come
     * @param atLast called when the last delivery has come
     * @return whether all have; false when nothing more came for the given time
     */
    boolean drain(Ledger ledger, Duration silence, Runnable atLast) throws IOException, InterruptedException {
        int[] wanted = new int[Math.max(1, plan.filters().size())];
        for (int f = 0; f < wanted.length; f++) {
            wanted[f] = expectation.count(plan.filters().isEmpty() ? -1 : f, ledger, ledger.most());
        }
        long before = -1;
        long changed = System.nanoTime();
        boolean whole = false;
        while (true) {
            alive();
            long now = System.nanoTime();
            long delivered = delivered();
            if (delivered != before) {
                before = delivered;
                changed = now;
            }
            boolean all = subscribers.stream()
                    .allMatch(s -> !s.good() || s.state != State.LIVE || s.wanted.get() >= wanted[Math.max(0, s.filter)]);
            if (all && !whole) {
                whole = true;
                changed = now;
                atLast.run();
            }
            if (whole && now - changed > silence.toNanos() / REPEATS_WITHIN || now - changed > silence.toNanos()) {
                return whole;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** How many stand. */
    int live() {
        return (int) subscribers.stream().filter(subscriber -> subscriber.state == State.LIVE).count();
    }

    long delivered() {
        return threads.stream().mapToLong(CrowdThread::delivered).sum();
    }

    /** Ends the threads; then what they counted may be read. */
    void stop() throws InterruptedException, IOException {
        threads.forEach(CrowdThread::stop);
        for (Future<?> thread : running) {
            result(thread, 30);
        }
    }

    /** After {@link #stop}: when the last event came. */
    long lastDelivery() {
        return threads.stream().mapToLong(CrowdThread::lastDelivery).filter(t -> t != 0).max().orElse(0);
    }

    Histogram latency() {
        Histogram all = new Histogram();
        threads.forEach(thread -> all.add(thread.latency()));
        return all;
    }

    /** After {@link #stop}: adds what subscribers met that they should not have, and what people should know. */
    void count(Ledger ledger, Map<String, Integer> faults, Map<String, Integer> notes) {
        int lost = 0;
        int unacked = 0;
        int[] sums = new int[6];
        int dropped = 0;
        int failed = 0;
        int cut = 0;
        for (Subscriber subscriber : subscribers) {
            boolean gone = subscriber.state == State.DROPPED;
            if (!subscriber.good()) {
                cut += gone ? 1 : 0;
                continue;
            }
            dropped += gone ? 1 : 0;
            failed += subscriber.state == State.FAILED ? 1 : 0;
            for (int number = 0; number < ledger.most(); number++) {
                boolean got = subscriber.received.get(number);
                if (ledger.acked(number)) {
                    lost += !got && expectation.wants(subscriber.filter, number) ? 1 : 0;
                } else {
                    unacked += got ? 1 : 0;
                }
            }
            sums[0] += subscriber.repeated;
            sums[1] += subscriber.altered;
            sums[2] += subscriber.beyondFilter;
            sums[3] += subscriber.outOfOrder;
            sums[4] += subscriber.strange;
            sums[5] += subscriber.iamalives;
        }
        Outcome.put(faults, "lost", lost);
        Outcome.put(faults, "repeated", sums[0]);
        Outcome.put(faults, "altered", sums[1]);
        Outcome.put(faults, "beyond-filter", sums[2]);
        Outcome.put(faults, "out-of-order", sums[3]);
        Outcome.put(faults, "dropped-subscribers", dropped);
        Outcome.put(faults, "subscribers-not-connected", failed);
        Outcome.put(notes, "delivered without an ack to the author", unacked);
        Outcome.put(notes, "events that are not ours", sums[4]);
        Outcome.put(notes, "iamalives", sums[5]);
        Outcome.put(notes, "misbehaving subscribers cut", cut);
    }

    private void alive() throws IOException, InterruptedException {
        for (Future<?> thread : running) {
            if (thread.isDone()) {
                result(thread, 0);
                throw new IOException("a thread of subscribers has ended");
            }
        }
    }

    static void result(Future<?> thread, long seconds) throws IOException, InterruptedException {
        try {
            thread.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the load generator failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("a thread of the load generator does not end", e);
        }
    }

    @Override
    public void close() throws IOException {
        threads.forEach(CrowdThread::stop);
        executor.shutdown();
        for (CrowdThread thread : threads) {
            thread.close();
        }
    }
}
