package org.bolide.benchmarks.faults;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import org.bolide.benchmarks.faults.Ledger.Ack;
import org.bolide.testkit.SampleEvents;
import org.bolide.testkit.VtpPeer;

/**
 * Authors that do what authors are asked to do: each keeps its connection, has some events under way at a time, and submits again
 * what the connection's end left without a receipt, until there is one.
 */
final class Authors implements AutoCloseable {
    private static final long RECONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FINISH_MILLIS = 60_000;

    /** What an author has to submit; made afresh for each author, asked by its thread only. */
    interface Source {
        Event next(String author, int number);
    }

    /** An event and its identifier. */
    record Event(String ivoid, byte[] content) {}

    private static final class Submitted {
        private final Event event;
        private long sentAt;
        private int submissions;

        private Submitted(Event event) {
            this.event = event;
        }
    }

    private final Ledger ledger = new Ledger();
    private final int port;
    private final int window;
    private final double perSecond;
    private final Source source;
    private final List<Thread> threads;
    private volatile boolean finishing;
    private volatile boolean closed;

    /**
     * Makes them; {@link #start} sets them to work.
     *
     * @param window how many events of one author may be under way
     * @param perSecond how many events all of them submit together in a second, as long as the broker keeps up; 0 for as many as they can
     */
    Authors(String name, int port, int count, int window, double perSecond, Source source) {
        this.port = port;
        this.window = window;
        this.perSecond = perSecond / count;
        this.source = source;
        threads = IntStream.range(0, count).mapToObj(i -> new Thread(() -> work(name + i), "author-" + name + i)).toList();
    }

    /** With small events of our own. */
    Authors(String name, int port, int count, int window, double perSecond) {
        this(name, port, count, window, perSecond, Authors::sample);
    }

    static Event sample(String author, int number) {
        String ivoid = "ivo://test.author/" + author + "#" + number;
        return new Event(ivoid, SampleEvents.event(ivoid).description("A fault is survived. ".repeat(30)).bytes());
    }

    Authors start() {
        threads.forEach(Thread::start);
        return this;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Has them begin nothing new, and waits until all that they have begun is acknowledged. */
    Ledger finish() throws InterruptedException {
        finishing = true;
        for (Thread thread : threads) {
            thread.join(FINISH_MILLIS);
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " has had no receipt for " + FINISH_MILLIS + " ms");
            }
        }
        for (Throwable failure : ledger.failures()) {
            throw new AssertionError("an author failed", failure);
        }
        return ledger;
    }

    /** Whether one of them has ended although nobody had it finish. */
    boolean areAtWork() {
        return threads.stream().allMatch(Thread::isAlive);
    }

    /** Has them give up what has no receipt yet. */
    void abandon() {
        closed = true;
        finishing = true;
        threads.forEach(Thread::interrupt);
    }

    @Override
    public void close() {
        abandon();
    }

    private void work(String author) {
        Deque<Submitted> pending = new ArrayDeque<>();
        Pace pace = new Pace();
        try {
            int[] number = {0};
            while (!closed && !(finishing && pending.isEmpty())) {
                try (VtpPeer peer = VtpPeer.connect(port)) {
                    converse(peer, author, number, pending, pace);
                } catch (IOException noReceipt) {
                    // A connection that ends is temporary: what had no receipt is submitted again.
                    LockSupport.parkNanos(RECONNECT_NANOS);
                }
            }
        } catch (RuntimeException | Error e) {
            ledger.failed(e);
        }
    }

    private void converse(VtpPeer peer, String author, int[] number, Deque<Submitted> pending, Pace pace) throws IOException {
        int underway = 0;
        while (!closed) {
            while (!finishing && pending.size() < window && pace.isDue(pending.isEmpty())) {
                pending.addLast(new Submitted(source.next(author, ++number[0])));
            }
            if (pending.isEmpty()) {
                if (finishing) {
                    return;
                }
                continue;
            }
            for (Submitted each : unsent(pending, underway)) {
                each.sentAt = System.nanoTime();
                each.submissions++;
                peer.send(each.event.content());
                underway++;
            }
            settle(pending.peekFirst(), peer.readText());
            pending.removeFirst();
            underway--;
        }
    }

    private static List<Submitted> unsent(Deque<Submitted> pending, int underway) {
        List<Submitted> unsent = new ArrayList<>();
        Iterator<Submitted> all = pending.iterator();
        for (int i = 0; all.hasNext(); i++) {
            Submitted each = all.next();
            if (i >= underway) {
                unsent.add(each);
            }
        }
        return unsent;
    }

    private void settle(Submitted sent, String answer) {
        String ivoid = sent.event.ivoid();
        if (answer.contains("role=\"ack\"")) {
            if (!answer.contains(ivoid.replace("&", "&amp;"))) {
                throw new AssertionError("the ack for " + ivoid + " is of another event: " + answer);
            }
            ledger.acknowledged(new Ack(ivoid, sent.sentAt, System.nanoTime(), answer.contains("duplicate"), sent.submissions));
        } else {
            ledger.refused(ivoid, answer);
        }
    }

    /** When an author's next event is due: evenly, and what the broker held up is not made good. */
    private final class Pace {
        private final long periodNanos = perSecond > 0 ? (long) (1e9 / perSecond) : 0;
        private long due = System.nanoTime();

        /** @param wait whether to wait until it is */
        boolean isDue(boolean wait) {
            long ahead = due - System.nanoTime();
            if (ahead > 0 && !wait) {
                return false;
            }
            while (ahead > 0 && !finishing) {
                LockSupport.parkNanos(Math.min(ahead, RECONNECT_NANOS));
                ahead = due - System.nanoTime();
            }
            due = Math.max(due, System.nanoTime() - periodNanos) + periodNanos;
            return !finishing;
        }
    }
}
