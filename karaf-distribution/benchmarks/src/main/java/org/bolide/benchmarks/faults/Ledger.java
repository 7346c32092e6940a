package org.bolide.benchmarks.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import static org.awaitility.Awaitility.await;

/** What authors know: what was acknowledged, what they had to submit again, what was refused. */
final class Ledger {

    /**
     * An acknowledged event.
     *
     * @param sentAt when it was last submitted, by {@link System#nanoTime}
     * @param duplicate whether the broker had it already
     * @param submissions how often it was submitted
     */
    record Ack(String ivoid, long sentAt, long ackedAt, boolean duplicate, int submissions) {}

    private final Map<String, Ack> acks = new ConcurrentHashMap<>();
    private final Collection<String> refusals = new ConcurrentLinkedQueue<>();
    private final Collection<Throwable> failures = new ConcurrentLinkedQueue<>();

    void acknowledged(Ack ack) {
        acks.put(ack.ivoid(), ack);
    }

    void refused(String ivoid, String answer) {
        refusals.add(ivoid + ": " + answer);
    }

    void failed(Throwable failure) {
        failures.add(failure);
    }

    int count() {
        return acks.size();
    }

    Set<String> acknowledged() {
        return new TreeSet<>(acks.keySet());
    }

    Collection<Ack> acks() {
        return List.copyOf(acks.values());
    }

    Ack ack(String ivoid) {
        return acks.get(ivoid);
    }

    List<String> refusals() {
        return List.copyOf(refusals);
    }

    List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /** Those that were submitted more than once because the connection ended without a receipt. */
    List<Ack> repeated() {
        return acks.values().stream().filter(ack -> ack.submissions() > 1).toList();
    }

    /** Those that were submitted after one moment and acknowledged before another. */
    List<Ack> within(long fromNanos, long toNanos) {
        return acks.values().stream().filter(ack -> ack.sentAt() >= fromNanos && ack.ackedAt() <= toNanos).toList();
    }

    /** From submission to acknowledgement. */
    Times times(long fromNanos, long toNanos) {
        return Times.of(within(fromNanos, toNanos).stream().map(ack -> ack.ackedAt() - ack.sentAt()).toList());
    }

    /** The longest time in which nothing was acknowledged. */
    Duration longestGap() {
        List<Long> moments = new ArrayList<>(acks.values().stream().map(Ack::ackedAt).sorted().toList());
        long longest = 0;
        for (int i = 1; i < moments.size(); i++) {
            longest = Math.max(longest, moments.get(i) - moments.get(i - 1));
        }
        return Duration.ofNanos(longest);
    }

    /** Waits until so many more are acknowledged. */
    void awaitMore(int more) {
        int enough = count() + more;
        await(more + " further acknowledged events").atMost(BrokerProcess.PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> count() >= enough);
    }
}
